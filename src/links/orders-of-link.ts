import { and, desc, eq } from 'drizzle-orm';
import { linkOrders, sessions } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import type { LinkRow } from './links.ts';

export type OrderOfLink = typeof linkOrders.$inferSelect & { orderId: string };

/** The newest orders through a link, with the number under which their payments are found. */
export async function ordersOfLink(
  { db }: Pick<Deps, 'db'>,
  { merchantId, id }: LinkRow,
  limit: number,
): Promise<OrderOfLink[]> {
  const rows = await db
    .select({ order: linkOrders, orderId: sessions.orderId })
    .from(linkOrders)
    .innerJoin(
      sessions,
      and(eq(sessions.merchantId, linkOrders.merchantId), eq(sessions.id, linkOrders.sessionId)),
    )
    .where(and(eq(linkOrders.merchantId, merchantId), eq(linkOrders.linkId, id)))
    .orderBy(desc(linkOrders.sessionId))
    .limit(limit);
  return rows.map(({ order, orderId }) => ({ ...order, orderId }));
}
