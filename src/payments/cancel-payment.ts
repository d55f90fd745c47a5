import { inTransaction } from '../db/client.ts';
import type { Deps } from '../deps.ts';
import type { Merchant } from '../merchants/merchant.ts';
import {
  type CarriedOut,
  carryOut,
  invalidState,
  lockPayment,
  refuseWhileRunning,
  settleAnswer,
} from './carry-out.ts';
import { recordOperation } from './operations.ts';
import { authorizationOf } from './snapshot.ts';

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
export const settleVoid = settleAnswer((_, approved) => ({
  event: approved ? 'void_approved' : 'void_declined',
}));
