import { inTransaction, type Tx } from '../db/client.ts';
import type { Deps } from '../deps.ts';
import { plus, SECOND } from '../lib/clock.ts';
import { type Merchant, merchantOf } from '../merchants/merchant.ts';
import { lockSession, toWall } from './advance.ts';
import { failAttempt, withoutAuthentication } from './authenticate.ts';
import { authorize } from './authorize.ts';
import { type AttemptRow, attemptInFlight, type Snapshot } from './snapshot.ts';

export interface AttemptIds {
  merchantId: string;
  sessionId: string;
  attemptId: string;
}

/** The job at an attempt's deadline: what is still in 3-D Secure has taken too long. Money in motion is never cut off. */
export async function endAttempt(deps: Deps, ids: AttemptIds): Promise<{ again: Date } | undefined> {
  return inTransaction(deps.db, 'payments.end_attempt', async (tx) => {
    const waiting = await lockAttempt(tx, deps, ids);
    if (waiting === null) return undefined;
    const { merchant, locked, attempt } = waiting;
    if (merchant.clock.now() < attempt.deadlineAt) {
      return { again: toWall(merchant, deps.clock.now(), attempt.deadlineAt) };
    }
    if (attempt.phase === 'authenticated') return { again: plus(deps.clock.now(), 10 * SECOND) };
    if (attempt.phase === 'authorizing' || attempt.phase === 'reversing') return undefined;
    await failAttempt(tx, deps, merchant, locked, 'authentication_timeout', 'not finished by the deadline');
    return undefined;
  });
}

/** What an authentication can wait for in vain. */
const IN_VAIN = {
  /** The ARes: the process that waited for it has died. */
  authenticating: 'no answer was recorded',
  /** The RReq, which should have come before or soon after the CRes. */
  challenge: 'no RReq after the CRes',
} as const;

/** The job that stops waiting in a phase: the authentication could not be performed, the merchant's policy decides. */
export async function giveUpAuthentication(
  deps: Deps,
  ids: AttemptIds,
  phase: keyof typeof IN_VAIN,
): Promise<undefined> {
  const intent = await inTransaction(deps.db, 'payments.give_up_authentication', async (tx) => {
    const waiting = await lockAttempt(tx, deps, ids);
    if (waiting === null || waiting.attempt.phase !== phase) return null;
    const { merchant, locked, attempt } = waiting;
    const authorization = await withoutAuthentication(tx, deps, merchant, locked, attempt, IN_VAIN[phase]);
    return authorization && { merchant, authorization };
  });
  if (intent !== null) await authorize(deps, intent.merchant, intent.authorization);
  return undefined;
}

/** Locks the session and finds the attempt still in flight in it. */
async function lockAttempt(
  tx: Tx,
  deps: Deps,
  ids: AttemptIds,
): Promise<{ merchant: Merchant; locked: Snapshot; attempt: AttemptRow } | null> {
  const locked = await lockSession(tx, ids.merchantId, ids.sessionId);
  const attempt = locked === null ? null : attemptInFlight(locked);
  if (locked === null || attempt?.id !== ids.attemptId) return null;
  const merchant = await merchantOf({ db: tx, clock: deps.clock }, locked.session);
  return { merchant, locked, attempt };
}
