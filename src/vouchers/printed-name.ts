import { kanaOfRoman, plainLatin, romanOfHangul } from './roman.ts';
import { standIn } from './variants.ts';

/** What a terminal prints: full-width characters of JIS X 0208 and no others. */
export interface PrintedName {
  /** At most 10 characters each; `name2` may be empty. */
  name1: string;
  name2: string;
}

const NAME_CHARACTERS = 10;
const CONTENT_CHARACTERS = 12;
const KANA_CHARACTERS = 15;

/** Any name, as it will be printed: never an error. What has no stand-in is a geta mark, as printers have it. */
export function printedName(name: string): PrintedName {
  const [first = GETA, ...rest] = words(name);
  const whole = [first, ...rest].join('');
  if (rest.length > 0 && first.length <= NAME_CHARACTERS) {
    return { name1: first, name2: rest.join('').slice(0, NAME_CHARACTERS) };
  }
  return { name1: whole.slice(0, NAME_CHARACTERS), name2: whole.slice(NAME_CHARACTERS, 2 * NAME_CHARACTERS) };
}

/** Both parts as people read them. */
export function readableName({ name1, name2 }: PrintedName): string {
  return name2 === '' ? name1 : `${name1}\u3000${name2}`;
}

/** In full-width katakana; from kana of any kind, Roman letters or hangul. Empty where there is none of them. */
export function printedKana(kana: string): string {
  const katakana = normalised(kana)
    .replace(/(.)([ゝヽ])/g, '$1$1')
    .replace(/(.)([ゞヾ])/g, (_, letter) => `${letter}${letter}\u3099`.normalize('NFC'))
    .replace(/[ぁ-ゖ]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0x60))
    .replace(/[ヷヸヹヺ]/g, (letter) => `ヴ${'ァィェォ'['ヷヸヹヺ'.indexOf(letter)] ?? ''}`)
    .replace(/(?<=[ァ-ヶ])[-‐‑‒–—―−]/g, 'ー');
  return kanaOfRoman(katakana)
    .replace(/[ヵヶ]/g, (letter) => (letter === 'ヵ' ? 'カ' : 'ケ'))
    .replace(/[^ァ-ヴー]/g, '')
    .slice(0, KANA_CHARACTERS);
}

/** Whether a terminal can be told how a name is spoken: kanji and other scripts do not say. */
export function isSpoken(kana: string): boolean {
  const unspoken =
    /[^\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Latin}\p{Script=Hangul}\p{Script=Common}\p{M}]/u;
  return printedKana(kana) !== '' && !unspoken.test(kana.normalize('NFKC'));
}

/** What the terminal shows as the thing paid for. */
export function printedContent(text: string): string {
  return words(text).join('\u3000').slice(0, CONTENT_CHARACTERS).trimEnd();
}

const GETA = '〓';

function words(text: string): string[] {
  return normalised(text)
    .split(/\s+/)
    .map((word) => Array.from(word, printed).join(''))
    .filter((word) => word !== '');
}

/** One form for each character; a variation selector, which only picks a shape of it, goes. */
function normalised(text: string): string {
  const composed = text.normalize('NFKC').replace(/\p{Variation_Selector}/gu, '');
  return plainLatin(romanOfHangul(composed)).trim();
}

/** One character as full-width ones; signs and pictures that cannot be printed go, letters leave a mark. */
function printed(character: string): string {
  const like = LIKE[character] ?? character;
  const wide = /^[!-~]$/.test(like) ? String.fromCharCode(like.charCodeAt(0) + 0xfee0) : like;
  if (PRINTABLE.has(wide)) return wide;
  const other = standIn(wide);
  if (other !== null) return other;
  return /[\p{L}\p{N}]/u.test(wide) ? GETA : '';
}

/** Dashes and apostrophes, which systems disagree about, as the ones that all of them print. */
const LIKE: Partial<Record<string, string>> = {
  ...{ '-': '‐', '‑': '‐', '‒': '‐', '–': '‐', '—': '‐', '―': '‐', '−': '‐', "'": '’', '‘': '’', ʼ: '’' },
  ...{ '~': 'ー', '〜': 'ー', '～': 'ー', '\\': '' },
};

const PRINTABLE = printable();

/** JIS X 0208 without its rows of signs and lines: some punctuation, letters, kana, kanji of both levels. */
function printable(): Set<string> {
  const decoder = new TextDecoder('euc-jp');
  const row = (number: number) =>
    decoder.decode(Uint8Array.from({ length: 188 }, (_, at) => (at % 2 ? 0xa1 + (at >> 1) : 0xa0 + number)));
  const kanji = Array.from({ length: 69 }, (_, index) => 16 + index);
  const all = [3, 4, 5, 6, 7, ...kanji].flatMap((number) => Array.from(row(number)));
  return new Set([
    ...all.filter((character) => character !== '\ufffd'),
    ...'、。・‐ー’々〆〇仝ゝゞヽヾ（）＆＋．，',
  ]);
}
