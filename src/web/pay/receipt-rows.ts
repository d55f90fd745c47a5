import { formatMoney, formatTime, type Money, moneyParts } from '../../i18n/format.ts';
import { paymentTypeText } from '../../i18n/payment-types.ts';
import { RECEIPT_TEXTS } from '../../i18n/receipt/receipt-texts.ts';
import type { Language } from '../../i18n/texts.ts';
import { BRAND_NAMES } from '../../lib/card.ts';
import { shopNameOf } from '../../merchants/merchant.ts';
import { choiceOf, methodOf } from '../../methods/methods.ts';
import { paymentTypeOf } from '../../payments/payment-types.ts';
import { receiptPath } from '../../payments/present.ts';
import type { PaymentRow, Visit } from '../../payments/snapshot.ts';
import { issuedNumber } from './number-page.ts';
import type { Frame } from './page.ts';
import type { Outcome } from './select-view.ts';

/** What an ended page tells of the money. */
export interface Receipt {
  total: Money;
  rows: { label: string; value: string }[];
  /** To the document; null before the money came. */
  link: { href: string; text: string } | null;
}

export function receiptOf({ t, query }: Frame, visit: Visit, outcome: Outcome): Receipt | null {
  const { session, payment, merchant, attempts } = visit;
  if (payment === null || !WITH_RECEIPT.includes(outcome)) return null;
  const language: Language = t.lang;
  const paidAt = payment.capturedAt ?? payment.authorizedAt;
  const card = attempts.find(({ status }) => status === 'succeeded');
  const method = methodOf(payment.method);
  const rows = [{ label: t.receipt.shop, value: shopNameOf(merchant) }];
  if (session.description !== null) rows.push({ label: t.receipt.item, value: session.description });
  if (card?.brand && card.last4) {
    const value = t.receipt.cardEnding(BRAND_NAMES[card.brand], card.last4);
    rows.push({ label: t.receipt.card, value });
    rows.push({ label: t.paymentTypes.label, value: paymentTypeText(t, paymentTypeOf(card)) });
  }
  if (method !== null && method.flow !== 'card') {
    const place = choiceOf(method, issuedNumber(visit)?.choice ?? null);
    const names = [method.name[t.lang], ...(place === null ? [] : [place.name[t.lang]])];
    rows.push({ label: t.receipt.card, value: names.join(' / ') });
  }
  if (paidAt !== null) {
    rows.push({ label: t.receipt.paidAt, value: formatTime(language, paidAt, merchant.clock.now()) });
  }
  rows.push({ label: t.receipt.order, value: session.orderId });
  const total = movedOf(payment, outcome);
  if (total !== payment.amount) {
    rows.push({ label: t.receipt.ordered, value: formatMoney(language, payment.amount) });
  }
  if (payment.amountRefunded > 0 && outcome !== 'refunded') {
    rows.push({ label: t.receipt.refunded, value: formatMoney(language, payment.amountRefunded) });
  }
  const path = receiptPath(payment);
  const link = path === null ? null : { href: `${path}${query}`, text: RECEIPT_TEXTS[language].link };
  return { total: moneyParts(language, total), rows, link };
}

/** The money that the page speaks of: what is held, what was taken, or what was given back. */
function movedOf(payment: PaymentRow, outcome: Outcome): number {
  if (outcome === 'refunded') return payment.amountRefunded;
  return outcome === 'accepted' ? payment.amount : payment.amountCaptured;
}

const WITH_RECEIPT: readonly Outcome[] = ['paid', 'accepted', 'refunded'];
