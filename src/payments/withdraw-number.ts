import { note } from '../audit/note.ts';
import { record } from '../audit/record.ts';
import { inTransaction } from '../db/client.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../lib/problem.ts';
import type { Merchant } from '../merchants/merchant.ts';
import { type CarriedOut, lockPayment, type PaidSnapshot } from './carry-out.ts';
import { askToClose, canWithdraw } from './close-number.ts';
import { writeNumber } from './number-rows.ts';
import { invalidState } from './refusals.ts';
import { loadSession, type NumberRow } from './snapshot.ts';

export interface CancelPaymentInput {
  paymentId: string;
  /** `op_…`: a repeat with the same one finds the cancellation that was begun. */
  workId: string;
}

/**
 * Takes back the number of a payment that awaits its money; null where it is none of a number, or not this state's
 * business. Throws `not_supported`, `number_not_withdrawable` (the shopper is at the register), `operation_in_progress`, and `invalid_state` when it was paid meanwhile.
 */
export async function withdrawNumber(
  deps: Deps,
  merchant: Merchant,
  { paymentId, workId }: CancelPaymentInput,
): Promise<Pick<CarriedOut, 'snapshot' | 'settled'> | null> {
  const begun = await inTransaction(deps.db, 'payments.begin_withdrawal', async (tx) => {
    const locked = await lockPayment(tx, merchant, paymentId);
    const mine = locked.numbers.find(({ closedBy }) => closedBy === workId);
    if (mine !== undefined) return { locked, row: mine };
    const row = locked.numbers.find(({ status }) => status === 'issued');
    if (locked.payment.status !== 'awaiting_payment' || row === undefined) return null;
    if (!canWithdraw(row)) throw neverWithdrawable(locked);
    if (row.closing !== null) {
      throw new Problem(
        'operation_in_progress',
        'The number is being taken back. Ask again in a few seconds.',
      );
    }
    const closing = { closing: 'withdraw', closedBy: workId } as const;
    await writeNumber(tx, row, closing);
    await record(tx, deps, merchant, withdrawal(locked, row));
    return { locked, row: { ...row, ...closing } };
  });
  if (begun === null) return null;
  const { locked, row } = begun;
  const closed = row.status === 'closed' ? 'closed' : await askToClose(deps, merchant, row);
  if (closed === 'not_withdrawable') {
    await note(deps, merchant, { ...withdrawal(locked, row), outcome: 'failure' });
    throw notWithdrawable(locked);
  }
  const snapshot = await loadSession(deps, merchant, locked.session.id);
  const { payment } = snapshot;
  if (payment === null) throw new Error(`payment ${paymentId} has vanished`);
  if (payment.status === 'voided' || closed === 'open') return { snapshot, settled: closed !== 'open' };
  throw invalidState({ ...snapshot, payment }, 'awaiting_payment');
}

function withdrawal({ payment }: PaidSnapshot, { id }: NumberRow) {
  const details = { amount: payment.amount, method: payment.method, number: id };
  return { action: 'payment.cancel', target: payment.id, details } as const;
}

/** Not of this chain or method at all. */
function neverWithdrawable({ payment }: PaidSnapshot): Problem {
  return new Problem(
    'not_supported',
    `The voucher centre takes no ${payment.method} number of this kind back. It lapses at its deadline; if it is paid before, return the money by a bank transfer.`,
  );
}

function notWithdrawable({ payment }: PaidSnapshot): Problem {
  return new Problem(
    'number_not_withdrawable',
    `The voucher centre does not take this ${payment.method} number back. It lapses at its deadline; if it is paid before, return the money by a bank transfer.`,
    { payment_status: payment.status },
  );
}
