import { inTransaction, type Tx } from '../db/client.ts';
import type { Deps } from '../deps.ts';
import { DAY, SECOND } from '../lib/clock.ts';
import { newId } from '../lib/ids.ts';
import type { Merchant } from '../merchants/merchant.ts';
import { usable } from '../methods/methods.ts';
import {
  type CreateSessionInput,
  holderOf,
  lockOpenSession,
  lockOrder,
  openSession,
} from '../payments/create-session.ts';
import { readSession } from '../payments/snapshot.ts';
import { requestUrl } from './mails.ts';
import { isPayable } from './state.ts';
import { change, lockOwn, type PaymentRequest } from './write.ts';

/**
 * The shopper goes on to pay: the token of the page to do it on. However many people open it in however many tabs, one
 * session of the order is open at a time, and once it is paid or a number is issued its page is where everybody gets.
 * Null when the request is over. Throws `order_in_progress`, `order_already_paid` when the order is paid otherwise.
 */
export async function openRequest(
  deps: Deps,
  merchant: Merchant,
  { id, orderId }: PaymentRequest,
): Promise<string | null> {
  return inTransaction(deps.db, 'requests.open', async (tx) => {
    await lockOrder(tx, merchant, orderId);
    const known = await knownSession(tx, merchant, { id, orderId });
    if (known !== null) return known.token;
    const request = await lockOwn(tx, merchant, id);
    const now = merchant.clock.now();
    if (!isPayable(request.status) || now >= request.dueAt) return null;
    const input = sessionOf(deps, merchant, request);
    const { session } = await openSession(tx, merchant, deps.clock.now(), input, newId('cs', now));
    await change(tx, request, 'visited', { openedAt: request.openedAt ?? now, sessionId: session.id });
    return session.token;
  });
}

/** The session that this request has open, or in which its money is. */
async function knownSession(
  tx: Tx,
  merchant: Merchant,
  { id, orderId }: { id: string; orderId: string },
): Promise<{ token: string } | null> {
  const open = await lockOpenSession(tx, merchant, orderId);
  if (open !== null) return open.session.originId === id ? open.session : null;
  const holder = await holderOf(tx, merchant, orderId);
  if (holder === null) return null;
  const { session } = await readSession(tx, merchant, holder.sessionId);
  return session.originId === id ? session : null;
}

/** A session of a request ends when the request is due at the latest, and so does a number of it. */
function sessionOf(deps: Deps, merchant: Merchant, request: PaymentRequest): CreateSessionInput {
  const { amount, dueAt, customerName, email } = request;
  const leftMs = dueAt.getTime() - merchant.clock.now().getTime();
  const methods = request.methods ?? merchant.settings.methods;
  return {
    origin: 'request',
    originId: request.id,
    orderId: request.orderId,
    amount,
    currency: request.currency,
    description: request.description,
    lineItems: request.lineItems,
    methods: usable(methods, { amount, capture: 'automatic' }),
    capture: 'automatic',
    returnUrl: requestUrl(deps.config, request),
    cancelUrl: null,
    returnMethod: 'none',
    customer: {
      ...(customerName === null ? {} : { name: customerName }),
      ...(email === null ? {} : { email }),
    },
    risk: null,
    locale: request.language,
    expiresIn: Math.max(1, Math.floor(Math.min(leftMs, DAY) / SECOND)),
    numberExpiresDays: Math.min(3, Math.floor(leftMs / DAY)),
    maxAttempts: 5,
    card: {},
    metadata: request.metadata,
  };
}
