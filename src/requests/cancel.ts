import { record } from '../audit/record.ts';
import { inTransaction, type Tx } from '../db/client.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../lib/problem.ts';
import { oweRequestMails } from '../mail/owe.ts';
import type { Merchant } from '../merchants/merchant.ts';
import { advance } from '../payments/advance.ts';
import { holderOf, lockOpenSession, lockOrder } from '../payments/create-session.ts';
import { attemptInFlight } from '../payments/snapshot.ts';
import { mailOf } from './mails.ts';
import { change, lockOwn, type PaymentRequest, readRequest } from './write.ts';

/**
 * Takes a request back, and the page that somebody has open for it; with `tell` its addressee gets a mail. One that is
 * canceled stays so. Throws `not_found`, `invalid_state`, and while it is being paid `order_in_progress`.
 */
export async function cancelRequest(
  deps: Deps,
  merchant: Merchant,
  { id, tell }: { id: string; tell: boolean },
): Promise<PaymentRequest> {
  return inTransaction(deps.db, 'requests.cancel', async (tx) => {
    const { orderId } = await readRequest(tx, merchant, id);
    await lockOrder(tx, merchant, orderId);
    await endVisit(tx, deps, merchant, { id, orderId });
    const before = await lockOwn(tx, merchant, id);
    if (before.status === 'canceled') return before;
    const after = await change(tx, before, 'canceled', { endedAt: merchant.clock.now() });
    if (after === null) {
      const detail = `Payment request ${id} is ${before.status}. To give money back, refund its payment.`;
      throw new Problem('invalid_state', detail, { request_status: before.status });
    }
    if (tell && after.email !== null && after.sentAt !== null) {
      const mail = mailOf(deps, after, 'payment_request_canceled', 'canceled', merchant.clock.now());
      await oweRequestMails(tx, deps, merchant, [mail]);
    }
    await record(tx, deps, merchant, {
      action: 'request.canceled',
      target: id,
      details: { order_id: orderId, amount: after.amount, told: tell },
    });
    return after;
  });
}

/** Ends the request's open session. Money in motion is never cut off. */
async function endVisit(
  tx: Tx,
  deps: Deps,
  merchant: Merchant,
  { id, orderId }: { id: string; orderId: string },
): Promise<void> {
  const open = await lockOpenSession(tx, merchant, orderId);
  if (open !== null && open.session.originId === id) {
    if (attemptInFlight(open) !== null) throw paying(orderId, open.session.id);
    const change = { status: 'canceled', reason: 'merchant_canceled', replacedBy: null } as const;
    await advance(tx, merchant, deps.clock.now(), open, { event: 'session_ended', ...change });
    return;
  }
  const holder = await holderOf(tx, merchant, orderId);
  if (holder?.status === 'processing' || holder?.status === 'awaiting_payment') {
    throw paying(orderId, holder.sessionId);
  }
}

function paying(orderId: string, sessionId: string): Problem {
  return new Problem(
    'order_in_progress',
    `Order ${orderId} is being paid in session ${sessionId}. Wait for its result; a number that awaits payment you can cancel.`,
    { session_id: sessionId },
  );
}
