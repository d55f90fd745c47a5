import type { Deps } from '../deps.ts';
import type { Merchant } from '../merchants/merchant.ts';
import { receiptPath } from '../payments/present.ts';
import { loadSession } from '../payments/snapshot.ts';
import { PAYMENT_STATUS_OF_SESSION } from '../payments/state.ts';
import { isPayable } from './state.ts';
import type { PaymentRequest } from './write.ts';

/** What a request's page shows. It follows the money itself, which may be ahead of the request's status by a moment. */
export type Stand =
  | { kind: 'open' }
  | { kind: 'awaiting' }
  | { kind: 'paid'; receipt: string | null }
  | { kind: 'expired' }
  | { kind: 'canceled' };

/** How a request stands. Changes nothing. */
export async function standOf(deps: Deps, merchant: Merchant, request: PaymentRequest): Promise<Stand> {
  const { status, sessionId, dueAt } = request;
  const payment = sessionId === null ? null : (await loadSession(deps, merchant, sessionId)).payment;
  const money = payment === null ? 'unpaid' : PAYMENT_STATUS_OF_SESSION[payment.status];
  if (status === 'paid' || money === 'paid' || money === 'refunded') {
    return { kind: 'paid', receipt: receiptPath(payment) };
  }
  if (status === 'canceled') return { kind: 'canceled' };
  if (money === 'pending') return { kind: 'awaiting' };
  return isPayable(status) && merchant.clock.now() < dueAt ? { kind: 'open' } : { kind: 'expired' };
}
