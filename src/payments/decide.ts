import type { AttemptPhase, EndedReason, FailureCode, SessionStatus } from '../db/schema.ts';
import { plus } from '../lib/clock.ts';
import { unreachable } from '../lib/unreachable.ts';
import { methodOf } from '../methods/methods.ts';
import { allowed, impossible, paymentOf, withAttempt, withPayment, withSession } from './changed.ts';
import { deposited, numberIssued } from './decide-number.ts';
import { type AttemptRow, attemptInFlight, type PaymentRow, type Snapshot } from './snapshot.ts';

/** What can happen to a session. Amounts in minor units. */
export type Change =
  | { event: 'attempt_started'; attempt: AttemptRow; paymentId: string }
  /** A step on the way that nobody outside sees. `email`: what the shopper was asked for meanwhile. */
  | { event: 'attempt_moved'; phase: AttemptPhase; email?: string }
  | { event: 'authorization_sent' }
  /** `holdLifeMs`: how long a hold may be captured. */
  | { event: 'approved'; holdLifeMs: number; savedCardId: string | null }
  | { event: 'attempt_failed'; failure: FailureCode; detail: string | null; counts: boolean }
  | {
      event: 'session_ended';
      status: Exclude<SessionStatus, 'open' | 'complete'>;
      reason: EndedReason;
      replacedBy: string | null;
    }
  | { event: 'capture_approved'; amount: number }
  /** `gone`: the network knows of no such hold any more. */
  | { event: 'capture_declined'; gone: boolean }
  | { event: 'void_approved' }
  | { event: 'void_declined'; gone: boolean }
  | { event: 'refund_started'; amount: number }
  | { event: 'refund_approved'; amount: number }
  | { event: 'refund_declined'; amount: number }
  | { event: 'hold_expiring' }
  | { event: 'lapsed' }
  | { event: 'number_issued' }
  /**
   * Money came on the number of an attempt. `orderTaken`: another session's payment holds the order by now.
   * `furtherId`: of the payment that it becomes if it cannot be this session's own.
   */
  | { event: 'deposited'; attemptId: string; amount: number; orderTaken: boolean; furtherId: string };

