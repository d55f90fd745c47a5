import { and, asc, eq } from 'drizzle-orm';
import { atOneMoment, type Tx } from '../db/client.ts';
import {
  attempts,
  authentications,
  type deposits,
  numbers,
  operations,
  payments,
  sessions,
  type sessions as sessionTable,
} from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../lib/problem.ts';
import type { Merchant } from '../merchants/merchant.ts';
import type { SavedCardRow } from './saved-cards.ts';

export type SessionRow = typeof sessionTable.$inferSelect;
export type PaymentRow = typeof payments.$inferSelect;
export type AttemptRow = typeof attempts.$inferSelect;
export type AuthenticationRow = typeof authentications.$inferSelect;
export type OperationRow = typeof operations.$inferSelect;
export type NumberRow = typeof numbers.$inferSelect;
export type DepositRow = typeof deposits.$inferSelect;

/** A session with everything below it, as it stood at one moment. */
export interface Snapshot {
  session: SessionRow;
  payment: PaymentRow | null;
  /** Money that came besides, oldest first: payments marked `duplicate`. */
  duplicates: PaymentRow[];
  /** Oldest first. */
  attempts: AttemptRow[];
  /** The 3-D Secure transaction of the newest attempt. */
  authentication: AuthenticationRow | null;
  /** Oldest first; refunds are those of kind `refund`. */
  operations: OperationRow[];
  /** Numbers that were asked for, oldest first. */
  numbers: NumberRow[];
}

export interface Visit extends Snapshot {
  merchant: Merchant;
  /** What the page offers to pay by again. */
  savedCards: SavedCardRow[];
}

/** The session of this merchant and mode. Throws `not_found`. */
export async function loadSession(deps: Deps, merchant: Merchant, id: string): Promise<Snapshot> {
  return atOneMoment(deps.db, (tx) => readSession(tx, merchant, id));
}

/** The same, for reads that go on in their own moment. */
export async function readSession(tx: Tx, merchant: Merchant, id: string): Promise<Snapshot> {
  const [session] = await tx
    .select()
    .from(sessions)
    .where(
      and(
        eq(sessions.merchantId, merchant.merchantId),
        eq(sessions.id, id),
        eq(sessions.mode, merchant.mode),
      ),
    );
  if (session === undefined) throw new Problem('not_found', `There is no session ${id} in this mode.`);
  return below(tx, session);
}

/** Everything below a session row that was read in this transaction: under its lock, or `atOneMoment`. */
export async function below(tx: Tx, session: SessionRow): Promise<Snapshot> {
  const here = { merchantId: session.merchantId, id: session.id };
  const [paymentRows, attemptRows, authenticationRows, operationRows, numberRows] = await Promise.all([
    tx
      .select()
      .from(payments)
      .where(and(eq(payments.merchantId, here.merchantId), eq(payments.sessionId, here.id)))
      .orderBy(asc(payments.id)),
    tx
      .select()
      .from(attempts)
      .where(and(eq(attempts.merchantId, here.merchantId), eq(attempts.sessionId, here.id)))
      .orderBy(asc(attempts.ordinal), asc(attempts.id)),
    tx
      .select()
      .from(authentications)
      .where(and(eq(authentications.merchantId, here.merchantId), eq(authentications.sessionId, here.id))),
    tx
      .select()
      .from(operations)
      .where(and(eq(operations.merchantId, here.merchantId), eq(operations.sessionId, here.id)))
      .orderBy(asc(operations.createdAt), asc(operations.id)),
    tx
      .select()
      .from(numbers)
      .where(and(eq(numbers.merchantId, here.merchantId), eq(numbers.sessionId, here.id)))
      .orderBy(asc(numbers.createdAt), asc(numbers.id)),
  ]);
  return {
    session,
    payment: paymentRows.find(({ duplicate }) => !duplicate) ?? null,
    duplicates: paymentRows.filter(({ duplicate }) => duplicate),
    attempts: attemptRows,
    authentication: authenticationRows.find(({ attemptId }) => attemptId === attemptRows.at(-1)?.id) ?? null,
    operations: operationRows,
    numbers: numberRows,
  };
}

/** The attempt in flight, or null. */
export function attemptInFlight(snapshot: Snapshot): AttemptRow | null {
  return snapshot.attempts.find((attempt) => attempt.status === 'in_progress') ?? null;
}

/** Whether 3-D Secure still needs an address of the shopper's: neither the session nor the attempt has one. */
export function lacksContact({ session }: Snapshot, attempt: AttemptRow | null): boolean {
  return !session.customer.email && !session.customer.phone && !attempt?.email;
}

/** The authorisation or sale that holds the payment's money, and its attempt. */
export function authorizationOf(snapshot: Snapshot): { original: OperationRow; attempt: AttemptRow } {
  const attempt = snapshot.attempts.find(({ status }) => status === 'succeeded');
  const original = snapshot.operations.find(
    ({ kind, attemptId, status }) =>
      attemptId === attempt?.id && status === 'succeeded' && (kind === 'sale' || kind === 'authorize'),
  );
  if (attempt === undefined || original === undefined) {
    throw new Problem('invalid_state', 'Nothing of this payment was authorised.', {
      payment_status: snapshot.payment?.status,
    });
  }
  return { original, attempt };
}

/** The number that an attempt asked for, or null. */
export function numberOf({ numbers: rows }: Snapshot, attempt: AttemptRow | null): NumberRow | null {
  return rows.find(({ attemptId }) => attemptId === attempt?.id) ?? null;
}

/** The same session seen from another payment of it: one that came besides. */
export function asSeenFrom(snapshot: Snapshot, paymentId: string): Snapshot {
  const payment = snapshot.duplicates.find(({ id }) => id === paymentId);
  return payment === undefined ? snapshot : { ...snapshot, payment };
}
