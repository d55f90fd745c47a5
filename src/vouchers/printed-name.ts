/** What a terminal prints: full-width characters of JIS X 0208 and no others. */
export interface PrintedName {
  /** At most 10 characters each; `name2` may be empty. */
  name1: string;
  name2: string;
}

const NAME_CHARACTERS = 10;
const CONTENT_CHARACTERS = 12;
const KANA_CHARACTERS = 15;

/** Any name, as it will be printed: never an error. */
export function printedName(name: string): PrintedName {
  const [first = '', ...rest] = fullWidth(name)
    .split('\u3000')
    .filter((part) => part !== '');
  const whole = [first, ...rest].join('');
  if (rest.length > 0 && first.length <= NAME_CHARACTERS) {
    return { name1: first, name2: rest.join('').slice(0, NAME_CHARACTERS) };
  }
  return { name1: whole.slice(0, NAME_CHARACTERS), name2: whole.slice(NAME_CHARACTERS, 2 * NAME_CHARACTERS) };
}

/** In full-width katakana. */
export function printedKana(kana: string): string {
  const katakana = fullWidth(kana).replace(/[ぁ-ゖ]/g, (letter) =>
    String.fromCharCode(letter.charCodeAt(0) + 0x60),
  );
  return katakana.replace(/[^ァ-ヴー\u3000]/g, '').slice(0, KANA_CHARACTERS);
}

/** What the terminal shows as the thing paid for. */
export function printedContent(text: string): string {
  return fullWidth(text).slice(0, CONTENT_CHARACTERS);
}

function fullWidth(text: string): string {
  return text
    .normalize('NFKC')
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/[!-~]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0))
    .replaceAll(' ', '\u3000');
}
