import type { Outcome, ThreeDsProof } from '../acquirer/port.ts';
import { classify } from '../acquirer/response-codes.ts';
import { inTransaction, type Tx } from '../db/client.ts';
import type { Deps } from '../deps.ts';
import { DAY, plus, SECOND } from '../lib/clock.ts';
import { newId } from '../lib/ids.ts';
import { type Merchant, merchantOf } from '../merchants/merchant.ts';
import { withdraw } from '../queue/enqueue.ts';
import { keepCardUntil } from '../vault/cards.ts';
import { type SealedSecurityCode, takeSecurityCode } from '../vault/security-codes.ts';
import { advance, lockSession } from './advance.ts';
import { holdLifeMs } from './hold-life.ts';
import { recordOperation, reopen, send, settle } from './operations.ts';
import { KEEP_CARD_MS, saveCard } from './saved-cards.ts';
import { type AttemptRow, attemptInFlight, below, type OperationRow, type Snapshot } from './snapshot.ts';

/** What was committed before the message is sent, with the security code that left the vault for it. */
export interface AuthorizationIntent {
  operation: OperationRow;
  snapshot: Snapshot;
  securityCode: SealedSecurityCode | null;
  threeDs: ThreeDsProof | null;
}

/** A card is kept this long while nobody knows what came of a message. */
export const WHILE_OPEN_MS = 7 * DAY;

/**
 * Records the intent to authorise an attempt: the security code leaves the vault in this very transaction, the
 * operation gets its ids, the payment is `processing`. Null when the code is gone (the attempt then fails): without
 * it no payment of a shopper's is authorised. A merchant's charge of a stored card never had one.
 */
export async function beginAuthorization(
  tx: Tx,
  deps: Deps,
  merchant: Merchant,
  locked: Snapshot,
  attempt: AttemptRow,
): Promise<AuthorizationIntent | null> {
  await withdraw(tx, 'authorize', attempt.id);
  const card = { merchantId: merchant.merchantId, cardId: attempt.cardId ?? '' };
  const byMerchant = locked.session.origin === 'charge';
  const securityCode = byMerchant ? null : await takeSecurityCode(tx, card, deps.clock.now());
  if (securityCode === null && !byMerchant) {
    const failed = { failure: 'network_unavailable', detail: 'security code gone', counts: false } as const;
    await advance(tx, merchant, deps.clock.now(), locked, { event: 'attempt_failed', ...failed });
    return null;
  }
  await keepCardUntil(tx, { ...card, until: plus(deps.clock.now(), WHILE_OPEN_MS) });
  const operation = await recordOperation(tx, deps, merchant, {
    id: newId('op', merchant.clock.now()),
    kind: locked.session.capture === 'automatic' ? 'sale' : 'authorize',
    amount: locked.session.amount,
    attempt,
    original: null,
  });
  const recorded = { ...locked, operations: [...locked.operations, operation] };
  const snapshot = await advance(tx, merchant, deps.clock.now(), recorded, { event: 'authorization_sent' });
  return { operation, snapshot, securityCode, threeDs: proofOf(locked, attempt) };
}

/** Sends the authorisation and records what came of it. */
export async function authorize(deps: Deps, merchant: Merchant, intent: AuthorizationIntent): Promise<void> {
  const outcome = await send(deps, merchant, intent.snapshot, intent.operation, intent);
  await settleAuthorization(deps, merchant, intent.operation, outcome);
}

/** The job after an RReq: authorises the attempt if it still waits for that. */
export async function authorizeAuthenticated(
  deps: Deps,
  merchantId: string,
  sessionId: string,
): Promise<undefined> {
  const begun = await inTransaction(deps.db, 'payments.begin_authorization', async (tx) => {
    const locked = await lockSession(tx, merchantId, sessionId);
    const attempt = locked === null ? null : attemptInFlight(locked);
    if (locked === null || attempt?.phase !== 'authenticated') return null;
    const merchant = await merchantOf({ db: tx, clock: deps.clock }, locked.session);
    const intent = await beginAuthorization(tx, deps, merchant, locked, attempt);
    return intent && { merchant, intent };
  });
  if (begun !== null) await authorize(deps, begun.merchant, begun.intent);
  return undefined;
}

