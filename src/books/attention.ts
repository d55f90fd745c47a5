import { sql } from 'drizzle-orm';
import type { Deps } from '../deps.ts';
import { DAY, MINUTE, plus } from '../lib/clock.ts';
import type { Merchant } from '../merchants/merchant.ts';

/** What somebody should look at, and how many of it there are. */
export const NEEDS = ['unknown', 'items', 'expiring', 'endpoints', 'bounced', 'due', 'stock'] as const;
export type Need = (typeof NEEDS)[number];

/** Counted up to here: who has more does not need the number. */
export const MANY = 100;

/** Only those that there are, the most pressing first. */
export async function attentionOf(
  { db }: Pick<Deps, 'db'>,
  merchant: Merchant,
): Promise<{ need: Need; count: number }[]> {
  const { merchantId, mode } = merchant;
  const now = merchant.clock.now();
  const [lately, minuteAgo, yesterday, soon] = [-3 * DAY, -MINUTE, -DAY, 3 * DAY].map((ms) =>
    plus(now, ms).toISOString(),
  );
  const own = sql`merchant_id = ${merchantId} and mode = ${mode}`;
  const [row] = await db.execute<Record<Need, string>>(sql`select
    (select count(*) from (select id from payments where ${own} and status = 'processing' and created_at < ${minuteAgo}
      union select o.payment_id from operations o join payments p on p.merchant_id = o.merchant_id and p.id = o.payment_id
        where o.merchant_id = ${merchantId} and p.mode = ${mode} and o.status = 'pending' and o.created_at < ${minuteAgo}
      limit ${MANY}) _) as unknown,
    (select count(*) from (select id from action_items where ${own} and resolved_at is null limit ${MANY}) _) as items,
    (select count(*) from (select id from payments where ${own} and status = 'authorized'
      and expiry_told_at is not null limit ${MANY}) _) as expiring,
    (select count(*) from webhook_endpoints e where ${own} and (status = 'disabled' or status = 'enabled' and exists (
      select 1 from deliveries d where d.merchant_id = e.merchant_id and d.mode = e.mode and d.endpoint_id = e.id
        and d.status <> 'delivered' and (d.try > 2 or d.status = 'failed') and d.created_at > ${lately})))
      as endpoints,
    (select count(*) from (select id from payment_requests where ${own} and status = 'bounced' limit ${MANY}) _) as bounced,
    (select count(*) from (select id from payment_requests where ${own} and status in ('sent', 'opened')
      and due_at between ${yesterday} and ${soon} limit ${MANY}) _) as due,
    (select count(*) from payment_links where ${own} and status = 'active' and stock is not null
      and stock - taken <= greatest(1, stock / 10)) as stock`);
  return NEEDS.map((need) => ({ need, count: Number(row?.[need] ?? 0) })).filter(({ count }) => count > 0);
}
