import type { PaymentStatus } from '../db/schema.ts';
import {
  type AttemptRow,
  attemptInFlight,
  type PaymentRow,
  type SessionRow,
  type Snapshot,
} from './snapshot.ts';
import { next, type PaymentEvent } from './state.ts';

/** A snapshot with parts of it changed; what cannot happen throws. */
export function withSession(snapshot: Snapshot, changes: Partial<SessionRow>): Snapshot {
  return { ...snapshot, session: { ...snapshot.session, ...changes } };
}

export function withPayment(snapshot: Snapshot, event: PaymentEvent, changes: Partial<PaymentRow>): Snapshot {
  const payment = paymentOf(snapshot);
  return { ...snapshot, payment: { ...payment, ...changes, status: allowed(payment.status, event) } };
}

export function withAttempt(snapshot: Snapshot, changes: Partial<AttemptRow>): Snapshot {
  const current = attemptInFlight(snapshot);
  if (current === null) throw impossible(snapshot, 'attempt change');
  const attempts = snapshot.attempts.map((row) => (row.id === current.id ? { ...row, ...changes } : row));
  return { ...snapshot, attempts };
}

export function paymentOf(snapshot: Snapshot): PaymentRow {
  if (snapshot.payment === null) throw impossible(snapshot, 'payment change');
  return snapshot.payment;
}

export function allowed(status: PaymentStatus | 'none', event: PaymentEvent): PaymentStatus {
  const after = next(status, event);
  if (after === null) throw new Error(`${event} cannot follow ${status}`);
  return after;
}

export function impossible(snapshot: Snapshot, what: string): Error {
  const { session, payment } = snapshot;
  return new Error(
    `${what} is impossible: session ${session.id} ${session.status}, payment ${payment?.status}`,
  );
}
