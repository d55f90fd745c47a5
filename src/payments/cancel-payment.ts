import { record } from '../audit/record.ts';
import { inTransaction, type Tx } from '../db/client.ts';
import type { Deps } from '../deps.ts';
import type { Merchant } from '../merchants/merchant.ts';
import {
  type Begun,
  type CarriedOut,
  carryOut,
  lockPayment,
  type PaidSnapshot,
  refuseWhileRunning,
  saysGone,
  settleAnswer,
} from './carry-out.ts';
import { recordOperation } from './operations.ts';
import { invalidState } from './refusals.ts';
import { authorizationOf } from './snapshot.ts';
import { type CancelPaymentInput, withdrawNumber } from './withdraw-number.ts';

/**
 * Releases an authorisation that was not captured, or takes back a number that awaits payment. Throws `not_found`,
 * `invalid_state`, `operation_in_progress`, `void_declined`, `number_not_withdrawable`.
 */
export async function cancelPayment(
  deps: Deps,
  merchant: Merchant,
  input: CancelPaymentInput,
): Promise<Pick<CarriedOut, 'snapshot' | 'settled'>> {
  const byNumber = await withdrawNumber(deps, merchant, input);
  return byNumber ?? releaseHold(deps, merchant, input);
}

async function releaseHold(deps: Deps, merchant: Merchant, input: CancelPaymentInput): Promise<CarriedOut> {
  const begun = await inTransaction(deps.db, 'payments.begin_void', async (tx) => {
    const locked = await lockPayment(tx, merchant, input.paymentId);
    const known = locked.operations.find(({ id }) => id === input.workId);
    if (known !== undefined) return { snapshot: locked, operation: known, fresh: false };
    refuseWhileRunning(locked);
    if (locked.payment.status !== 'authorized') throw invalidState(locked, 'authorized or awaiting_payment');
    return recordVoid(tx, deps, merchant, locked, { id: input.workId, reason: null });
  });
  return carryOut(deps, merchant, begun, settleVoid, 'void_declined');
}

/** A cancellation that nobody asked for: the hold's time is over. */
export const LAPSED = 'lapsed';

/** Records the intent to release a hold; last in its transaction. */
export async function recordVoid(
  tx: Tx,
  deps: Deps,
  merchant: Merchant,
  locked: PaidSnapshot,
  { id, reason }: { id: string; reason: typeof LAPSED | null },
): Promise<Begun> {
  const { original, attempt } = authorizationOf(locked);
  const intent = { id, kind: 'void', amount: original.amount, attempt, original, reason } as const;
  const operation = await recordOperation(tx, deps, merchant, intent);
  const details = { amount: original.amount, operation: id, ...(reason !== null && { reason }) };
  await record(tx, deps, merchant, { action: 'payment.cancel', target: locked.payment.id, details });
  return { snapshot: { ...locked, operations: [...locked.operations, operation] }, operation, fresh: true };
}

/** Records the answer to a cancellation; false while there is none. A hold that lapses may be gone already. */
export const settleVoid = settleAnswer((operation, answer) => {
  const lapses = operation.reason === LAPSED;
  if (answer.kind === 'approved') return { event: lapses ? 'lapsed' : 'void_approved' };
  const gone = saysGone(answer);
  return lapses && gone ? { event: 'lapsed' } : { event: 'void_declined', gone };
});
