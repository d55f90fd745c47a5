import { and, eq, isNull } from 'drizzle-orm';
import type { Mode } from '../config.ts';
import { inTransaction, type Tx } from '../db/client.ts';
import { authentications, type FailureCode } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { plus } from '../lib/clock.ts';
import { merchantOfTransactionId } from '../lib/ids.ts';
import { observe } from '../lib/observed.ts';
import { type Merchant, merchantOf } from '../merchants/merchant.ts';
import { enqueue } from '../queue/enqueue.ts';
import { erroFor, type Results, readResults, writeRRes } from '../threeds/results.ts';
import { advance, lockSession } from './advance.ts';
import { failAttempt, mayProceed } from './authenticate.ts';
import {
  type AttemptRow,
  type AuthenticationRow,
  attemptInFlight,
  below,
  type Snapshot,
} from './snapshot.ts';

/**
 * The RReq, the authority on a challenge (EMV 3DS Req 241–244): recorded, answered, and the authorisation it starts
 * is owed in the same transaction, whether or not the browser comes back. The first result stands; a second one, or
 * one that nobody waited for, is answered with an Erro.
 *
 * @param mode of the listener it came in by: a transaction of the other mode is not known there.
 * @returns the RRes or Erro, as JSON.
 */
export async function receiveResults(deps: Deps, text: string, mode: Mode): Promise<string> {
  const read = readResults(text);
  if (!read.ok) return read.erro;
  const { results } = read;
  const found = await findAuthentication(deps, results.transId);
  if (found === null) return erroFor('unknown_transaction', results);
  return inTransaction(deps.db, 'payments.receive_results', async (tx) => {
    const locked = await lockSession(tx, found.merchantId, found.sessionId);
    const row = await readAuthentication(tx, found);
    if (locked?.session.mode !== mode || row === null) return erroFor('unknown_transaction', results);
    if (!sameId(row.acsTransId, results.acsTransId) || !sameId(row.dsTransId, results.dsTransId)) {
      return erroFor('ids_differ', results);
    }
    if (row.version !== results.version) return erroFor('version_changed', results);
    if (row.challengedAt === null) return erroFor('unexpected', results);
    if (row.resultsAt !== null) return erroFor('duplicate', results);
    // What came of the attempt without it stays as it was told: a late result is no proof for it.
    const attempt = attemptInFlight(locked);
    if (attempt?.id !== row.attemptId || attempt.phase !== 'challenge') return erroFor('unexpected', results);
    await recordResults(tx, deps, row, results);
    observe('challenge', { mode, ms: deps.clock.now().getTime() - row.challengedAt.getTime() });
    const merchant = await merchantOf({ db: tx, clock: deps.clock }, locked.session);
    await actOn(tx, deps, merchant, await below(tx, locked.session), attempt, results);
    return writeRRes(results, '01');
  });
}

/** The CRes came by the browser: a signal only. From now on the RReq is waited for a few seconds. */
export async function noteChallengeReturn(
  deps: Deps,
  transId: string,
): Promise<{ token: string; locale: string } | null> {
  const found = await findAuthentication(deps, transId);
  if (found === null) return null;
  return inTransaction(deps.db, 'payments.note_return', async (tx) => {
    const locked = await lockSession(tx, found.merchantId, found.sessionId);
    if (locked === null) return null;
    const noted = await tx
      .update(authentications)
      .set({ returnedAt: deps.clock.now() })
      .where(and(here(found), isNull(authentications.returnedAt)))
      .returning({ transId: authentications.transId });
    const waiting = noted.length === 1 && attemptInFlight(locked)?.id === found.attemptId;
    if (waiting) await awaitResults(tx, deps, locked, found);
    return { token: locked.session.token, locale: locked.session.locale };
  });
}

/** The 3DS Method finished in the shopper's browser. After the AReq has left this changes nothing. */
export async function noteMethodCompleted(deps: Deps, transId: string): Promise<void> {
  const found = await findAuthentication(deps, transId);
  if (found === null) return;
  await inTransaction(deps.db, 'payments.note_method', (tx) =>
    tx
      .update(authentications)
      .set({ methodCompletedAt: deps.clock.now() })
      .where(and(here(found), isNull(authentications.methodCompletedAt))),
  );
}

async function actOn(
  tx: Tx,
  deps: Deps,
  merchant: Merchant,
  locked: Snapshot,
  attempt: AttemptRow,
  results: Results,
): Promise<void> {
  const authenticated = results.transStatus === 'Y' || results.transStatus === 'A';
  const unavailable = results.transStatus === 'U' || (authenticated && results.authenticationValue === null);
  if ((authenticated && !unavailable) || (unavailable && (await mayProceed(tx, merchant, attempt)))) {
    const now = deps.clock.now();
    await advance(tx, merchant, now, locked, { event: 'attempt_moved', phase: 'authenticated' });
    await enqueue(tx, {
      name: 'authorize',
      key: attempt.id,
      payload: { merchant_id: merchant.merchantId, session_id: attempt.sessionId },
      runAt: now,
      clock: 'wall',
      merchantId: merchant.merchantId,
      mode: merchant.mode,
      now,
    });
    return;
  }
  const failure = unavailable ? 'authentication_unavailable' : failureOf(results);
  await failAttempt(tx, deps, merchant, locked, failure, results.reason);
}

/** challengeCancel 01 = by the cardholder, 03–05 and 08 = timed out (EMV 3DS table A.9). */
function failureOf({ transStatus, challengeCancel, reason }: Results): FailureCode {
  if (transStatus === 'R') return 'authentication_rejected';
  if (challengeCancel === '01') return 'authentication_canceled';
  const timedOut = ['03', '04', '05', '08'].includes(challengeCancel ?? '') || reason === '14';
  return timedOut ? 'authentication_timeout' : 'authentication_failed';
}

/** Transaction ids are compared without regard to case (RFC 4122). */
function sameId(known: string | null, given: string): boolean {
  return known?.toLowerCase() === given.toLowerCase();
}

async function recordResults(tx: Tx, deps: Deps, row: AuthenticationRow, results: Results): Promise<void> {
  await tx
    .update(authentications)
    .set({
      transStatus: results.transStatus,
      reason: results.reason,
      eci: results.eci,
      authenticationValue: results.authenticationValue,
      challengeCancel: results.challengeCancel,
      resultsAt: deps.clock.now(),
    })
    .where(here(row));
}

async function awaitResults(tx: Tx, deps: Deps, locked: Snapshot, row: AuthenticationRow): Promise<void> {
  const now = deps.clock.now();
  await enqueue(tx, {
    name: 'await_results',
    key: row.attemptId,
    payload: { merchant_id: row.merchantId, session_id: row.sessionId, attempt_id: row.attemptId },
    runAt: plus(now, deps.config.resultsTimeoutMs),
    clock: 'wall',
    merchantId: row.merchantId,
    mode: locked.session.mode,
    now,
  });
}

async function findAuthentication(deps: Deps, transId: string): Promise<AuthenticationRow | null> {
  const merchantId = merchantOfTransactionId(transId);
  if (merchantId === null) return null;
  const [row] = await deps.db
    .select()
    .from(authentications)
    .where(and(eq(authentications.merchantId, merchantId), eq(authentications.transId, transId)));
  return row ?? null;
}

async function readAuthentication(tx: Tx, found: AuthenticationRow): Promise<AuthenticationRow | null> {
  const [row] = await tx.select().from(authentications).where(here(found));
  return row ?? null;
}

function here(row: { merchantId: string; transId: string }) {
  return and(eq(authentications.merchantId, row.merchantId), eq(authentications.transId, row.transId));
}
