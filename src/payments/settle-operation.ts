import type { OperationKind } from '../acquirer/port.ts';
import { inTransaction } from '../db/client.ts';
import type { Deps } from '../deps.ts';
import { plus } from '../lib/clock.ts';
import { type Merchant, merchantOf } from '../merchants/merchant.ts';
import { keepCardUntil } from '../vault/cards.ts';
import { lockSession } from './advance.ts';
import { repeatDelayMs, settleAuthorization, settleReversal, WHILE_OPEN_MS } from './authorize.ts';
import { settleVoid } from './cancel-payment.ts';
import { settleCapture } from './capture.ts';
import type { Settle } from './carry-out.ts';
import { countSending, findOperation, send, uncountSending } from './operations.ts';
import { settleRefund } from './refund.ts';
import type { OperationRow, Snapshot } from './snapshot.ts';

/**
 * The watchdog of every operation. A sale or authorisation without an answer is unknown and gets reversed: it cannot
 * be repeated, its security code is gone. Everything else is repeated with the same ids until it is answered.
 */
export async function settleOperation(
  deps: Deps,
  merchantId: string,
  operationId: string,
): Promise<{ again: Date } | undefined> {
  const pending = await inTransaction(deps.db, 'payments.take_operation', async (tx) => {
    const found = await findOperation(tx, merchantId, operationId);
    const locked = found === null ? null : await lockSession(tx, merchantId, found.sessionId);
    const operation = locked?.operations.find(({ id }) => id === operationId);
    if (locked === null || operation === undefined || operation.status !== 'pending') return null;
    const merchant = await merchantOf({ db: tx, clock: deps.clock }, locked.session);
    const cardId = locked.attempts.find(({ id }) => id === operation.attemptId)?.cardId ?? '';
    await keepCardUntil(tx, { merchantId, cardId, until: plus(deps.clock.now(), WHILE_OPEN_MS) });
    const once = operation.kind === 'sale' || operation.kind === 'authorize';
    return { merchant, snapshot: locked, operation: once ? operation : await countSending(tx, operation) };
  });
  if (pending === null) return undefined;
  const { merchant, snapshot, operation } = pending;
  const settled = await repeat(deps, merchant, snapshot, operation);
  return settled ? undefined : { again: plus(deps.clock.now(), repeatDelayMs(operation.sends)) };
}

async function repeat(
  deps: Deps,
  merchant: Merchant,
  snapshot: Snapshot,
  operation: OperationRow,
): Promise<boolean> {
  if (operation.kind === 'sale' || operation.kind === 'authorize') {
    await settleAuthorization(deps, merchant, operation, {
      kind: 'unknown',
      reason: 'no answer was recorded',
    });
    return true;
  }
  const outcome = await send(deps, merchant, snapshot, operation, { securityCode: null, threeDs: null });
  if (outcome.kind === 'not_sent') await uncountSending(deps.db, operation);
  return REPEATABLE[operation.kind](deps, merchant, operation, outcome);
}

/** What may be sent again, and what records its answer. */
const REPEATABLE = {
  reversal: settleReversal,
  capture: settleCapture,
  void: settleVoid,
  refund: settleRefund,
} as const satisfies Record<Exclude<OperationKind, 'sale' | 'authorize'>, Settle>;
