import { and, eq, isNull, lte, or, sql } from 'drizzle-orm';
import { inTransaction, type Tx } from '../db/client.ts';
import { linkOrders, paymentLinks, type SessionOrigin } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { randomText } from '../lib/ids.ts';
import { type Merchant, offeredBy } from '../merchants/merchant.ts';
import { usable } from '../methods/methods.ts';
import { lockSession } from '../payments/advance.ts';
import { type CreateSessionInput, openSession } from '../payments/create-session.ts';
import type { SessionRow } from '../payments/snapshot.ts';
import { type LinkRow, type LinkState, stateOf } from './links.ts';
import type { LinkOrder } from './read-order.ts';

/** How long what was ordered is kept for a shopper who does not pay, in seconds. */
const HELD_FOR = 1_800;
const ORIGIN: SessionOrigin = 'link';

export type Ordered = { session: SessionRow } | { refused: Exclude<LinkState, 'open'> | 'amount' };

/**
 * Makes a session for what was ordered, and takes the pieces out of the stock with it: never more than there are.
 * `visitId` (`cs_…`, of the page that was filled in) becomes the session's id: the same form sent twice leads to one.
 */
export async function orderThroughLink(
  deps: Deps,
  merchant: Merchant,
  link: LinkRow,
  { order, visitId }: { order: LinkOrder; visitId: string },
): Promise<Ordered> {
  const now = merchant.clock.now();
  const input = sessionOf(deps, merchant, link, order);
  if (input.methods.length === 0) return { refused: 'amount' };
  return inTransaction(deps.db, 'links.order', async (tx) => {
    const made = await lockSession(tx, merchant.merchantId, visitId);
    if (made?.session.originId === link.id) return { session: made.session };
    const state = stateOf(link, now);
    if (state !== 'open' && state !== 'sold_out') return { refused: state };
    if (made !== null || !(await take(tx, link, order.quantity))) return { refused: 'sold_out' };
    const { session } = await openSession(tx, merchant, deps.clock.now(), input, visitId);
    const { merchantId, id: linkId } = link;
    const { choice, quantity, unitAmount, answers } = order;
    await tx.insert(linkOrders).values({
      ...{ merchantId, linkId, sessionId: session.id, choice, quantity, unitAmount, answers },
      status: 'held',
      createdAt: now,
    });
    return { session };
  });
}

/** False when there are not so many left. */
async function take(tx: Tx, { merchantId, id }: LinkRow, quantity: number): Promise<boolean> {
  const { taken, stock } = paymentLinks;
  const taking = await tx
    .update(paymentLinks)
    .set({ taken: sql`${taken} + ${quantity}` })
    .where(
      and(
        eq(paymentLinks.merchantId, merchantId),
        eq(paymentLinks.id, id),
        eq(paymentLinks.status, 'active'),
        or(isNull(stock), lte(sql`${taken} + ${quantity}`, stock)),
      ),
    )
    .returning({ id: paymentLinks.id });
  return taking.length === 1;
}

function sessionOf(
  { config }: Pick<Deps, 'config'>,
  { settings: own }: Merchant,
  { id, slug, settings }: LinkRow,
  { itemName, quantity, unitAmount, customer }: LinkOrder,
): CreateSessionInput {
  const amount = quantity * unitAmount;
  const { title, taxRate, after, methods, locale } = settings;
  const page = `${config.publicUrl}/l/${slug}`;
  const item = { name: itemName, quantity, unit_amount: unitAmount };
  return {
    origin: ORIGIN,
    originId: id,
    orderId: `L-${randomText(12)}`,
    amount,
    currency: 'JPY',
    description: title,
    lineItems: [taxRate === null ? item : { ...item, tax_rate: taxRate }],
    methods: usable(
      (methods ?? offeredBy(own)).filter((each) => own.methods.includes(each)),
      { amount, capture: 'automatic' },
    ),
    capture: 'automatic',
    returnUrl: after.kind === 'redirect' ? after.url : page,
    cancelUrl: page,
    returnMethod: after.kind === 'redirect' ? 'get' : 'none',
    customer,
    risk: null,
    locale,
    expiresIn: HELD_FOR,
    numberExpiresDays: 3,
    maxAttempts: 5,
    card: {},
    metadata: { payment_link: id },
  };
}