/** The public events (contract, section 6). */
export const EVENT_TYPES = [
  'session.completed',
  'session.expired',
  'session.canceled',
  'payment.attempt_failed',
  'payment.awaiting_payment',
  'payment.authorized',
  'payment.captured',
  'payment.authorization_expiring',
  'payment.voided',
  'payment.refunded',
  'payment.expired',
  'payment.capture_failed',
  'payment.refund_failed',
  'ping',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** Those that only go to endpoints which name them: who asks for every event gets the ones of the contract. */
export const ON_REQUEST: readonly string[] = ['payment.authorization_expiring'] satisfies EventType[];

export interface Decision {
  after: Snapshot;
  /** In the order in which they are told. */
  events: EventType[];
  /** The events are about the further payment that came last, not about the session's own. */
  further?: true;
}

/**
 * What a change makes of a session. Pure. An impossible change is our fault and throws; verbs that answer callers
 * check before.
 */
export function decide(before: Snapshot, change: Change, now: Date): Decision {
  switch (change.event) {
    case 'attempt_started':
      return attemptStarted(before, change, now);
    case 'attempt_moved':
      return { after: attemptMoved(before, change), events: [] };
    case 'authorization_sent':
      return {
        after: withPayment(withAttempt(before, { phase: 'authorizing' }), change.event, {}),
        events: [],
      };
    case 'approved':
      return approved(before, change, now);
    case 'attempt_failed':
      return attemptFailed(before, change, now);
    case 'session_ended':
      return sessionEnded(before, change, now);
    case 'capture_approved':
      return {
        after: withPayment(before, change.event, { amountCaptured: change.amount, capturedAt: now }),
        events: ['payment.captured'],
      };
    case 'capture_declined':
      return { after: holdDeclined(before, change, now), events: ['payment.capture_failed'] };
    case 'void_approved':
      return { after: withPayment(before, change.event, {}), events: ['payment.voided'] };
    case 'void_declined':
      return { after: holdDeclined(before, change, now), events: [] };
    case 'hold_expiring':
      return {
        after: withPayment(before, change.event, { expiryToldAt: now }),
        events: ['payment.authorization_expiring'],
      };
    case 'refund_started':
    case 'refund_approved':
    case 'refund_declined':
      return refunded(before, change);
    case 'number_issued':
      return numberIssued(before, now);
    case 'deposited':
      return deposited(before, change, now);
    case 'lapsed':
      return { after: withPayment(before, change.event, {}), events: ['payment.expired'] };
    default:
      return unreachable(change);
  }
}

function attemptStarted(
  before: Snapshot,
  change: Change & { event: 'attempt_started' },
  now: Date,
): Decision {
  const { session, payment } = before;
  if (session.status !== 'open' || attemptInFlight(before) !== null) throw impossible(before, change.event);
  const byNumber = methodOf(change.attempt.method)?.flow === 'number';
  const status = allowed(payment?.status ?? 'none', byNumber ? 'number_requested' : change.event);
  const started: PaymentRow = {
    merchantId: session.merchantId,
    id: change.paymentId,
    mode: session.mode,
    sessionId: session.id,
    orderId: session.orderId,
    amount: session.amount,
    currency: session.currency,
    capture: session.capture,
    amountCaptured: 0,
    amountRefunded: 0,
    amountRefunding: 0,
    late: false,
    duplicate: false,
    createdAt: now,
    authorizedAt: null,
    capturedAt: null,
    captureBefore: null,
    expiryToldAt: null,
    receiptToken: null,
    ...payment,
    status,
    method: change.attempt.method,
  };
  const attempt = { ...change.attempt, paymentId: started.id };
  return { after: { ...before, payment: started, attempts: [...before.attempts, attempt] }, events: [] };
}

function attemptMoved(before: Snapshot, { phase, email }: Change & { event: 'attempt_moved' }): Snapshot {
  return withAttempt(before, email === undefined ? { phase } : { phase, email });
}

function approved(before: Snapshot, change: Change & { event: 'approved' }, now: Date): Decision {
  const automatic = before.session.capture === 'automatic';
  const moved = withPayment(before, automatic ? 'sold' : 'approved', {
    authorizedAt: now,
    ...(automatic
      ? { capturedAt: now, amountCaptured: before.session.amount }
      : { captureBefore: plus(now, change.holdLifeMs) }),
  });
  const succeeded = withAttempt(moved, {
    status: 'succeeded',
    phase: null,
    savedCardId: change.savedCardId,
    endedAt: now,
  });
  return {
    after: withSession(succeeded, { status: 'complete', endedReason: 'paid', endedAt: now }),
    events: [automatic ? 'payment.captured' : 'payment.authorized', 'session.completed'],
  };
}

/** A hold that the network no longer knows has lapsed: what it leaves to do is done at once. */
function holdDeclined(
  before: Snapshot,
  change: Change & { event: 'capture_declined' | 'void_declined' },
  now: Date,
): Snapshot {
  return withPayment(before, change.event, change.gone ? { captureBefore: now } : {});
}

/** A failed attempt leaves the session open, until it was the last one allowed or the session's time is over. */
function attemptFailed(before: Snapshot, change: Change & { event: 'attempt_failed' }, now: Date): Decision {
  const failed = withPayment(
    withAttempt(before, {
      status: 'failed',
      phase: null,
      failure: change.failure,
      failureDetail: change.detail,
      counts: change.counts,
      endedAt: now,
    }),
    change.event,
    {},
  );
  const reason = endingAfterFailure(failed, now);
  if (reason === null) return { after: failed, events: ['payment.attempt_failed'] };
  const ended = sessionEnded(
    failed,
    { event: 'session_ended', status: 'expired', reason, replacedBy: null },
    now,
  );
  return { after: ended.after, events: ['payment.attempt_failed', ...ended.events] };
}

function endingAfterFailure(snapshot: Snapshot, now: Date): EndedReason | null {
  const used = snapshot.attempts.filter((attempt) => attempt.counts).length;
  if (used >= snapshot.session.maxAttempts) return 'attempts_used';
  return now >= snapshot.session.expiresAt ? 'timed_out' : null;
}

function sessionEnded(before: Snapshot, change: Change & { event: 'session_ended' }, now: Date): Decision {
  if (before.session.status !== 'open' || attemptInFlight(before) !== null)
    throw impossible(before, change.event);
  const ended = withSession(before, {
    status: change.status,
    endedReason: change.reason,
    replacedBy: change.replacedBy,
    endedAt: now,
  });
  return {
    after: before.payment === null ? ended : withPayment(ended, change.event, {}),
    events: [change.status === 'canceled' ? 'session.canceled' : 'session.expired'],
  };
}

function refunded(
  before: Snapshot,
  change: Change & { event: 'refund_started' | 'refund_approved' | 'refund_declined' },
): Decision {
  const { amountCaptured, amountRefunded, amountRefunding } = paymentOf(before);
  switch (change.event) {
    case 'refund_started':
      return {
        after: withPayment(before, change.event, { amountRefunding: amountRefunding + change.amount }),
        events: [],
      };
    case 'refund_approved': {
      const total = amountRefunded + change.amount;
      const event = total === amountCaptured ? 'full_refund_approved' : 'partial_refund_approved';
      return {
        after: withPayment(before, event, {
          amountRefunded: total,
          amountRefunding: amountRefunding - change.amount,
        }),
        events: ['payment.refunded'],
      };
    }
    case 'refund_declined':
      return {
        after: withPayment(before, change.event, { amountRefunding: amountRefunding - change.amount }),
        events: ['payment.refund_failed'],
      };
    default:
      return unreachable(change);
  }
}
