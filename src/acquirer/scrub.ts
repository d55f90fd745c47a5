import { decode, Iso8583Error } from './codec.ts';

/**
 * What may be shown of a message as it is. Not here: 14, 35, 45, 48, 52, 55, 126, and whatever nobody
 * thought of.
 */
const SHOWN = new Set([
  3, 4, 7, 11, 12, 13, 15, 18, 19, 22, 25, 32, 33, 37, 38, 39, 41, 42, 43, 49, 63, 70, 73, 90,
]);

/**
 * One wire message, without its frame, as text for a log or a transcript: of the card number its last
 * four digits, nothing of private and secret fields. What cannot be read is not shown at all. Never
 * throws.
 */
export function scrub(wire: string | Buffer): string {
  try {
    const { mti, fields } = decode(typeof wire === 'string' ? wire : wire.toString('latin1'));
    const shown = Object.entries(fields).map(
      ([number, value]) => `${number}=${textOf(Number(number), value)}`,
    );
    return [mti, ...shown].join(' ');
  } catch (error) {
    return error instanceof Iso8583Error ? `unreadable message (${error.message})` : 'unreadable message';
  }
}

function textOf(number: number, value: string): string {
  if (number === 2) return value.slice(-4).padStart(value.length, '*');
  return SHOWN.has(number) ? value.trimEnd() : '[removed]';
}
