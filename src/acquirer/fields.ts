/**
 * Data elements of ISO 8583:1987 in ASCII, with the lengths that public all-ASCII tables give them.
 * Binary elements (52, 64, 128) stand as hexadecimal; a sign (28) counts as one more character. Which of
 * them our link uses, and how: docs/acquirer-link.md, section 3. The rest are known so that an answer
 * that carries them can be read.
 */
export type FieldKind = 'n' | 'an' | 'ans' | 'x+n' | 'z' | 'hex';

export interface FieldFormat {
  kind: FieldKind;
  /** Characters; the most there may be where `digits` is not 0. */
  length: number;
  /** 2 for LL, 3 for LLL, 0 for a fixed length. */
  digits: 0 | 2 | 3;
}

const fixed = (kind: FieldKind, length: number): FieldFormat => ({ kind, length, digits: 0 });
const ll = (kind: FieldKind, length: number): FieldFormat => ({ kind, length, digits: 2 });
const lll = (kind: FieldKind, length: number): FieldFormat => ({ kind, length, digits: 3 });

export const FIELDS: Readonly<Record<number, FieldFormat>> = {
  2: ll('n', 19),
  3: fixed('n', 6),
  4: fixed('n', 12),
  5: fixed('n', 12),
  6: fixed('n', 12),
  7: fixed('n', 10),
  8: fixed('n', 8),
  9: fixed('n', 8),
  10: fixed('n', 8),
  11: fixed('n', 6),
  12: fixed('n', 6),
  13: fixed('n', 4),
  14: fixed('n', 4),
  15: fixed('n', 4),
  17: fixed('n', 4),
  18: fixed('n', 4),
  19: fixed('n', 3),
  22: fixed('n', 3),
  23: fixed('n', 3),
  25: fixed('n', 2),
  28: fixed('x+n', 9),
  32: ll('n', 11),
  33: ll('n', 11),
  35: ll('z', 37),
  37: fixed('an', 12),
  38: fixed('an', 6),
  39: fixed('an', 2),
  41: fixed('ans', 8),
  42: fixed('ans', 15),
  43: fixed('ans', 40),
  44: ll('ans', 99),
  45: ll('ans', 76),
  46: lll('ans', 999),
  47: lll('ans', 999),
  48: lll('ans', 999),
  49: fixed('n', 3),
  52: fixed('hex', 16),
  53: fixed('n', 16),
  54: lll('ans', 120),
  55: lll('ans', 999),
  60: lll('ans', 999),
  61: lll('ans', 999),
  62: lll('ans', 999),
  63: lll('ans', 999),
  64: fixed('hex', 16),
  70: fixed('n', 3),
  73: fixed('n', 6),
  90: fixed('n', 42),
  95: fixed('an', 42),
  126: lll('ans', 999),
  128: fixed('hex', 16),
};

export const CHARACTERS: Readonly<Record<FieldKind, RegExp>> = {
  n: /^[0-9]*$/,
  an: /^[A-Za-z0-9 ]*$/,
  ans: /^[\x20-\x7e]*$/,
  'x+n': /^[CD][0-9]*$/,
  z: /^[0-9=D]*$/,
  hex: /^[0-9A-Fa-f]*$/,
};
