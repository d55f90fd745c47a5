/**
 * ISO 8583:1987, all ASCII (docs/acquirer-link.md, section 1): MTI of four digits, a bitmap of 16
 * hexadecimal characters, 16 more when bit 1 is set, then the fields in ascending order. LL and LLL are
 * decimal lengths. Values are handled as they stand on the wire: padding kept, nothing trimmed. What a
 * field holds never gets into an error. The dialect that always sends two bitmaps is refused: its second
 * one reads as trailing bytes.
 */
import { CHARACTERS, FIELDS, type FieldFormat } from './fields.ts';

export interface Iso8583Message {
  /** Message type indicator, four digits. */
  mti: string;
  /** By field number (DE), 2 to 128; values as on the wire. */
  fields: Readonly<Record<number, string>>;
}

export type Iso8583Fault =
  | 'truncated'
  | 'bad-mti'
  | 'bad-bitmap'
  | 'unknown-field'
  | 'bad-length'
  | 'bad-characters'
  | 'trailing-bytes';

/** A message that cannot be read or written; `field` says which element, never what it held. */
export class Iso8583Error extends Error {
  readonly fault: Iso8583Fault;
  readonly field: number | null;

  constructor(fault: Iso8583Fault, field: number | null = null) {
    super(`ISO 8583: ${fault}${field === null ? '' : ` in DE${field}`}`);
    this.name = 'Iso8583Error';
    this.fault = fault;
    this.field = field;
  }
}

const MTI = /^[0-9]{4}$/;

/** Reads one message, without its frame. Throws `Iso8583Error`. */
export function decode(text: string): Iso8583Message {
  const mti = take(text, 0, 4, null);
  if (!MTI.test(mti)) throw new Iso8583Error('bad-mti');
  const bits = readBitmap(text);
  const fields: Record<number, string> = {};
  let position = 4 + bits.length / 4;
  for (let number = 2; number <= bits.length; number += 1) {
    if (bits[number - 1] !== '1') continue;
    const { value, end } = readField(text, position, number);
    fields[number] = value;
    position = end;
  }
  if (position !== text.length) throw new Iso8583Error('trailing-bytes');
  return { mti, fields };
}

/** Writes one message, without its frame. Throws `Iso8583Error` when a value does not fit its field. */
export function encode({ mti, fields }: Iso8583Message): string {
  if (!MTI.test(mti)) throw new Iso8583Error('bad-mti');
  const values = Object.entries(fields)
    .map(([number, value]) => ({ number: Number(number), value }))
    .sort((a, b) => a.number - b.number);
  const body = values.map(({ number, value }) => writeField(number, value)).join('');
  return mti + writeBitmap(values.map(({ number }) => number)) + body;
}

/** As a string of 64 or 128 zeros and ones; bit n stands at n - 1. */
function readBitmap(text: string): string {
  const primary = bitsOf(take(text, 4, 16, null));
  return primary.startsWith('1') ? primary + bitsOf(take(text, 20, 16, null)) : primary;
}

function bitsOf(hex: string): string {
  if (!CHARACTERS.hex.test(hex)) throw new Iso8583Error('bad-bitmap');
  return Array.from(hex, (digit) => Number.parseInt(digit, 16).toString(2).padStart(4, '0')).join('');
}

function readField(text: string, start: number, number: number): { value: string; end: number } {
  const format = formatOf(number);
  const from = start + format.digits;
  const length = format.digits === 0 ? format.length : readLength(text, start, number, format);
  const value = take(text, from, length, number);
  if (!CHARACTERS[format.kind].test(value)) throw new Iso8583Error('bad-characters', number);
  return { value, end: from + length };
}

function readLength(text: string, start: number, number: number, format: FieldFormat): number {
  const digits = take(text, start, format.digits, number);
  if (!CHARACTERS.n.test(digits) || Number(digits) > format.length) {
    throw new Iso8583Error('bad-length', number);
  }
  return Number(digits);
}

function take(text: string, from: number, length: number, field: number | null): string {
  const part = text.slice(from, from + length);
  if (part.length < length) throw new Iso8583Error('truncated', field);
  return part;
}

function writeField(number: number, value: string): string {
  const format = formatOf(number);
  const fits = format.digits === 0 ? value.length === format.length : value.length <= format.length;
  if (!fits) throw new Iso8583Error('bad-length', number);
  if (!CHARACTERS[format.kind].test(value)) throw new Iso8583Error('bad-characters', number);
  return format.digits === 0 ? value : String(value.length).padStart(format.digits, '0') + value;
}

function writeBitmap(numbers: readonly number[]): string {
  const secondary = numbers.some((number) => number > 64);
  const bytes = Buffer.alloc(secondary ? 16 : 8);
  for (const number of secondary ? [1, ...numbers] : numbers) {
    const at = (number - 1) >> 3;
    bytes.writeUInt8(bytes.readUInt8(at) | (0x80 >> ((number - 1) & 7)), at);
  }
  return bytes.toString('hex').toUpperCase();
}

function formatOf(number: number): FieldFormat {
  const format = FIELDS[number];
  if (format === undefined) throw new Iso8583Error('unknown-field', number);
  return format;
}
