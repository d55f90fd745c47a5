import { note } from '../audit/note.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../lib/problem.ts';
import type { Merchant } from '../merchants/merchant.ts';
import { loadPayment } from './queries.ts';
import { invalidState } from './refusals.ts';
import type { Snapshot } from './snapshot.ts';
import { inquire } from './watch-number.ts';

export interface SettleForTestInput {
  paymentId: string;
  verb: 'pay' | 'expire';
}

/**
 * Test mode: has the simulated voucher centre take the money of a number or let it expire, and waits until that is
 * told. A number that has ended can still be paid: late, or once more. Throws `not_supported` for a payment without
 * one, `invalid_state` when there is nothing to expire.
 */
export async function settleForTest(
  deps: Deps,
  merchant: Merchant,
  { paymentId, verb }: SettleForTestInput,
): Promise<Snapshot> {
  const before = await loadPayment(deps, merchant, paymentId);
  const row = before.numbers.findLast(({ parts }) => parts !== null);
  const centre = deps.vouchers[merchant.mode];
  const { payment } = before;
  if (row === undefined || payment === null || centre === null) {
    const detail = `A payment by ${payment?.method} is not settled by a number or a bank.`;
    throw new Problem('not_supported', detail);
  }
  if (verb === 'expire' && row.status !== 'issued') {
    throw invalidState({ ...before, payment }, 'awaiting_payment, or requires_action at a bank');
  }
  await note(deps, merchant, { action: 'test.payment_settled', target: paymentId, details: { as: verb } });
  if (!(await centre.control(row.id, verb))) {
    throw new Problem('not_supported', 'The voucher centre of test mode is not the simulator, or is down.');
  }
  await inquire(deps, merchant, row);
  return loadPayment(deps, merchant, paymentId);
}
