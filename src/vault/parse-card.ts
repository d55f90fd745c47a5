import type { Mode } from '../config.ts';
import {
  BRAND_RULES,
  type Brand,
  brandOf,
  cardExpiry,
  normaliseDigits,
  type Pan,
  parsePan,
} from '../lib/card.ts';
import { Secret } from '../lib/secret.ts';
import { modeFault } from './test-cards.ts';

/** A card as people type it. `exp` is text from a form, or two numbers from the API. */
export interface CardFields {
  number: string;
  exp: string | { exp_month: number; exp_year: number };
  csc: string;
  name: string;
}

/** A card that may be tried: nothing in it prints a digit of the number or the code. */
export interface CardInput {
  pan: Secret<Pan>;
  brand: Brand;
  /** 1–12. */
  expMonth: number;
  /** Four digits. */
  expYear: number;
  securityCode: Secret<string>;
  /** 2–45 of A–Z, space and `. - ' /`. */
  cardholderName: string;
}

export type CardFault =
  | 'missing'
  /** Not readable as a date (exp), or no letter in it (name). */
  | 'invalid'
  | 'invalid_characters'
  | 'wrong_length'
  | 'unknown_brand'
  | 'check_digit'
  | 'expired'
  /** Test mode takes only the test cards, live mode none of them. */
  | 'not_a_test_card'
  | 'test_card';

export type CardFaults = Partial<Record<keyof CardFields, CardFault>>;

export type ParsedCard = { ok: true; card: CardInput } | { ok: false; faults: CardFaults };

export type Read<T> = { value: T } | { fault: CardFault };

/**
 * Reads what a shopper or a merchant's page typed, all faults at once. Full-width characters, spaces and
 * every hyphen are accepted. A card is good to the last moment of its month in Japan.
 */
export function parseCard(fields: CardFields, { mode, now }: { mode: Mode; now: Date }): ParsedCard {
  const number = readNumber(fields.number, mode);
  const exp = readExpiry(fields.exp, now);
  const csc = readSecurityCode(fields.csc, brandOf(normaliseDigits(fields.number)));
  const name = readName(fields.name);
  if ('value' in number && 'value' in exp && 'value' in csc && 'value' in name) {
    return {
      ok: true,
      card: { ...number.value, ...exp.value, securityCode: csc.value, cardholderName: name.value },
    };
  }
  return { ok: false, faults: faultsOf({ number, exp, csc, name }) };
}

function readNumber(typed: string, mode: Mode): Read<{ pan: Secret<Pan>; brand: Brand }> {
  const parsed = parsePan(typed);
  if ('fault' in parsed) {
    return { fault: parsed.fault === 'not_digits' ? 'invalid_characters' : parsed.fault };
  }
  const fault = modeFault(mode, parsed);
  return fault === null ? { value: parsed } : { fault };
}

function readExpiry(typed: CardFields['exp'], now: Date): Read<{ expMonth: number; expYear: number }> {
  if (typeof typed === 'string' && typed.trim() === '') return { fault: 'missing' };
  const { month, year } = typeof typed === 'string' ? monthAndYear(typed) : numbers(typed);
  const expYear = year < 100 ? 2000 + year : year;
  if (!Number.isInteger(month) || month < 1 || month > 12) return { fault: 'invalid' };
  if (!Number.isInteger(expYear) || expYear < 2000 || expYear > 2099) return { fault: 'invalid' };
  if (now >= cardExpiry(expYear, month)) return { fault: 'expired' };
  return { value: { expMonth: month, expYear } };
}

/** MM/YY, MM/YYYY, MMYY, MMYYYY, YYYY-MM, with any usual separator. Month NaN when it is none of them. */
function monthAndYear(typed: string): { month: number; year: number } {
  const text = typed
    .normalize('NFKC')
    .trim()
    .replace(/\s*[/.\u2010-\u2015\u2212\u2043\u2044\u2500\u30fc-]\s*|\s+/g, '/');
  const monthFirst = /^(\d{1,2})\/(\d{2}|\d{4})$/.exec(text) ?? /^(\d{2})(\d{2}|\d{4})$/.exec(text);
  if (monthFirst !== null) return { month: Number(monthFirst[1]), year: Number(monthFirst[2]) };
  const yearFirst = /^(\d{4})\/(\d{1,2})$/.exec(text);
  return { month: Number(yearFirst?.[2]), year: Number(yearFirst?.[1]) };
}

function numbers(typed: { exp_month: number; exp_year: number }): { month: number; year: number } {
  return { month: typed.exp_month, year: typed.exp_year };
}

/**
 * Reads a code, also of a card that is kept already. Without a known brand three or four digits will do: the number has
 * a fault of its own then.
 */
export function readSecurityCode(typed: string, brand: Brand | null): Read<Secret<string>> {
  const digits = normaliseDigits(typed);
  if (digits === '') return { fault: 'missing' };
  if (!/^\d+$/.test(digits)) return { fault: 'invalid_characters' };
  const lengths = brand === null ? [3, 4] : [BRAND_RULES[brand].cscLength];
  if (!lengths.includes(digits.length)) return { fault: 'wrong_length' };
  return { value: new Secret(digits) };
}

/** Networks carry plain Latin capitals only: width, case and accents are folded, anything else is a fault. */
function readName(typed: string): Read<string> {
  const name = typed
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[\u2018\u2019\u02bc]/g, "'")
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/\s+/g, ' ')
    .trim()
    .toUpperCase();
  if (name === '') return { fault: 'missing' };
  if (!/^[A-Z .'/-]+$/.test(name)) return { fault: 'invalid_characters' };
  if (name.length < 2 || name.length > 45) return { fault: 'wrong_length' };
  if (!/[A-Z]/.test(name)) return { fault: 'invalid' };
  return { value: name };
}

function faultsOf(read: Record<keyof CardFields, Read<unknown>>): CardFaults {
  const faults: CardFaults = {};
  for (const field of ['number', 'exp', 'csc', 'name'] as const) {
    const result = read[field];
    if ('fault' in result) faults[field] = result.fault;
  }
  return faults;
}