/** Records the outcome of a sale or authorisation. An unknown one begins its reversal; a late answer changes nothing. */
export async function settleAuthorization(
  deps: Deps,
  merchant: Merchant,
  operation: OperationRow,
  outcome: Outcome,
): Promise<void> {
  await inTransaction(deps.db, 'payments.settle_authorization', async (tx) => {
    const locked = await lockSession(tx, merchant.merchantId, operation.sessionId);
    const attempt = locked === null ? null : attemptInFlight(locked);
    if (locked === null) return;
    if (attempt?.id !== operation.attemptId || attempt.phase !== 'authorizing') {
      if (outcome.kind === 'approved') await reverseAgain(tx, deps, merchant, locked, operation);
      return;
    }
    if (outcome.kind === 'unknown') return beginReversal(tx, deps, merchant, locked, attempt, operation);
    const status = outcome.kind === 'approved' ? 'succeeded' : 'failed';
    if (!(await settle(tx, merchant, operation, status, outcome))) return;
    const settled = await below(tx, locked.session);
    const now = deps.clock.now();
    if (outcome.kind === 'approved') {
      const card = { merchantId: merchant.merchantId, cardId: attempt.cardId ?? '' };
      await keepCardUntil(tx, { ...card, until: plus(now, KEEP_CARD_MS) });
      const savedCardId =
        attempt.consent === null
          ? attempt.savedCardId
          : await saveCard(tx, merchant, settled, attempt, operation);
      await advance(tx, merchant, now, settled, {
        event: 'approved',
        savedCardId,
        holdLifeMs: holdLifeMs(merchant.settings, attempt.brand),
      });
    } else {
      await advance(tx, merchant, now, settled, { event: 'attempt_failed', ...failureOf(outcome) });
    }
    await withdraw(tx, 'end_attempt', attempt.id);
  });
}

function failureOf(outcome: Outcome & { kind: 'declined' | 'not_sent' }) {
  if (outcome.kind === 'not_sent') {
    return { failure: 'network_unavailable', detail: outcome.reason, counts: false } as const;
  }
  const { failure, code } = classify(outcome.responseCode, outcome.japanCode);
  return { failure, detail: code, counts: true };
}

/** No answer: whatever was authorised is reversed until the acquirer acknowledges; a late approval is never adopted. */
async function beginReversal(
  tx: Tx,
  deps: Deps,
  merchant: Merchant,
  locked: Snapshot,
  attempt: AttemptRow,
  original: OperationRow,
): Promise<void> {
  await withdraw(tx, 'settle_operation', original.id);
  const now = deps.clock.now();
  const id = newId('op', merchant.clock.now());
  await recordOperation(
    tx,
    deps,
    merchant,
    { id, kind: 'reversal', amount: original.amount, attempt, original },
    now,
  );
  await advance(tx, merchant, now, locked, { event: 'attempt_moved', phase: 'reversing' });
}

/**
 * Approved after its reversal had been acknowledged: the message was overtaken on its way. The acquirer should have
 * refused it (docs/acquirer-link.md, section 6); where it did not, the same reversal is owed once more.
 */
async function reverseAgain(
  tx: Tx,
  deps: Deps,
  merchant: Merchant,
  { operations }: Snapshot,
  original: OperationRow,
): Promise<void> {
  const reversal = operations.find(
    ({ kind, originalId }) => kind === 'reversal' && originalId === original.id,
  );
  if (reversal?.status !== 'succeeded') return;
  deps.log.error(
    { code: 'approved_after_reversal', merchant_id: original.merchantId, operation: original.id },
    'an acquirer approved what it had reversed: reversing again',
  );
  await reopen(tx, deps, merchant, reversal);
}

/** The acquirer acknowledged the reversal: nothing is held or charged, the attempt has failed. */
export async function settleReversal(
  deps: Deps,
  merchant: Merchant,
  operation: OperationRow,
  outcome: Outcome,
): Promise<boolean> {
  if (outcome.kind !== 'approved') return false;
  return inTransaction(deps.db, 'payments.settle_reversal', async (tx) => {
    const locked = await lockSession(tx, merchant.merchantId, operation.sessionId);
    if (locked === null || !(await settle(tx, merchant, operation, 'succeeded', outcome))) return true;
    const original = locked.operations.find(({ id }) => id === operation.originalId);
    if (original !== undefined)
      await settle(tx, merchant, original, 'reversed', { kind: 'unknown', reason: '' });
    if (attemptInFlight(locked)?.phase !== 'reversing') return true;
    await advance(tx, merchant, deps.clock.now(), await below(tx, locked.session), {
      event: 'attempt_failed',
      failure: 'outcome_reversed',
      detail: outcome.responseCode,
      counts: true,
    });
    return true;
  });
}

/** How long to wait before the n-th repeat of a message: 1 s, doubling to a minute. */
export function repeatDelayMs(sends: number): number {
  return Math.min(SECOND * 2 ** Math.max(sends - 1, 0), 60 * SECOND);
}

function proofOf({ authentication }: Snapshot, attempt: AttemptRow): ThreeDsProof | null {
  if (authentication === null || authentication.attemptId !== attempt.id) return null;
  const { version, eci, authenticationValue, dsTransId } = authentication;
  return dsTransId === null ? null : { version, eci, authenticationValue, dsTransId };
}
