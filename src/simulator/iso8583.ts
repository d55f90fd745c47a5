/**
 * ISO 8583:1987 in ASCII, as docs/acquirer-link.md has it: MTI, bitmap in hexadecimal, fields in ascending
 * order. The simulator's own codec, on purpose not the service's: a codec that is wrong must not agree with
 * itself. This file knows widths only; what a message must hold is said in acquirer-rules.ts.
 */
export interface IsoMessage {
  mti: string;
  /** By field number (DE). Values as on the wire: padding kept. */
  fields: Map<number, string>;
}

export type IsoFault =
  | 'truncated'
  | 'bad-mti'
  | 'bad-bitmap'
  | 'bad-length'
  | 'unknown-field'
  | 'trailing-bytes';

interface Width {
  /** Digits of the length that stands before the value; 0 where the width is fixed. */
  prefix: 0 | 2 | 3;
  /** The width, or the largest one. */
  size: number;
}

const fixed = (size: number): Width => ({ prefix: 0, size });
const ll = (size: number): Width => ({ prefix: 2, size });
const lll = (size: number): Width => ({ prefix: 3, size });

const WIDTHS: ReadonlyMap<number, Width> = new Map([
  ...([
    [2, ll(19)],
    [3, fixed(6)],
    [4, fixed(12)],
    [7, fixed(10)],
    [11, fixed(6)],
    [12, fixed(6)],
  ] as const),
  ...([
    [13, fixed(4)],
    [14, fixed(4)],
    [15, fixed(4)],
    [18, fixed(4)],
    [19, fixed(3)],
    [22, fixed(3)],
  ] as const),
  ...([
    [25, fixed(2)],
    [28, fixed(9)],
    [32, ll(11)],
    [33, ll(11)],
    [37, fixed(12)],
    [38, fixed(6)],
  ] as const),
  ...([
    [39, fixed(2)],
    [41, fixed(8)],
    [42, fixed(15)],
    [43, fixed(40)],
    [44, ll(99)],
    [48, lll(999)],
  ] as const),
  ...([
    [49, fixed(3)],
    [55, lll(999)],
    [60, lll(999)],
    [61, lll(999)],
    [62, lll(999)],
    [63, lll(999)],
  ] as const),
  ...([
    [70, fixed(3)],
    [73, fixed(6)],
    [90, fixed(42)],
    [95, fixed(42)],
  ] as const),
]);

/** Reads one message (without its frame). Gives the fault instead where the text is not one. */
export function decodeIso(text: string): IsoMessage | { fault: IsoFault } {
  if (text.length < 4) return { fault: 'truncated' };
  const mti = text.slice(0, 4);
  if (!/^\d{4}$/.test(mti)) return { fault: 'bad-mti' };
  const bitmap = readBitmap(text.slice(4));
  if ('fault' in bitmap) return bitmap;
  const fields = new Map<number, string>();
  let at = 4 + bitmap.width;
  for (const number of bitmap.numbers) {
    const width = WIDTHS.get(number);
    if (!width) return { fault: 'unknown-field' };
    const field = readField(text.slice(at), width);
    if ('fault' in field) return field;
    fields.set(number, field.value);
    at += field.taken;
  }
  return at === text.length ? { mti, fields } : { fault: 'trailing-bytes' };
}

/** Writes one message. The values must have the widths of the fields: a wrong one is our own mistake. */
export function encodeIso(message: IsoMessage): string {
  const numbers = [...message.fields.keys()].sort((a, b) => a - b);
  const secondary = numbers.some((number) => number > 64);
  const bits = new Uint8Array(secondary ? 16 : 8);
  for (const number of secondary ? [1, ...numbers] : numbers) {
    const index = (number - 1) >> 3;
    bits[index] = (bits[index] ?? 0) | (0x80 >> ((number - 1) & 7));
  }
  const body = numbers.map((number) => writeField(number, message.fields.get(number) ?? ''));
  return `${message.mti}${Buffer.from(bits).toString('hex').toUpperCase()}${body.join('')}`;
}

function readBitmap(text: string): { numbers: number[]; width: number } | { fault: IsoFault } {
  const first = text.slice(0, 16);
  if (/[^0-9a-f]/i.test(first)) return { fault: 'bad-bitmap' };
  if (first.length < 16) return { fault: 'truncated' };
  const width = Number.parseInt(first.charAt(0), 16) >= 8 ? 32 : 16;
  const whole = text.slice(0, width);
  if (/[^0-9a-f]/i.test(whole)) return { fault: 'bad-bitmap' };
  if (whole.length < width) return { fault: 'truncated' };
  const bits = Array.from(whole, (digit) => Number.parseInt(digit, 16).toString(2).padStart(4, '0')).join('');
  const numbers = Array.from(bits, (bit, index) => (bit === '1' ? index + 1 : 0)).filter(
    (number) => number > 1,
  );
  return { numbers, width };
}

function readField(rest: string, width: Width): { value: string; taken: number } | { fault: IsoFault } {
  const digits = rest.slice(0, width.prefix);
  if (/\D/.test(digits)) return { fault: 'bad-length' };
  if (digits.length < width.prefix) return { fault: 'truncated' };
  const size = width.prefix === 0 ? width.size : Number(digits);
  if (size > width.size) return { fault: 'bad-length' };
  const taken = width.prefix + size;
  if (rest.length < taken) return { fault: 'truncated' };
  return { value: rest.slice(width.prefix, taken), taken };
}

function writeField(number: number, value: string): string {
  const width = WIDTHS.get(number);
  const fits = width && (width.prefix === 0 ? value.length === width.size : value.length <= width.size);
  if (!width || !fits) throw new Error(`DE${number} cannot hold ${value.length} characters`);
  return width.prefix === 0 ? value : `${String(value.length).padStart(width.prefix, '0')}${value}`;
}
