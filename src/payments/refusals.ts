import type { PaymentStatus } from '../db/schema.ts';
import { Problem } from '../lib/problem.ts';
import type { PaidSnapshot } from './carry-out.ts';

/** The payment is in another state than this needs; the detail says what can be done instead. */
export function invalidState({ payment }: PaidSnapshot, needed: string): Problem {
  const detail = `The payment is ${payment.status}; this needs ${needed}. ${INSTEAD[payment.status]}`;
  return new Problem('invalid_state', detail, { payment_status: payment.status });
}

/** The hold may not be captured any more, though it is not released yet. */
export function holdIsOver({ payment }: PaidSnapshot): Problem {
  const until = payment.captureBefore?.toISOString();
  const detail = `The hold could be captured until ${until}; it is being released. ${RELEASED}`;
  return new Problem('invalid_state', detail, { payment_status: payment.status });
}

/** Stores and banks give nothing back: what the merchant can do instead. */
export function onlyByTransfer({ payment }: PaidSnapshot): Problem {
  const detail = `Money paid by ${payment.method} cannot go back the way it came. Ask the shopper for a bank account and return it by a transfer from yours.`;
  return new Problem('not_supported', detail, { payment_status: payment.status });
}

export function amountTooLarge(asked: number, left: number, instead = ''): Problem {
  const detail = `${asked} is more than the ${left} that are left. ${instead}`.trim();
  return new Problem('amount_too_large', detail, { amount_left: left });
}

const WAIT = 'The shopper has not paid yet: wait for the result.';
const RELEASED =
  'A hold that was released cannot be taken up or authorised again: the order needs a new session, paid by the shopper.';
const CAPTURED =
  'A capture happens once and releases the rest: for more make a session under another order_id; to give back, refund it.';

const INSTEAD = {
  requires_method: WAIT,
  requires_action: WAIT,
  processing: WAIT,
  awaiting_payment: WAIT,
  authorized: 'Nothing of it is captured yet: capture it, or cancel it to release the hold.',
  captured: CAPTURED,
  partially_refunded: CAPTURED,
  refunded: 'All of it was given back: for another payment make a session under another order_id.',
  voided: RELEASED,
  expired: RELEASED,
  failed: 'Nothing is held or charged: make a new session for the order and send the shopper there.',
} as const satisfies Record<PaymentStatus, string>;
