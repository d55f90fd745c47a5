import { inTransaction, type Tx } from '../db/client.ts';
import type { Deps } from '../deps.ts';
import { HOUR, MINUTE, plus, SECOND } from '../lib/clock.ts';
import { newId } from '../lib/ids.ts';
import { type Merchant, merchantOf } from '../merchants/merchant.ts';
import { advance, lockSession, toWall } from './advance.ts';
import { LAPSED, recordVoid, settleVoid } from './cancel-payment.ts';
import { type Begun, type PaidSnapshot, runningOperation, sendBegun } from './carry-out.ts';
import { warnAt } from './hold-life.ts';
import { loadSession } from './snapshot.ts';

/** What a hold needs now: nothing before a time, or to be released. Null = it is no hold any more. */
type Need = { wait: Date } | { release: Begun; merchant: Merchant } | null;

/** How often the network is asked to release a hold that it declines to, before the hold is left to its issuer. */
const MOST_DECLINES = 3;

/**
 * The job of a hold, from its warning to its lapse. A capture or cancellation that is in flight goes first: whatever it
 * comes to, the hold is looked at again.
 */
export async function watchHold(
  deps: Deps,
  merchantId: string,
  sessionId: string,
): Promise<{ again: Date } | undefined> {
  const need = await inTransaction(deps.db, 'payments.watch_hold', async (tx): Promise<Need> => {
    const locked = await lockSession(tx, merchantId, sessionId);
    const payment = locked?.payment;
    if (!locked || payment?.status !== 'authorized') return null;
    const merchant = await merchantOf({ db: tx, clock: deps.clock }, locked.session);
    return needOf(tx, deps, merchant, { ...locked, payment });
  });
  if (need === null) return undefined;
  if ('wait' in need) return { again: need.wait };
  await sendBegun(deps, need.merchant, need.release, settleVoid);
  const after = await loadSession(deps, need.merchant, sessionId);
  if (after.payment?.status !== 'authorized') return undefined;
  const unanswered = runningOperation(after) !== null;
  return { again: plus(deps.clock.now(), unanswered ? MINUTE : HOUR) };
}

async function needOf(tx: Tx, deps: Deps, merchant: Merchant, locked: PaidSnapshot): Promise<Need> {
  const { authorizedAt, captureBefore, expiryToldAt } = locked.payment;
  if (authorizedAt === null || captureBefore === null) return null;
  const [wallNow, now] = [deps.clock.now(), merchant.clock.now()];
  if (runningOperation(locked) !== null) return { wait: plus(wallNow, 5 * SECOND) };
  if (now >= captureBefore) return release(tx, deps, merchant, locked);
  const warn = warnAt({ authorizedAt, captureBefore });
  if (now < warn) return { wait: toWall(merchant, wallNow, warn) };
  if (expiryToldAt === null) await advance(tx, merchant, wallNow, locked, { event: 'hold_expiring' });
  return { wait: toWall(merchant, wallNow, captureBefore) };
}

async function release(tx: Tx, deps: Deps, merchant: Merchant, locked: PaidSnapshot): Promise<Need> {
  const declines = locked.operations.filter(
    ({ kind, status, reason }) => kind === 'void' && status === 'failed' && reason === LAPSED,
  );
  if (declines.length >= MOST_DECLINES) {
    await advance(tx, merchant, deps.clock.now(), locked, { event: 'lapsed' });
    return null;
  }
  const id = newId('op', merchant.clock.now());
  return { merchant, release: await recordVoid(tx, deps, merchant, locked, { id, reason: LAPSED }) };
}
