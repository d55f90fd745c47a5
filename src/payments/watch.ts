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

/**
 * The job that stops waiting for the ARes, whose process has died: the authentication could not be performed, the
 * merchant's policy decides.
 */
export async function giveUpAuthentication(deps: Deps, ids: AttemptIds): Promise<undefined> {
  const intent = await inTransaction(deps.db, 'payments.give_up_authentication', async (tx) => {
    const waiting = await lockAttempt(tx, deps, ids);
    if (waiting === null || waiting.attempt.phase !== 'authenticating') return null;
    const { merchant, locked, attempt } = waiting;
    const detail = 'no answer was recorded';
    const authorization = await withoutAuthentication(tx, deps, merchant, locked, attempt, detail);
    return authorization && { merchant, authorization };
  });
  if (intent !== null) await authorize(deps, intent.merchant, intent.authorization);
  return undefined;
}

/**
 * The job that stops waiting for the RReq after the CRes. No policy goes on without it: the browser brings the CRes,
 * and who holds the browser may not choose to skip the challenge.
 */
export async function giveUpResults(deps: Deps, ids: AttemptIds): Promise<undefined> {
  await inTransaction(deps.db, 'payments.give_up_results', async (tx) => {
    const waiting = await lockAttempt(tx, deps, ids);
    if (waiting === null || waiting.attempt.phase !== 'challenge') return;
    const { merchant, locked } = waiting;
    await failAttempt(tx, deps, merchant, locked, 'authentication_unavailable', 'no RReq after the CRes');
  });
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
