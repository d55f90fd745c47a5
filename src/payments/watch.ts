import { inTransaction } from '../db/client.ts';
import type { Deps } from '../deps.ts';
import { plus, SECOND } from '../lib/clock.ts';
import { toWall } from './advance.ts';
import { failAttempt, withoutAuthentication } from './authenticate.ts';
import { authorize } from './authorize.ts';
import { type AttemptIds, lockAttempt } from './results.ts';

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

/** The job after an AReq whose answer was never recorded (the process died): nothing was authenticated. */
export async function watchAuthentication(deps: Deps, ids: AttemptIds): Promise<undefined> {
  const intent = await inTransaction(deps.db, 'payments.watch_authentication', async (tx) => {
    const waiting = await lockAttempt(tx, deps, ids);
    if (waiting === null || waiting.attempt.phase !== 'authenticating') return null;
    const { merchant, locked, attempt } = waiting;
    const authorization = await withoutAuthentication(
      tx,
      deps,
      merchant,
      locked,
      attempt,
      'no answer was recorded',
    );
    return authorization && { merchant, authorization };
  });
  if (intent !== null) await authorize(deps, intent.merchant, intent.authorization);
  return undefined;
}
