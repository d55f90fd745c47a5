/** Plain transliterations, for a terminal that prints no other script. They need not be how a name is spoken. */

/** Roman letters as katakana, sound by sound: `Smith` becomes スミス. */
export function kanaOfRoman(text: string): string {
  const plain = text
    .toLowerCase()
    .replace(/ck/g, 'kk')
    .replace(/([lr])\1/g, '$1')
    .replace(/y(?![aiueo])/g, 'i')
    .replace(/m(?=[bmp])/g, 'n');
  return plain.replace(SOUNDS, kanaOfSound);
}

/** Hangul by the letters of the Revised Romanization (2000), syllable by syllable. */
export function romanOfHangul(text: string): string {
  return text.replace(/[\uac00-\ud7a3]/g, (syllable) => {
    const code = syllable.charCodeAt(0) - 0xac00;
    const first = INITIALS[Math.floor(code / 588)] ?? '';
    const vowel = VOWELS[Math.floor((code % 588) / 28)] ?? '';
    return `${first}${vowel}${FINALS[code % 28] ?? ''}`;
  });
}

/** Latin letters that do not come apart into a plain one and a mark. */
export function plainLatin(text: string): string {
  const plain = text.replace(/[ßæœøłđðþıŋħ]/gi, (letter) => {
    const found = LATIN[letter.toLowerCase()] ?? letter;
    return letter === letter.toLowerCase() ? found : found.toUpperCase();
  });
  return plain.replace(/\p{Script=Latin}\p{M}*/gu, (letter) =>
    letter.normalize('NFD').replace(/\p{M}/gu, ''),
  );
}

const LATIN: Partial<Record<string, string>> = {
  ...{ ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i', ŋ: 'n', ħ: 'h' },
};

const INITIALS = 'g kk n d tt r m b pp s ss  j jj ch k t p h'.split(' ');
const VOWELS = 'a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i'.split(' ');
const FINALS = ' k k k n n n t l k m l l l p l m p p t t ng t t k t p t'.split(' ');

/** A consonant that the next one doubles; consonants with their vowel; or one that stands alone. */
const SOUNDS = /([bcdfgjkpqstvz])(?=\1)|(?:ts|[b-df-hj-np-tv-z][hy]?)?[aiueo]|sh|ch|ts|ph|th|[a-z]/g;

/** The five vowels of each consonant, a i u e o. */
const ROWS: Partial<Record<string, string>> = {
  '': 'ア イ ウ エ オ',
  k: 'カ キ ク ケ コ',
  g: 'ガ ギ グ ゲ ゴ',
  s: 'サ シ ス セ ソ',
  z: 'ザ ジ ズ ゼ ゾ',
  t: 'タ チ ツ テ ト',
  d: 'ダ ディ ドゥ デ ド',
  n: 'ナ ニ ヌ ネ ノ',
  h: 'ハ ヒ フ ヘ ホ',
  b: 'バ ビ ブ ベ ボ',
  p: 'パ ピ プ ペ ポ',
  m: 'マ ミ ム メ モ',
  y: 'ヤ イ ユ イェ ヨ',
  r: 'ラ リ ル レ ロ',
  w: 'ワ ウィ ウ ウェ ウォ',
  f: 'ファ フィ フ フェ フォ',
  v: 'ヴァ ヴィ ヴ ヴェ ヴォ',
  j: 'ジャ ジ ジュ ジェ ジョ',
  x: 'クサ クシ クス クセ クソ',
  sh: 'シャ シ シュ シェ ショ',
  ch: 'チャ チ チュ チェ チョ',
  ts: 'ツァ ツィ ツ ツェ ツォ',
};
/** Consonants that sound like another one here. */
const SAME: Partial<Record<string, string>> = { l: 'r', c: 'k', q: 'k', ph: 'f', th: 's', zh: 'j' };
/** How a consonant that stands alone is said, where it is not with the row's u. */
const ALONE: Partial<Record<string, string>> = { t: 'ト', d: 'ド', n: 'ン', h: '', ch: 'チ', sh: 'シュ' };

function kanaOfSound(sound: string, doubled?: string): string {
  if (doubled !== undefined) return 'ッ';
  const vowel = 'aiueo'.indexOf(sound.at(-1) ?? '');
  if (vowel < 0) return ALONE[sound] ?? rowOf(sound)?.[2] ?? '';
  const consonant = sound.slice(0, -1);
  const soft = consonant === 'c' && (vowel === 1 || vowel === 3);
  const row = rowOf(soft ? 's' : consonant);
  if (row !== undefined) return row[vowel] ?? '';
  const [, i = ''] = rowOf(consonant.slice(0, 1)) ?? [];
  // キャ, ギュ, ニョ: the row's second sound and a small one. Any other h after a consonant is not heard.
  return consonant.endsWith('y')
    ? `${i}${'ャィュェョ'[vowel] ?? ''}`
    : (rowOf(consonant.slice(0, 1))?.[vowel] ?? '');
}

function rowOf(consonant: string): string[] | undefined {
  return ROWS[SAME[consonant] ?? consonant]?.split(' ');
}
