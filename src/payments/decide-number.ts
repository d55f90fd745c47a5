import type { PaymentStatus } from '../db/schema.ts';
import { impossible, paymentOf, withAttempt, withPayment, withSession } from './changed.ts';
import type { Change, Decision } from './decide.ts';
import { type AttemptRow, attemptInFlight, type PaymentRow, type Snapshot } from './snapshot.ts';

/** The order is bound to the number from here on; what was bought is not paid. */
export function numberIssued(before: Snapshot, now: Date): Decision {
  const issued = withPayment(before, 'number_issued', {});
  const succeeded = withAttempt(issued, { status: 'succeeded', phase: null, endedAt: now });
  return {
    after: withSession(succeeded, { status: 'complete', endedReason: 'number_issued', endedAt: now }),
    events: ['payment.awaiting_payment', 'session.completed'],
  };
}

type Deposited = Change & { event: 'deposited' };

/**
 * Money that came is never lost: the payment takes it, late if need be; what it cannot take, or what is not of its
 * amount, is a further payment.
 */
export function deposited(before: Snapshot, change: Deposited, now: Date): Decision {
  const attempt = before.attempts.find(({ id }) => id === change.attemptId);
  if (attempt === undefined) throw impossible(before, change.event);
  const { status, amount } = paymentOf(before);
  if (change.amount !== amount) return further(before, change, attempt, now);
  const inFlight = attemptInFlight(before);
  if (status === 'awaiting_payment' || inFlight?.id === attempt.id) return inTime(before, now);
  const free = inFlight === null && OVER.includes(status) && !change.orderTaken;
  return free ? late(before, attempt, now) : further(before, change, attempt, now);
}

/** Statuses of a payment that came to nothing. */
const OVER: readonly PaymentStatus[] = ['requires_method', 'failed', 'voided', 'expired'];

function inTime(before: Snapshot, now: Date): Decision {
  const { amount } = paymentOf(before);
  const paid = withPayment(before, 'deposited', { amountCaptured: amount, capturedAt: now });
  if (before.session.status !== 'open') return { after: paid, events: ['payment.captured'] };
  return completed(withAttempt(paid, { ...WON, endedAt: now }), now);
}

/** Of an attempt that had been given up, or of a number that had lapsed or was withdrawn. */
function late(before: Snapshot, attempt: AttemptRow, now: Date): Decision {
  const { amount } = paymentOf(before);
  const money = { method: attempt.method, amountCaptured: amount, capturedAt: now, late: true };
  const paid = withPayment(before, 'deposited_late', money);
  const attempts = paid.attempts.map((row) => (row.id === attempt.id ? { ...row, ...WON } : row));
  const after = { ...paid, attempts };
  return before.session.status === 'open' ? completed(after, now) : { after, events: ['payment.captured'] };
}

const WON = { status: 'succeeded', phase: null, failure: null, failureDetail: null } as const;

function completed(paid: Snapshot, now: Date): Decision {
  return {
    after: withSession(paid, { status: 'complete', endedReason: 'paid', endedAt: now }),
    events: ['payment.captured', 'session.completed'],
  };
}

function further(
  before: Snapshot,
  { furtherId, amount }: Deposited,
  attempt: AttemptRow,
  now: Date,
): Decision {
  const first = paymentOf(before);
  const payment: PaymentRow = {
    ...first,
    id: furtherId,
    status: 'captured',
    method: attempt.method,
    capture: 'automatic',
    amount,
    amountCaptured: amount,
    amountRefunded: 0,
    amountRefunding: 0,
    late: OVER.includes(first.status),
    duplicate: true,
    createdAt: now,
    authorizedAt: null,
    capturedAt: now,
    captureBefore: null,
    expiryToldAt: null,
    receiptToken: null,
  };
  return {
    after: { ...before, duplicates: [...before.duplicates, payment] },
    events: ['payment.captured'],
    further: true,
  };
}
