import { and, desc, eq, inArray, sql } from 'drizzle-orm';
import { inTransaction, type Tx } from '../db/client.ts';
import {
  type CaptureMode,
  type CardOptions,
  type Customer,
  type LineItem,
  type PaymentStatus,
  payments,
  type ReturnMethod,
  type Risk,
  type SessionOrigin,
  sessions,
} from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { plus, SECOND } from '../lib/clock.ts';
import { newCapability, newId } from '../lib/ids.ts';
import { Problem } from '../lib/problem.ts';
import type { Merchant } from '../merchants/merchant.ts';
import { enqueue } from '../queue/enqueue.ts';
import { advance, lockSession, toWall } from './advance.ts';
import { attemptInFlight, below, type SessionRow, type Snapshot } from './snapshot.ts';
import { MOVING_STATUSES, PAID_STATUSES } from './state.ts';

/** The body of `POST /v1/sessions`, parsed. Amounts in minor units, `expiresIn` in seconds. */
export interface CreateSessionInput {
  /** Default `page`. */
  origin?: SessionOrigin;
  /** The link or request that the shopper came through. */
  originId?: string | null;
  orderId: string;
  amount: number;
  currency: 'JPY';
  description: string | null;
  lineItems: LineItem[] | null;
  methods: string[];
  capture: CaptureMode;
  returnUrl: string;
  cancelUrl: string | null;
  returnMethod: ReturnMethod;
  customer: Customer;
  risk: Risk | null;
  locale: string;
  expiresIn: number;
  numberExpiresDays: number;
  maxAttempts: number;
  card: CardOptions;
  metadata: Record<string, string>;
}

/**
 * Opens a session for an order. An idle open session of the same order is replaced; an order that is being paid or
 * is paid throws `order_in_progress` or `order_already_paid` with that `session_id`.
 *
 * @param workId a `cs_` id: a repeat with the same one finds the session that was made.
 */
export async function createSession(
  deps: Deps,
  merchant: Merchant,
  input: CreateSessionInput,
  workId: string = newId('cs', merchant.clock.now()),
): Promise<Snapshot> {
  return inTransaction(deps.db, 'payments.create_session', (tx) =>
    openSession(tx, merchant, deps.clock.now(), input, workId),
  );
}

/** The same inside a transaction, for callers that do more with the new session. */
export async function openSession(
  tx: Tx,
  merchant: Merchant,
  wallNow: Date,
  input: CreateSessionInput,
  id: string,
): Promise<Snapshot> {
  const made = await lockSession(tx, merchant.merchantId, id);
  if (made !== null) return made;
  await freeOrder(tx, merchant, wallNow, input.orderId, id);
  const row = sessionRow(merchant, input, id);
  await tx.insert(sessions).values(row);
  await enqueue(tx, {
    name: 'expire_session',
    key: id,
    payload: { merchant_id: merchant.merchantId, session_id: id },
    runAt: toWall(merchant, wallNow, row.expiresAt),
    clock: 'merchant',
    merchantId: merchant.merchantId,
    mode: merchant.mode,
    now: wallNow,
  });
  return below(tx, row);
}

/** One order, one payment: the lock makes creators of one order wait for each other; constraints hold the rest. */
async function freeOrder(
  tx: Tx,
  merchant: Merchant,
  wallNow: Date,
  orderId: string,
  newSessionId: string,
): Promise<void> {
  await lockOrder(tx, merchant, orderId);
  const current = await lockOpenSession(tx, merchant, orderId);
  if (current !== null) {
    if (attemptInFlight(current) !== null) throw inProgress(orderId, current.session.id);
    await advance(tx, merchant, wallNow, current, {
      event: 'session_ended',
      status: 'expired',
      reason: 'replaced',
      replacedBy: newSessionId,
    });
    return;
  }
  await refuseTakenOrder(tx, merchant, orderId);
}

/** Whoever decides about an order as a whole holds this first, and locks sessions after it. */
export async function lockOrder(tx: Tx, { merchantId, mode }: Merchant, orderId: string): Promise<void> {
  const order = `${merchantId}/${mode}/${orderId}`;
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${order}, 1))`);
}

/** The order's open session, locked; null when it has none. */
export async function lockOpenSession(
  tx: Tx,
  { merchantId, mode }: Merchant,
  orderId: string,
): Promise<Snapshot | null> {
  const [open] = await tx
    .select({ id: sessions.id })
    .from(sessions)
    .where(
      and(
        eq(sessions.merchantId, merchantId),
        eq(sessions.mode, mode),
        eq(sessions.orderId, orderId),
        eq(sessions.status, 'open'),
      ),
    );
  const locked = open === undefined ? null : await lockSession(tx, merchantId, open.id);
  return locked?.session.status === 'open' ? locked : null;
}

async function refuseTakenOrder(tx: Tx, merchant: Merchant, orderId: string): Promise<void> {
  const taken = await holderOf(tx, merchant, orderId);
  if (taken === null) return;
  const paid: readonly string[] = PAID_STATUSES;
  if (!paid.includes(taken.status)) throw inProgress(orderId, taken.sessionId);
  throw new Problem(
    'order_already_paid',
    `Order ${orderId} is paid by session ${taken.sessionId}. Use another order_id for another payment.`,
    { session_id: taken.sessionId },
  );
}

/** The newest payment that holds the order, paid or on the way; null when it is free. */
export async function holderOf(
  tx: Tx,
  { merchantId, mode }: Merchant,
  orderId: string,
): Promise<{ sessionId: string; status: PaymentStatus } | null> {
  const [taken] = await tx
    .select({ sessionId: payments.sessionId, status: payments.status })
    .from(payments)
    .where(
      and(
        eq(payments.merchantId, merchantId),
        eq(payments.mode, mode),
        eq(payments.orderId, orderId),
        inArray(payments.status, [...PAID_STATUSES, ...MOVING_STATUSES]),
      ),
    )
    .orderBy(desc(payments.id))
    .limit(1);
  return taken ?? null;
}

function inProgress(orderId: string, sessionId: string): Problem {
  return new Problem(
    'order_in_progress',
    `Order ${orderId} is being paid in session ${sessionId}. Wait for its result, or send the shopper there.`,
    { session_id: sessionId },
  );
}

function sessionRow(merchant: Merchant, input: CreateSessionInput, id: string): SessionRow {
  const now = merchant.clock.now();
  const { expiresIn, ...fields } = input;
  return {
    origin: 'page',
    originId: null,
    ...fields,
    merchantId: merchant.merchantId,
    mode: merchant.mode,
    id,
    token: newCapability(merchant.merchantId),
    status: 'open',
    endedReason: null,
    replacedBy: null,
    version: 0,
    sequence: 0,
    endingEventId: null,
    expiresAt: plus(now, expiresIn * SECOND),
    createdAt: now,
    endedAt: null,
  };
}
