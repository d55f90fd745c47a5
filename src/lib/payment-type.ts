/**
 * Payment types of cards in Japan (支払区分): how a cardholder pays the issuer back. The merchant gets the whole amount
 * at once, whatever was chosen. What travels on the link for each is written in `acquirer/`.
 */
import type { Brand } from './card.ts';
import { HOUR, plus } from './clock.ts';

export const PAYMENT_TYPES = [
  'lump_sum',
  'installments',
  'revolving',
  'bonus',
  'bonus_installments',
] as const;
export type PaymentTypeName = (typeof PAYMENT_TYPES)[number];

/** `count`: the number of payments, of the two types that have one. */
export type PaymentType =
  | { type: 'lump_sum' | 'revolving' | 'bonus'; count: null }
  | { type: 'installments' | 'bonus_installments'; count: number };

export const LUMP_SUM: PaymentType = { type: 'lump_sum', count: null };

/** The numbers of payments that issuers in Japan know; with bonus payments from three on. */
export const COUNTS: readonly number[] = [2, 3, 5, 6, 10, 12, 15, 18, 20, 24];
export const BONUS_COUNTS: readonly number[] = COUNTS.filter((count) => count > 2);

/**
 * What a brand's issuers in Japan take at a shop. Visa, Mastercard and JCB cards come from issuers that offer all of
 * it. American Express has no revolving payment at the till (it is arranged with the issuer afterwards), Diners Club
 * no instalments. Foreign cards take a lump sum only: nobody but the issuer knows, so that is its answer (G78).
 */
const BY_BRAND = {
  visa: PAYMENT_TYPES,
  mastercard: PAYMENT_TYPES,
  jcb: PAYMENT_TYPES,
  amex: ['lump_sum', 'installments', 'bonus'],
  diners: ['lump_sum', 'revolving', 'bonus'],
} as const satisfies Record<Brand, readonly PaymentTypeName[]>;

export function brandTakes(brand: Brand, { type }: PaymentType): boolean {
  const taken: readonly PaymentTypeName[] = BY_BRAND[brand];
  return taken.includes(type);
}

/** One word for a payment type, in forms: `lump_sum`, `installments_3`. */
export function wordOf({ type, count }: PaymentType): string {
  return count === null ? type : `${type}_${count}`;
}

/**
 * When a purchase may be charged to a bonus, and to which: days in Japan as MMDD, both included. The weeks before each
 * bonus belong to none, since it is too late for the one and too early for the next.
 */
const SEASONS: readonly { from: string; to: string; month: string; nextYear: boolean }[] = [
  { from: '0101', to: '0615', month: '08', nextYear: false },
  { from: '0716', to: '1115', month: '01', nextYear: true },
  { from: '1216', to: '1231', month: '08', nextYear: true },
];

/** YYMM of the bonus that a purchase at this moment is charged to; null where there is none. */
export function bonusMonth(at: Date): string | null {
  const japan = plus(at, 9 * HOUR).toISOString();
  const day = japan.slice(5, 10).replace('-', '');
  const season = SEASONS.find(({ from, to }) => from <= day && day <= to);
  if (season === undefined) return null;
  const year = Number(japan.slice(2, 4)) + (season.nextYear ? 1 : 0);
  return `${String(year % 100).padStart(2, '0')}${season.month}`;
}
