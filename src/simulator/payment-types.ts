import type { Brand } from '../lib/card.ts';

/** What a sale or authorisation says of how the cardholder pays back: DE63 and elements 07 and 08 of DE48, as sent. */
export interface SentPaymentType {
  /** JPO, such as `10` or `61C03`. */
  code: string;
  count: string | null;
  bonusMonth: string | null;
}

/** The issuers' answers to it (docs/acquirer-link.md, section 5): a G code, or null where nothing is wrong. */
export function paymentTypeFault({ code, count, bonusMonth }: SentPaymentType, brand: Brand): string | null {
  const [, kind = '', detail = null] = /^(10|21|31|61|80)(?:C(.*))?$/.exec(code) ?? [];
  if (!KINDS_OF[brand].includes(kind)) return WRONG_TYPE;
  const counts = COUNTS_OF[kind];
  if (counts === undefined ? detail !== null || count !== null : detail !== count) return WRONG_COUNT;
  if (counts !== undefined && !counts.includes(detail ?? '')) return WRONG_COUNT;
  const bonus = kind === '21' || kind === '31';
  const fits = bonus ? /^\d\d(01|08)$/.test(bonusMonth ?? '') : bonusMonth === null;
  return fits ? null : WRONG_BONUS_MONTH;
}

const WRONG_BONUS_MONTH = 'G71';
const WRONG_COUNT = 'G74';
const WRONG_TYPE = 'G78';

const ALL = ['10', '21', '31', '61', '80'];
const KINDS_OF: Readonly<Record<Brand, readonly string[]>> = {
  visa: ALL,
  mastercard: ALL,
  jcb: ALL,
  amex: ['10', '21', '61'],
  diners: ['10', '21', '80'],
};

const INSTALMENTS = ['02', '03', '05', '06', '10', '12', '15', '18', '20', '24'];
const COUNTS_OF: Readonly<Record<string, readonly string[] | undefined>> = {
  '31': INSTALMENTS.slice(1),
  '61': INSTALMENTS,
};
