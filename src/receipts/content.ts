import type { LineItem, ReceiptContent } from '../db/schema.ts';
import type { Merchant } from '../merchants/merchant.ts';
import type { AttemptRow, OperationRow, PaymentRow, SessionRow } from '../payments/snapshot.ts';
import { taxPerRate } from './tax.ts';

/** A payment whose money came, with what is told of it. */
export interface Paid {
  merchant: Merchant;
  session: SessionRow;
  payment: PaymentRow & { capturedAt: Date };
  /** The attempt that succeeded. */
  attempt: AttemptRow | null;
}

type Why = ReceiptContent['plainBecause'];
type PerRate = ReceiptContent['perRate'];

/**
 * What a receipt says. It is a qualified simplified invoice (適格簡易請求書) where it can be: the issuer is registered,
 * and every yen of it has a tax rate that the shop told.
 */
export function receiptContent(paid: Paid): ReceiptContent {
  const { session, payment } = paid;
  const whole = payment.amountCaptured === session.amount;
  const items = session.lineItems ?? [];
  const perRate = whole && !payment.duplicate ? amountsPerRate(paid, items) : [];
  return {
    ...common(paid),
    amount: payment.amountCaptured,
    refundedAt: null,
    items: whole ? items.map(shownItem) : [],
    perRate,
    plainBecause: payment.duplicate ? 'duplicate' : whole ? whyPlain(paid, perRate) : 'part',
  };
}

/**
 * What a document for a refund says: a qualified return invoice (適格返還請求書) where the rates of what went back are
 * known, which they are when all of it did, or all of the order has one rate.
 */
export function returnContent(paid: Paid, refund: OperationRow): ReceiptContent {
  const receipt = receiptContent(paid);
  const all = refund.amount === receipt.amount;
  const [only, ...others] = receipt.perRate;
  const oneRate = only !== undefined && others.length === 0;
  const part = oneRate ? ratesOf(paid, [{ amount: refund.amount, rate: only.rate }]) : [];
  return {
    ...receipt,
    amount: refund.amount,
    refundedAt: (refund.settledAt ?? refund.createdAt).toISOString(),
    items: all ? receipt.items : [],
    perRate: all ? receipt.perRate : part,
    plainBecause: all || oneRate ? receipt.plainBecause : 'part',
  };
}

function common({ merchant, session, payment, attempt }: Paid) {
  const { issuer, registrationNumber } = merchant.settings;
  const card =
    attempt === null || attempt.brand === null || attempt.last4 === null
      ? null
      : { brand: attempt.brand, last4: attempt.last4 };
  return {
    issuer: { name: issuer?.name ?? merchant.name, address: issuer?.address ?? null, registrationNumber },
    orderId: session.orderId,
    purpose: session.description,
    paidAt: payment.capturedAt.toISOString(),
    method: { id: payment.method, chain: null, card },
  };
}

function shownItem({ name, quantity, unit_amount, tax_rate }: LineItem): ReceiptContent['items'][number] {
  return { name, quantity, amount: quantity * unit_amount, rate: tax_rate ?? null };
}

/** Empty as soon as one item has no rate: a document gives all of its money by rate, or none. */
function amountsPerRate(paid: Paid, items: readonly LineItem[]): PerRate {
  const taxed = items.flatMap(({ quantity, unit_amount, tax_rate }) =>
    tax_rate === undefined ? [] : [{ amount: quantity * unit_amount, rate: tax_rate }],
  );
  return taxed.length < items.length ? [] : ratesOf(paid, taxed);
}

/** Only who is registered states a tax: a buyer could not deduct another's. */
function ratesOf({ merchant }: Paid, lines: { amount: number; rate: number }[]): PerRate {
  const { taxRounding: rounding, registrationNumber } = merchant.settings;
  return taxPerRate(lines, { rounding, pricesIncludeTax: true }).map(({ rate, totalIncludingTax, tax }) => ({
    rate,
    amount: totalIncludingTax,
    tax: registrationNumber === null || rate === 0 ? null : tax,
  }));
}

function whyPlain({ merchant }: Paid, perRate: PerRate): Why {
  if (merchant.settings.registrationNumber === null) return 'not_registered';
  if (perRate.length === 0) return 'no_rates';
  return perRate.every(({ rate }) => rate === 0) ? 'not_taxed' : null;
}
