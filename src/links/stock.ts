import { and, eq, sql } from 'drizzle-orm';
import { inTransaction, type Tx } from '../db/client.ts';
import { events, linkOrders, paymentLinks } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { merchantOf } from '../merchants/merchant.ts';
import { lockSession } from '../payments/advance.ts';
import type { Snapshot } from '../payments/snapshot.ts';

type OrderRow = typeof linkOrders.$inferSelect;

/**
 * The job of every event, beside its notifications: what a link's order comes to. Pieces are kept as long as somebody
 * may still pay for them, sold once money came or is held, and given back when nothing comes. Run twice, it does
 * nothing twice.
 */
export async function settleLinkOrder(deps: Deps, payload: Record<string, string>): Promise<void> {
  const { merchant_id: merchantId = '', event_id: eventId = '' } = payload;
  const [event] = await deps.db
    .select()
    .from(events)
    .where(and(eq(events.merchantId, merchantId), eq(events.id, eventId)));
  const sessionId = event?.sessionId ?? null;
  if (event === undefined || sessionId === null || !DECIDING.includes(event.type)) return;
  const [known] = await deps.db.select().from(linkOrders).where(isOf(merchantId, sessionId));
  if (known === undefined) return;
  const merchant = await merchantOf(deps, event);
  await inTransaction(deps.db, 'links.settle', async (tx) => {
    const snapshot = await lockSession(tx, merchantId, sessionId);
    const [order] = await tx.select().from(linkOrders).where(isOf(merchantId, sessionId));
    if (snapshot === null || order === undefined) return;
    const status = statusFor(snapshot);
    if (status === order.status) return;
    await tx
      .update(linkOrders)
      .set({ status, settledAt: merchant.clock.now() })
      .where(isOf(merchantId, sessionId));
    if (status === 'released') await giveBack(tx, order);
    if (order.status === 'released') await takeAgain(tx, order);
  });
}

const DECIDING = [
  'session.completed',
  'session.expired',
  'session.canceled',
  'payment.captured',
  'payment.voided',
  'payment.expired',
];

/** What a session's order comes to, as its money stands. */
export function statusFor({ session, payment, duplicates }: Snapshot): OrderRow['status'] {
  if (duplicates.length > 0) return 'sold';
  switch (payment?.status) {
    case 'authorized':
    case 'captured':
    case 'partially_refunded':
    case 'refunded':
      return 'sold';
    case 'awaiting_payment':
    case 'processing':
    case 'requires_action':
      return 'held';
    default:
      return session.status === 'open' ? 'held' : 'released';
  }
}

function isOf(merchantId: string, sessionId: string) {
  return and(eq(linkOrders.merchantId, merchantId), eq(linkOrders.sessionId, sessionId));
}

async function giveBack(tx: Tx, { merchantId, linkId, quantity }: OrderRow): Promise<void> {
  await tx
    .update(paymentLinks)
    .set({ taken: sql`${paymentLinks.taken} - ${quantity}` })
    .where(and(eq(paymentLinks.merchantId, merchantId), eq(paymentLinks.id, linkId)));
}

/**
 * Money that came after its pieces were given back is a sale all the same: where they are gone the stock grows by what
 * is owed, and the action item of the late payment tells the merchant.
 */
async function takeAgain(tx: Tx, { merchantId, linkId, quantity }: OrderRow): Promise<void> {
  const { taken, stock } = paymentLinks;
  await tx
    .update(paymentLinks)
    .set({
      taken: sql`${taken} + ${quantity}`,
      stock: sql`case when ${stock} is null then null else greatest(${stock}, ${taken} + ${quantity}) end`,
    })
    .where(and(eq(paymentLinks.merchantId, merchantId), eq(paymentLinks.id, linkId)));
}
