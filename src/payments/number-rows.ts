import { and, eq } from 'drizzle-orm';
import type { Tx } from '../db/client.ts';
import { numbers } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { HOUR, plus, SECOND } from '../lib/clock.ts';
import type { Merchant } from '../merchants/merchant.ts';
import { enqueue } from '../queue/enqueue.ts';
import { lockSession, toWall } from './advance.ts';
import { lockOrder } from './create-session.ts';
import { type AttemptRow, attemptInFlight, type NumberRow, type Snapshot } from './snapshot.ts';

export interface LockedNumber {
  locked: Snapshot;
  row: NumberRow;
  /** Its attempt, while that is in flight. */
  attempt: AttemptRow | null;
}

/** Locks the order and the session of a number and reads it again: money that comes decides about the order as a whole. */
export async function lockNumber(
  tx: Tx,
  merchant: Merchant,
  { id, sessionId, orderId }: Pick<NumberRow, 'id' | 'sessionId' | 'orderId'>,
): Promise<LockedNumber | null> {
  await lockOrder(tx, merchant, orderId);
  const locked = await lockSession(tx, merchant.merchantId, sessionId);
  const row = locked?.numbers.find((each) => each.id === id);
  if (locked === null || row === undefined) return null;
  const inFlight = attemptInFlight(locked);
  return { locked, row, attempt: inFlight?.id === row.attemptId ? inFlight : null };
}

export async function writeNumber(
  tx: Tx,
  { merchantId, id }: Pick<NumberRow, 'merchantId' | 'id'>,
  changes: Partial<NumberRow>,
): Promise<void> {
  await tx
    .update(numbers)
    .set(changes)
    .where(and(eq(numbers.merchantId, merchantId), eq(numbers.id, id)));
}

/** When the centre is asked once more about a number that is over: money that came unheard must come to light. */
const LOOKS_AFTER_MS = [HOUR, 24 * HOUR, 72 * HOUR];

/** From here on nothing is expected of the number; what comes all the same is late or double. */
export async function closeNumber(tx: Tx, deps: Deps, merchant: Merchant, row: NumberRow): Promise<void> {
  await writeNumber(tx, row, { status: 'closed', closing: null, closedAt: merchant.clock.now() });
  await lookAgain(tx, deps, merchant, { ...row, looks: 0 });
}

/** Owes the next look, if there is one. */
export async function lookAgain(tx: Tx, deps: Deps, merchant: Merchant, row: NumberRow): Promise<void> {
  const waitMs = LOOKS_AFTER_MS[row.looks];
  if (waitMs === undefined) return;
  await watchNumberAt(tx, deps, merchant, row, plus(deps.clock.now(), waitMs));
}

/** The watchdog of every number. `runAt` by the wall clock; a test merchant's clock brings it nearer. */
export async function watchNumberAt(
  tx: Tx,
  deps: Deps,
  { merchantId, mode }: Merchant,
  number: { id: string; sessionId: string },
  runAt: Date,
): Promise<void> {
  await enqueue(tx, {
    name: 'watch_number',
    key: number.id,
    payload: { merchant_id: merchantId, session_id: number.sessionId, number_id: number.id },
    runAt,
    clock: 'merchant',
    merchantId,
    mode,
    now: deps.clock.now(),
  });
}

/** How soon the bank is asked what became of a shopper who did not come back. */
export const AT_BANK_MS = 20 * SECOND;
const LOOK_MS = 6 * HOUR;

/** A number is asked about now and then, lest a lost notice keep an order waiting, and at its deadline. */
export function nextLook(deps: Deps, merchant: Merchant, { payBy }: Pick<NumberRow, 'payBy'>): Date {
  const look = plus(deps.clock.now(), LOOK_MS);
  const deadline = toWall(merchant, deps.clock.now(), payBy);
  return deadline < look ? deadline : look;
}
