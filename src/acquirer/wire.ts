import { Secret } from '../lib/secret.ts';
import { encode, type Iso8583Message } from './codec.ts';
import { frame } from './framing.ts';

/**
 * A message ready to leave: its bytes, which may hold a card number, and what its answer will be known
 * by.
 */
export interface WireRequest {
  answerKey: string;
  frame: Secret<Buffer>;
}

/** Throws `Iso8583Error` when a value does not fit its field. */
export function toWire(message: Iso8583Message): WireRequest {
  const answerKey = keyOf(answerMti(message.mti), message.fields);
  return { answerKey, frame: new Secret(frame(encode(message))) };
}

/** The key of the request that a message from the acquirer answers, if it answers one. */
export function answerKeyOf({ mti, fields }: Iso8583Message): string {
  return keyOf(mti, fields);
}

/**
 * 0200 and its repeat 0201 are answered with 0210, 0220 and 0221 with 0230 (docs/acquirer-link.md,
 * section 2).
 */
export function answerMti(mti: string): string {
  return `${mti.slice(0, 2)}${Number(mti.charAt(2)) + 1}0`;
}

/** STAN, RRN and terminal; an 0810 has no RRN and is known by STAN and DE70 (section 3). */
function keyOf(mti: string, fields: Iso8583Message['fields']): string {
  const parts = mti.startsWith('08') ? [fields[11], fields[70]] : [fields[11], fields[37], fields[41]];
  return [mti, ...parts].join('|');
}
