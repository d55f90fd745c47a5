import { record } from '../audit/record.ts';
import { inTransaction, type Tx } from '../db/client.ts';
import type { AttemptPhase, EndedReason } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { plus, SECOND } from '../lib/clock.ts';
import { Problem } from '../lib/problem.ts';
import { type Merchant, merchantOf } from '../merchants/merchant.ts';
import { advance, lockSession, toWall } from './advance.ts';
import { askToClose } from './close-number.ts';
import { watchNumberAt, writeNumber } from './number-rows.ts';
import { attemptInFlight, type NumberRow, numberOf, type Snapshot, type Visit } from './snapshot.ts';

/** Cancels an open, idle session for the merchant. Throws `not_found`, `session_in_progress`, `session_ended`. */
export function cancelSession(deps: Deps, merchant: Merchant, sessionId: string): Promise<Snapshot> {
  return inTransaction(deps.db, 'payments.cancel_session', (tx) =>
    end(tx, deps, merchant, sessionId, 'canceled', 'merchant_canceled'),
  );
}

/** Expires an open, idle session for the merchant. Throws `not_found`, `session_in_progress`, `session_ended`. */
export function expireSession(deps: Deps, merchant: Merchant, sessionId: string): Promise<Snapshot> {
  return inTransaction(deps.db, 'payments.expire_session', (tx) =>
    end(tx, deps, merchant, sessionId, 'expired', 'merchant_expired'),
  );
}

/**
 * The shopper goes back to the shop: an attempt that is still in 3-D Secure is abandoned, the session canceled; a bank
 * is asked first to let go of it. Nothing happens once an authorisation was begun or the session has ended.
 */
export async function leaveSession(deps: Deps, { merchant, session }: Visit): Promise<void> {
  const closing = await inTransaction(deps.db, 'payments.leave_session', async (tx) => {
    const locked = await lockSession(tx, merchant.merchantId, session.id);
    if (locked === null) return null;
    const number = await letGo(tx, deps, merchant, locked, 'leave');
    if (number !== null) return number;
    const idle = await abandon(tx, deps, merchant, locked);
    if (idle === null || idle.session.status !== 'open') return null;
    await advance(tx, merchant, deps.clock.now(), idle, {
      event: 'session_ended',
      status: 'canceled',
      reason: 'shopper_canceled',
      replacedBy: null,
    });
    return null;
  });
  if (closing !== null) await askToClose(deps, merchant, closing);
}

/**
 * "Another way to pay": the attempt in 3-D Secure fails as `abandoned`, unless an authorisation was already begun; one at
 * a bank does when the bank has let go of it.
 */
export async function abandonAttempt(
  deps: Deps,
  { merchant, session }: Visit,
  attemptId: string,
): Promise<void> {
  const closing = await inTransaction(deps.db, 'payments.abandon_attempt', async (tx) => {
    const locked = await lockSession(tx, merchant.merchantId, session.id);
    if (locked === null || attemptInFlight(locked)?.id !== attemptId) return null;
    const number = await letGo(tx, deps, merchant, locked, 'abandon');
    if (number === null) await abandon(tx, deps, merchant, locked);
    return number;
  });
  if (closing !== null) await askToClose(deps, merchant, closing);
}

const WITH_CENTRE: readonly (AttemptPhase | null)[] = ['requesting', 'at_bank'];

/** Commits that the centre is to be asked to let go of the attempt in flight; null where it has nothing of it. */
async function letGo(
  tx: Tx,
  deps: Deps,
  merchant: Merchant,
  locked: Snapshot,
  closing: 'abandon' | 'leave',
): Promise<NumberRow | null> {
  const attempt = attemptInFlight(locked);
  const row = numberOf(locked, attempt);
  if (attempt === null || row === null || !WITH_CENTRE.includes(attempt.phase)) return null;
  await writeNumber(tx, row, { closing });
  await advance(tx, merchant, deps.clock.now(), locked, { event: 'attempt_moved', phase: 'closing' });
  await watchNumberAt(tx, deps, merchant, row, plus(deps.clock.now(), 30 * SECOND));
  return { ...row, closing };
}

/** The job at `expires_at`: ends the session if it is open, idle and due. Expiry never beats an attempt in flight. */
export async function expireIfDue(
  deps: Deps,
  merchantId: string,
  sessionId: string,
): Promise<{ again: Date } | undefined> {
  return inTransaction(deps.db, 'payments.expire_due', async (tx) => {
    const locked = await lockSession(tx, merchantId, sessionId);
    if (locked === null || locked.session.status !== 'open') return undefined;
    // Its end looks at the time as well, by a clock that may have been read before: this looks again.
    if (attemptInFlight(locked) !== null) return { again: plus(deps.clock.now(), 30 * SECOND) };
    const merchant = await merchantOf({ db: tx, clock: deps.clock }, locked.session);
    if (merchant.clock.now() < locked.session.expiresAt) {
      return { again: toWall(merchant, deps.clock.now(), locked.session.expiresAt) };
    }
    await advance(tx, merchant, deps.clock.now(), locked, {
      event: 'session_ended',
      status: 'expired',
      reason: 'timed_out',
      replacedBy: null,
    });
    return undefined;
  });
}

async function end(
  tx: Tx,
  deps: Deps,
  merchant: Merchant,
  sessionId: string,
  status: 'canceled' | 'expired',
  reason: EndedReason,
): Promise<Snapshot> {
  const locked = await lockSession(tx, merchant.merchantId, sessionId);
  if (locked === null || locked.session.mode !== merchant.mode) {
    throw new Problem('not_found', `There is no session ${sessionId} in this mode.`);
  }
  if (locked.session.status === status) return locked;
  if (locked.session.status !== 'open') {
    throw new Problem('session_ended', `Session ${sessionId} is ${locked.session.status}.`);
  }
  if (attemptInFlight(locked) !== null) {
    throw new Problem(
      'session_in_progress',
      'The shopper is paying right now. Wait for the result, then refund.',
    );
  }
  const change = { event: 'session_ended', status, reason, replacedBy: null } as const;
  const after = await advance(tx, merchant, deps.clock.now(), locked, change);
  const details = { order_id: locked.session.orderId };
  await record(tx, deps, merchant, { action: ACTION_OF[status], target: sessionId, details });
  return after;
}

const ACTION_OF = { canceled: 'session.canceled', expired: 'session.expired' } as const;

const ABANDONABLE: readonly (AttemptPhase | null)[] = [
  'preparing',
  'authenticating',
  'challenge',
  'authenticated',
];

/** The session without an attempt in flight, or null when its money is already moving. */
async function abandon(tx: Tx, deps: Deps, merchant: Merchant, locked: Snapshot): Promise<Snapshot | null> {
  const attempt = attemptInFlight(locked);
  if (attempt === null) return locked;
  if (!ABANDONABLE.includes(attempt.phase)) return null;
  return advance(tx, merchant, deps.clock.now(), locked, {
    event: 'attempt_failed',
    failure: 'abandoned',
    detail: null,
    counts: true,
  });
}
