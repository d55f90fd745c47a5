import { record } from '../audit/record.ts';
import { inTransaction } from '../db/client.ts';
import type { Deps } from '../deps.ts';
import type { Merchant } from '../merchants/merchant.ts';
import {
  type CarriedOut,
  carryOut,
  lockPayment,
  refuseWhileRunning,
  saysGone,
  settleAnswer,
} from './carry-out.ts';
import { recordOperation } from './operations.ts';
import { amountTooLarge, holdIsOver, invalidState } from './refusals.ts';
import { authorizationOf, type PaymentRow } from './snapshot.ts';

export interface CaptureInput {
  paymentId: string;
  /** Minor units; null = all that was authorised. */
  amount: number | null;
  /** `op_…`: a repeat with the same one finds the capture that was begun. */
  workId: string;
}

/**
 * Captures an authorisation, once; a smaller `amount` releases the rest. Throws `not_found`, `invalid_state`,
 * `operation_in_progress`, `amount_too_large`, `capture_declined`.
 */
export async function capture(deps: Deps, merchant: Merchant, input: CaptureInput): Promise<CarriedOut> {
  const begun = await inTransaction(deps.db, 'payments.begin_capture', async (tx) => {
    const locked = await lockPayment(tx, merchant, input.paymentId);
    const known = locked.operations.find(({ id }) => id === input.workId);
    if (known !== undefined) return { snapshot: locked, operation: known, fresh: false };
    refuseWhileRunning(locked);
    const { original, attempt } = authorizationOf(locked);
    if (locked.payment.status !== 'authorized') throw invalidState(locked, 'authorized');
    if (isOver(locked.payment, merchant)) throw holdIsOver(locked);
    const amount = input.amount ?? locked.payment.amount;
    if (amount > locked.payment.amount) throw amountTooLarge(amount, locked.payment.amount, NO_RAISE);
    const intent = { id: input.workId, kind: 'capture', amount, attempt, original } as const;
    const operation = await recordOperation(tx, deps, merchant, intent);
    const details = { amount, operation: operation.id };
    await record(tx, deps, merchant, { action: 'payment.capture', target: locked.payment.id, details });
    return { snapshot: { ...locked, operations: [...locked.operations, operation] }, operation, fresh: true };
  });
  return carryOut(deps, merchant, begun, settleCapture, 'capture_declined');
}

/** Records the answer to a capture; false while there is none. */
export const settleCapture = settleAnswer((operation, answer) =>
  answer.kind === 'approved'
    ? { event: 'capture_approved', amount: operation.amount }
    : { event: 'capture_declined', gone: saysGone(answer) },
);

const NO_RAISE =
  'A hold cannot be raised: for a higher total send the shopper to a new session under another order_id, then cancel this one.';

/** From then on the hold is on its way back; a capture that was begun before goes on. */
function isOver({ captureBefore }: PaymentRow, merchant: Merchant): boolean {
  return captureBefore !== null && merchant.clock.now() >= captureBefore;
}
