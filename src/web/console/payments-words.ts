import { PAYMENTS_TEXTS } from '../../i18n/console/payments.ts';
import { formatMoney } from '../../i18n/format.ts';
import { BRAND_NAMES } from '../../lib/card.ts';
import type { AttemptRow, PaymentRow } from '../../payments/snapshot.ts';
import type { ConsoleLanguage } from './route.ts';

export type PaymentTexts = (typeof PAYMENTS_TEXTS)['ja'] | (typeof PAYMENTS_TEXTS)['en'];

export interface Chip {
  text: string;
  state: 'good' | 'waiting' | 'bad' | 'over';
}

const STATES = {
  requires_method: 'waiting',
  requires_action: 'waiting',
  processing: 'waiting',
  awaiting_payment: 'waiting',
  authorized: 'waiting',
  captured: 'good',
  partially_refunded: 'over',
  refunded: 'over',
  voided: 'over',
  failed: 'bad',
  expired: 'over',
} as const satisfies Record<PaymentRow['status'], Chip['state']>;

export function statusChip(language: ConsoleLanguage, status: PaymentRow['status']): Chip {
  return { text: PAYMENTS_TEXTS[language].statuses[status], state: STATES[status] };
}

/** What is out of the ordinary with a payment, besides its status. */
export function marksOf(language: ConsoleLanguage, payment: PaymentRow): string[] {
  const { marks } = PAYMENTS_TEXTS[language];
  const expiring = payment.status === 'authorized' && payment.expiryToldAt !== null;
  return [
    ...(payment.late ? [marks.late] : []),
    ...(payment.duplicate ? [marks.duplicate] : []),
    ...(expiring ? [marks.expiring] : []),
  ];
}

export function methodName(language: ConsoleLanguage, method: string): string {
  const names: Readonly<Record<string, string>> = PAYMENTS_TEXTS[language].methods;
  return names[method] ?? method;
}

/** The card as people know it, else the method. */
export function paidBy(language: ConsoleLanguage, method: string, attempt: AttemptRow | null): string {
  if (method !== 'card' || !attempt?.brand) return methodName(language, method);
  return `${BRAND_NAMES[attempt.brand]} •••• ${attempt.last4}`;
}

export function money(language: ConsoleLanguage, amount: number): string {
  return formatMoney(language, amount);
}

/** A moment in Japan, with what a program reads beside it. */
export interface Stamp {
  iso: string;
  text: string;
}

const TO_THE_MINUTE = japan({ hour: '2-digit', minute: '2-digit' });
const TO_THE_SECOND = japan({ hour: '2-digit', minute: '2-digit', second: '2-digit' });

function japan(time: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const day = { year: 'numeric', month: '2-digit', day: '2-digit', hourCycle: 'h23' } as const;
  return new Intl.DateTimeFormat('ja-JP', { timeZone: 'Asia/Tokyo', ...day, ...time });
}

export function stamp(at: Date, seconds = false): Stamp {
  return { iso: at.toISOString(), text: (seconds ? TO_THE_SECOND : TO_THE_MINUTE).format(at) };
}

/** The first character of each word of a name; the rest is nobody's business who need not know it. */
export function maskedName(name: string): string {
  return name
    .trim()
    .split(/\s+/)
    .map((word) => `${[...word][0] ?? ''}＊`)
    .join(' ');
}

export function maskedEmail(address: string): string {
  const [local = '', domain = ''] = address.split('@');
  return `${[...local][0] ?? ''}＊＊＊@${domain}`;
}

export function maskedPhone(phone: string): string {
  return `＊＊＊${phone.slice(-2)}`;
}
