import { and, eq } from 'drizzle-orm';
import type { Tx } from '../db/client.ts';
import { attempts, events, payments, sessions } from '../db/schema.ts';
import { plus } from '../lib/clock.ts';
import { newCapability, newId } from '../lib/ids.ts';
import { asciiJson } from '../lib/json.ts';
import { observe } from '../lib/observed.ts';
import { limited, noteEnd } from '../limits/trials.ts';
import type { Merchant } from '../merchants/merchant.ts';
import { enqueue } from '../queue/enqueue.ts';
import { type Change, decide, type EventType } from './decide.ts';
import { warnAt } from './hold-life.ts';
import { presentForEvent } from './present.ts';
import { isSearchedOtherwise, writeSearch } from './search-terms.ts';
import { type AttemptRow, below, type PaymentRow, type SessionRow, type Snapshot } from './snapshot.ts';

/**
 * The one function that writes a status. In one transaction: the session, its payment and its attempt move by the
 * transition table, guarded by the session's version; the public events are appended with the next sequence
 * numbers, their payload stored as the text that will be sent; and their delivery is owed.
 *
 * @param before read in this transaction after `lockSession`.
 * @param wallNow the wall clock, for the queue; every time that people see is the merchant's.
 */
export async function advance(
  tx: Tx,
  merchant: Merchant,
  wallNow: Date,
  before: Snapshot,
  change: Change,
): Promise<Snapshot> {
  const now = merchant.clock.now();
  const decision = decide(before, change, now);
  const endsSession = before.session.status === 'open' && decision.after.session.status !== 'open';
  const eventIds = decision.events.map(() => newId('evt', now));
  const after: Snapshot = {
    ...decision.after,
    payment: decision.after.payment && withReceipt(decision.after.payment),
    duplicates: decision.after.duplicates.map(withReceipt),
    session: {
      ...decision.after.session,
      version: before.session.version + 1,
      sequence: before.session.sequence + decision.events.length,
      endingEventId: endsSession ? (eventIds.at(-1) ?? null) : before.session.endingEventId,
    },
  };
  await writeSession(tx, before.session, after.session);
  if (after.payment !== null) await writePayment(tx, before.payment, after.payment);
  for (const further of after.duplicates.slice(before.duplicates.length))
    await writePayment(tx, null, further);
  await writeAttempts(tx, before.attempts, after.attempts);
  if (isSearchedOtherwise(before, after)) await writeSearch(tx, after);
  tellEnds(merchant, before.attempts, after.attempts);
  if (limited(merchant)) await noteEnds(tx, before.attempts, after.attempts);
  for (const [index, type] of decision.events.entries()) {
    const sequence = before.session.sequence + index + 1;
    await appendEvent(
      tx,
      merchant,
      wallNow,
      { id: eventIds[index] ?? '', type, sequence, timestamp: now },
      decision.further ? { ...after, payment: after.duplicates.at(-1) ?? null } : after,
    );
  }
  await watchNewHold(tx, merchant, wallNow, before.payment, after);
  return after;
}

/** A payment can have its receipt fetched from the start on: the capability is there before the money is. */
function withReceipt(payment: PaymentRow): PaymentRow {
  const receiptToken = payment.receiptToken ?? newCapability(payment.merchantId);
  return { ...payment, receiptToken };
}

/** Whoever changes until when a hold may be captured owes its warning and its lapse (`lapse.ts`). */
async function watchNewHold(
  tx: Tx,
  merchant: Merchant,
  wallNow: Date,
  before: PaymentRow | null,
  { session, payment }: Snapshot,
): Promise<void> {
  const { authorizedAt = null, captureBefore = null } = payment ?? {};
  if (authorizedAt === null || captureBefore === null || captureBefore === before?.captureBefore) return;
  const { merchantId, mode } = merchant;
  await enqueue(tx, {
    name: 'watch_hold',
    key: session.id,
    payload: { merchant_id: merchantId, session_id: session.id },
    runAt: toWall(merchant, wallNow, warnAt({ authorizedAt, captureBefore })),
    clock: 'merchant',
    merchantId,
    mode,
    now: wallNow,
  });
}

