import type { Outcome } from '../acquirer/port.ts';
import { inTransaction } from '../db/client.ts';
import type { Deps } from '../deps.ts';
import type { Merchant } from '../merchants/merchant.ts';
import { advance, lockSession } from './advance.ts';
import { type CarriedOut, carryOut, invalidState, lockPayment, refuseWhileRunning } from './carry-out.ts';
import { recordOperation, settle } from './operations.ts';
import { authorizationOf, below, type OperationRow } from './snapshot.ts';

export interface CancelPaymentInput {
  paymentId: string;
  /** `op_…`: a repeat with the same one finds the cancellation that was begun. */
  workId: string;
}

/**
 * Releases an authorisation that was not captured. Throws `not_found`, `invalid_state`, `operation_in_progress`,
 * `void_declined`.
 */
export async function cancelPayment(
  deps: Deps,
  merchant: Merchant,
  input: CancelPaymentInput,
): Promise<CarriedOut> {
  const begun = await inTransaction(deps.db, 'payments.begin_void', async (tx) => {
    const locked = await lockPayment(tx, merchant, input.paymentId);
    const known = locked.operations.find(({ id }) => id === input.workId);
    if (known !== undefined) return { snapshot: locked, operation: known, fresh: false };
    refuseWhileRunning(locked);
    if (locked.payment.status !== 'authorized') throw invalidState(locked, 'authorized or awaiting_payment');
    const { original, attempt } = authorizationOf(locked);
    const intent = { id: input.workId, kind: 'void', amount: original.amount, attempt, original } as const;
    const operation = await recordOperation(tx, deps, merchant, intent);
    return { snapshot: { ...locked, operations: [...locked.operations, operation] }, operation, fresh: true };
  });
  return carryOut(deps, merchant, begun, settleVoid, 'void_declined');
}

/** Records the answer to a cancellation; false while there is none. */
export async function settleVoid(
  deps: Deps,
  merchant: Merchant,
  operation: OperationRow,
  outcome: Outcome,
): Promise<boolean> {
  if (outcome.kind !== 'approved' && outcome.kind !== 'declined') return false;
  return inTransaction(deps.db, 'payments.settle_void', async (tx) => {
    const locked = await lockSession(tx, merchant.merchantId, operation.sessionId);
    const approved = outcome.kind === 'approved';
    if (
      locked === null ||
      !(await settle(tx, merchant, operation, approved ? 'succeeded' : 'failed', outcome))
    ) {
      return true;
    }
    const settled = await below(tx, locked.session);
    await advance(tx, merchant, deps.clock.now(), settled, {
      event: approved ? 'void_approved' : 'void_declined',
    });
    return true;
  });
}
