import { randomBytes, randomUUID } from 'node:crypto';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const MERCHANT_ID = /^A1(\d{8})$/;

export type IdPrefix =
  | 'cs'
  | 'pay'
  | 'att'
  | 're'
  | 'op'
  | 'evt'
  | 'we'
  | 'del'
  | 'tok'
  | 'card'
  | 'sc'
  | 'num'
  | 'act'
  | 'mail'
  | 'usr'
  | 'login'
  | 'plink'
  | 'preq'
  | 'batch'
  | 'tmpl'
  | 'key'
  | 'req';

/** Ids of one millisecond sort in the order in which a process made them; it wraps after 32,768. */
let made = 0;

/**
 * A prefixed id: `evt_` + 10 characters of time (milliseconds) + 3 of order within it + 26 random characters (130 bits,
 * so that any id may serve as a capability). Sorts by time. Crockford's base32, lower case.
 */
export function newId<P extends IdPrefix>(prefix: P, now: Date): `${P}_${string}` {
  made = (made + 1) % 32 ** 3;
  return `${prefix}_${base32(now.getTime(), 10)}${base32(made, 3)}${randomText(26)}`;
}

/** What an id of this moment begins with: ids from then on sort after it. */
export function idsFrom(prefix: IdPrefix, at: Date): string {
  return `${prefix}_${base32(at.getTime(), 10)}`;
}

/** Random text of `length` characters, five bits each. */
export function randomText(length: number): string {
  return textOf(randomBytes(length));
}

/** One character for each byte, of its lower five bits: random or keyed bytes as text. */
export function textOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => ALPHABET.charAt(byte & 31)).join('');
}

/**
 * A page token, an API key's body: the merchant's number (6 characters) and 130 random bits. What arrives without
 * a merchant carries its number, so that one look-up by merchant finds it.
 */
export function newCapability(merchantId: string): string {
  return base32(merchantNumber(merchantId), 6) + randomText(26);
}

/** The merchant whose number a capability starts with, or null when it cannot be one. */
export function merchantOfCapability(capability: string): string | null {
  if (capability.length !== 32) return null;
  return merchantId(parseBase32(capability.slice(0, 6)));
}

/** In the address of a payment link: the merchant's number and eight random characters; short enough for a poster. */
export function newSlug(merchantId: string): string {
  return base32(merchantNumber(merchantId), 6) + randomText(8);
}

export function merchantOfSlug(slug: string): string | null {
  return /^[0-9a-z]{14}$/.test(slug) ? merchantId(parseBase32(slug.slice(0, 6))) : null;
}

/** A transaction id for 3-D Secure: a version 8 UUID (RFC 9562) whose first 32 bits are the merchant's number. */
export function newTransactionId(merchantId: string): string {
  const number = merchantNumber(merchantId).toString(16).padStart(8, '0');
  const random = randomUUID().slice(8);
  return `${number}${random.slice(0, 6)}8${random.slice(7)}`;
}

/** The merchant whose number a transaction id starts with, or null when it is not one of ours. */
export function merchantOfTransactionId(id: string): string | null {
  if (!/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i.test(id)) return null;
  return merchantId(Number.parseInt(id.slice(0, 8), 16));
}

function merchantNumber(id: string): number {
  const digits = MERCHANT_ID.exec(id)?.[1];
  if (digits === undefined) throw new Error(`not a merchant id: ${id}`);
  return Number(digits);
}

function merchantId(number: number): string | null {
  if (!Number.isInteger(number) || number < 0 || number > 99_999_999) return null;
  return `A1${String(number).padStart(8, '0')}`;
}

function base32(value: number, length: number): string {
  let text = '';
  for (let rest = value; text.length < length; rest = Math.floor(rest / 32)) {
    text = ALPHABET.charAt(rest % 32) + text;
  }
  return text;
}

function parseBase32(text: string): number {
  let value = 0;
  for (const character of text) {
    const digit = ALPHABET.indexOf(character);
    if (digit < 0) return Number.NaN;
    value = value * 32 + digit;
  }
  return value;
}
