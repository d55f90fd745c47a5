import { HOUR } from './clock.ts';
import { Secret } from './secret.ts';

/** Card brands and number ranges: reference table of prefixes, lengths and groups (ISO/IEC 7812 numbering). */
export const BRANDS = ['visa', 'mastercard', 'jcb', 'amex', 'diners'] as const;
export type Brand = (typeof BRANDS)[number];

/** As people know them. */
export const BRAND_NAMES = {
  visa: 'Visa',
  mastercard: 'Mastercard',
  jcb: 'JCB',
  amex: 'American Express',
  diners: 'Diners Club',
} as const satisfies Record<Brand, string>;

/** A card number that passed `parsePan`: digits only, known brand, right length, Luhn. */
export type Pan = string & { readonly __pan: unique symbol };

export type PanFault = 'missing' | 'not_digits' | 'wrong_length' | 'unknown_brand' | 'check_digit';

interface BrandRule {
  prefix: RegExp;
  lengths: readonly number[];
  cscLength: 3 | 4;
  gaps: readonly number[];
}

export const BRAND_RULES = {
  visa: { prefix: /^4/, lengths: [16, 18, 19], cscLength: 3, gaps: [4, 8, 12] },
  mastercard: {
    prefix: /^(5[1-5]|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)/,
    lengths: [16],
    cscLength: 3,
    gaps: [4, 8, 12],
  },
  jcb: { prefix: /^35(2[89]|[3-8]\d)/, lengths: [16, 17, 18, 19], cscLength: 3, gaps: [4, 8, 12] },
  amex: { prefix: /^3[47]/, lengths: [15], cscLength: 4, gaps: [4, 10] },
  diners: { prefix: /^(30[0-5]|3095|36|38|39)/, lengths: [14, 16, 19], cscLength: 3, gaps: [4, 10] },
} as const satisfies Record<Brand, BrandRule>;

/** The brand a number belongs to by its first digits, or null. Works on a number still being typed. */
export function brandOf(digits: string): Brand | null {
  return BRANDS.find((brand) => BRAND_RULES[brand].prefix.test(digits)) ?? null;
}

/** Reads a card number as people type it: full-width digits, spaces and every kind of hyphen are accepted. */
export function parsePan(typed: string): { pan: Secret<Pan>; brand: Brand } | { fault: PanFault } {
  const digits = normaliseDigits(typed);
  if (digits === '') return { fault: 'missing' };
  if (!/^\d+$/.test(digits)) return { fault: 'not_digits' };
  if (digits.length < 12 || digits.length > 19) return { fault: 'wrong_length' };
  const brand = brandOf(digits);
  if (brand === null) return { fault: 'unknown_brand' };
  const lengths: readonly number[] = BRAND_RULES[brand].lengths;
  if (!lengths.includes(digits.length)) return { fault: 'wrong_length' };
  if (!passesLuhn(digits)) return { fault: 'check_digit' };
  return { pan: new Secret(digits as Pan), brand };
}

/** Full-width to ASCII, separators removed. */
export function normaliseDigits(typed: string): string {
  return typed.normalize('NFKC').replace(/[\s\u200b-\u200f\u2010-\u2015\u2212\u2043\u2500\u30fc-]/g, '');
}

/** ISO/IEC 7812-1 annex B. */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits.charAt(digits.length - 1 - index));
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** A card is good to the last moment of its month in Japan. `month` 1–12, `year` four digits. */
export function cardExpiry(year: number, month: number): Date {
  return new Date(Date.UTC(year, month, 1) - 9 * HOUR);
}

/** Card and brand as shown to people and merchants: never more than the last four digits. */
export interface CardSummary {
  brand: Brand;
  last4: string;
  expMonth: number;
  expYear: number;
}