/** Locks the session's row and reads everything below it: the first step of every change. Null when it is not there. */
export async function lockSession(tx: Tx, merchantId: string, sessionId: string): Promise<Snapshot | null> {
  const [session] = await tx
    .select()
    .from(sessions)
    .where(and(eq(sessions.merchantId, merchantId), eq(sessions.id, sessionId)))
    .for('update');
  return session === undefined ? null : below(tx, session);
}

async function writeSession(tx: Tx, before: SessionRow, after: SessionRow): Promise<void> {
  const written = await tx
    .update(sessions)
    .set({
      status: after.status,
      endedReason: after.endedReason,
      replacedBy: after.replacedBy,
      endedAt: after.endedAt,
      endingEventId: after.endingEventId,
      version: after.version,
      sequence: after.sequence,
    })
    .where(
      and(
        eq(sessions.merchantId, before.merchantId),
        eq(sessions.id, before.id),
        eq(sessions.version, before.version),
      ),
    )
    .returning({ id: sessions.id });
  if (written.length !== 1) throw new Error(`session ${before.id} was changed by somebody else`);
}

async function writePayment(tx: Tx, before: PaymentRow | null, after: PaymentRow): Promise<void> {
  if (before === null) {
    await tx.insert(payments).values(after);
    return;
  }
  if (before === after) return;
  await tx
    .update(payments)
    .set(after)
    .where(and(eq(payments.merchantId, after.merchantId), eq(payments.id, after.id)));
}

async function writeAttempts(tx: Tx, before: AttemptRow[], after: AttemptRow[]): Promise<void> {
  for (const [index, row] of after.entries()) {
    if (row === before[index]) continue;
    if (before[index] === undefined) await tx.insert(attempts).values(row);
    else
      await tx
        .update(attempts)
        .set(row)
        .where(and(eq(attempts.merchantId, row.merchantId), eq(attempts.id, row.id)));
  }
}

function tellEnds({ mode }: Merchant, before: AttemptRow[], after: AttemptRow[]): void {
  for (const [index, { method, status, failure, createdAt, endedAt }] of after.entries()) {
    if (status === 'in_progress' || before[index]?.status === status) continue;
    const ms = (endedAt ?? createdAt).getTime() - createdAt.getTime();
    observe('attempt', { mode, method, outcome: failure ?? status, ms });
  }
}

async function noteEnds(tx: Tx, before: AttemptRow[], after: AttemptRow[]): Promise<void> {
  for (const [index, { merchantId, id: attemptId, status, failure }] of after.entries()) {
    if (status === 'in_progress' || before[index]?.status === status) continue;
    await noteEnd(tx, { merchantId, attemptId, failure });
  }
}

interface EventHead {
  id: string;
  type: EventType;
  sequence: number;
  timestamp: Date;
}

async function appendEvent(
  tx: Tx,
  merchant: Merchant,
  wallNow: Date,
  head: EventHead,
  after: Snapshot,
): Promise<void> {
  const { merchantId, mode } = merchant;
  const payload = asciiJson({
    type: head.type,
    timestamp: head.timestamp.toISOString(),
    data: { merchant_id: merchantId, mode, sequence: head.sequence, ...presentForEvent(after) },
  });
  await tx.insert(events).values({ merchantId, mode, sessionId: after.session.id, payload, ...head });
  await enqueue(tx, {
    name: 'notify_event',
    key: head.id,
    payload: { merchant_id: merchantId, event_id: head.id },
    runAt: wallNow,
    clock: 'wall',
    merchantId,
    mode,
    now: wallNow,
  });
}

/** The wall-clock time at which the merchant's clock will show `at`: what a `merchant` job is enqueued for. */
export function toWall(merchant: Merchant, wallNow: Date, at: Date): Date {
  return plus(wallNow, at.getTime() - merchant.clock.now().getTime());
}
