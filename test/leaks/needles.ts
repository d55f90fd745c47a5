import { BY_AA, BY_TT, OUTCOME_OF_AA } from '../faults/outcomes.ts';
import { type TestBrand, testPan } from '../support/cards.ts';

/** Every card number the suite pays with, and the ways in which one could slip out. */
export interface Needle {
  form: string;
  text: string;
}

const BRANDS: TestBrand[] = ['visa', 'mastercard', 'jcb', 'amex', 'diners'];
const WELL_KNOWN = [
  '4111111111111111',
  '5555555555554444',
  '3530111333300000',
  '378282246310005',
  '36006666333344',
];

export function allPans(): string[] {
  const tts = [...BY_AA, ...Object.keys(BY_TT), '12'];
  const pans = tts.flatMap((tt) => Object.keys(OUTCOME_OF_AA).map((aa) => testPan(tt, aa)));
  const brands = BRANDS.flatMap((brand) => tts.map((tt) => testPan(tt, '00', brand)));
  return [...new Set([...pans, ...brands, ...WELL_KNOWN])];
}

/** Raw, grouped, hex, base64 at each of its three offsets, percent-encoded. */
export function needlesOf(secret: string): Needle[] {
  const groups = secret.length === 16 ? [4, 8, 12] : [4, 10];
  const grouped = (gap: string) =>
    [...secret].map((digit, index) => (groups.includes(index) ? gap + digit : digit)).join('');
  return [
    { form: 'raw', text: secret },
    { form: 'grouped', text: grouped(' ') },
    { form: 'hyphened', text: grouped('-') },
    { form: 'percent-encoded spaces', text: grouped('%20') },
    { form: 'plus-encoded spaces', text: grouped('+') },
    { form: 'hex', text: Buffer.from(secret).toString('hex') },
    { form: 'percent-encoded digits', text: [...secret].map((digit) => `%3${digit}`).join('') },
    ...[0, 1, 2].map((offset) => ({ form: `base64 at ${offset}`, text: base64Core(secret, offset) })),
  ];
}

/** The part of a secret's base64 that does not depend on what stands before and after it. */
function base64Core(secret: string, offset: number): string {
  const padded = Buffer.from('\0'.repeat(offset) + secret).toString('base64');
  const skip = offset === 0 ? 0 : offset + 1;
  const whole = Math.floor((offset + secret.length) / 3) * 4;
  return padded.slice(skip, whole);
}

/** A security code has three digits, so that it is looked for where it would say what it is. */
export const SECURITY_CODE_PATTERNS: readonly RegExp[] = [
  /["']?(?:csc|cvc|cvv|cvv2|security_?code)["']?\s*[:=]\s*["']?\d{3,4}\b/i,
  /(?:^|[&?])(?:csc|cvc|cvv)=\d{3,4}/i,
  // In DE48; among the hexadecimal digits of what is sealed, and within one integer of a list
  // (the planner's statistics hold such lists), the same comes up by chance.
  /(?<![0-9a-f]{4})(?<![,{]-?\d{0,4})(?:06003\d{3}|06004\d{4})(?![0-9a-f])/,
];
