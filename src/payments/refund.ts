import { record } from '../audit/record.ts';
import { inTransaction } from '../db/client.ts';
import type { Deps } from '../deps.ts';
import type { Merchant } from '../merchants/merchant.ts';
import { methodOf } from '../methods/methods.ts';
import { advance } from './advance.ts';
import { type CarriedOut, carryOut, lockPayment, settleAnswer } from './carry-out.ts';
import { recordOperation } from './operations.ts';
import { amountTooLarge, invalidState, onlyByTransfer } from './refusals.ts';
import { authorizationOf, type OperationRow } from './snapshot.ts';

export interface RefundInput {
  paymentId: string;
  /** Minor units; null = all that is left. */
  amount: number | null;
  reason: string | null;
  /** `re_…`, the refund's id: a repeat with the same one finds the refund that was begun. */
  workId: string;
}

export interface Refunded extends CarriedOut {
  refund: OperationRow;
}

/**
 * Gives money back, as often as there is some left; refunds that are still pending count as given. Throws
 * `not_found`, `invalid_state`, `amount_too_large`, `refund_declined`, `not_supported`.
 */
export async function refund(deps: Deps, merchant: Merchant, input: RefundInput): Promise<Refunded> {
  const begun = await inTransaction(deps.db, 'payments.begin_refund', async (tx) => {
    const locked = await lockPayment(tx, merchant, input.paymentId);
    const known = locked.operations.find(({ id }) => id === input.workId);
    if (known !== undefined) return { snapshot: locked, operation: known, fresh: false };
    if (methodOf(locked.payment.method)?.refunds !== 'network') throw onlyByTransfer(locked);
    const { status, amountCaptured, amountRefunded, amountRefunding } = locked.payment;
    if (status !== 'captured' && status !== 'partially_refunded') throw invalidState(locked, 'captured');
    const left = amountCaptured - amountRefunded - amountRefunding;
    const amount = input.amount ?? left;
    if (amount > left || left === 0) throw amountTooLarge(amount, left);
    const { original, attempt } = authorizationOf(locked);
    const intent = {
      id: input.workId,
      kind: 'refund',
      amount,
      attempt,
      original,
      reason: input.reason,
    } as const;
    const operation = await recordOperation(tx, deps, merchant, intent);
    const recorded = { ...locked, operations: [...locked.operations, operation] };
    const snapshot = await advance(tx, merchant, deps.clock.now(), recorded, {
      event: 'refund_started',
      amount,
    });
    const details = { amount, operation: operation.id };
    await record(tx, deps, merchant, { action: 'payment.refund', target: locked.payment.id, details });
    return { snapshot, operation, fresh: true };
  });
  const done = await carryOut(deps, merchant, begun, settleRefund, 'refund_declined');
  return { ...done, refund: done.operation };
}

/** Records the answer to a refund; false while there is none. */
export const settleRefund = settleAnswer(({ amount }, { kind }) => ({
  event: kind === 'approved' ? 'refund_approved' : 'refund_declined',
  amount,
}));
