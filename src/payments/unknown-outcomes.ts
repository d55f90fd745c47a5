import { sql } from 'drizzle-orm';
import type { Mode } from '../config.ts';
import type { Deps } from '../deps.ts';
import { MINUTE, plus } from '../lib/clock.ts';

/** How many operations have not been answered for more than a minute, of all merchants: reversed or repeated until they are. */
export async function unknownOutcomes({
  db,
  clock,
}: Pick<Deps, 'db' | 'clock'>): Promise<{ mode: Mode; count: number }[]> {
  const before = plus(clock.now(), -MINUTE).toISOString();
  const rows = await db.execute<{ mode: Mode; count: string }>(
    sql`select p.mode, count(*) as count from operations o
      join payments p on p.merchant_id = o.merchant_id and p.id = o.payment_id
      where o.status = 'pending' and o.created_at < ${before} group by p.mode`,
  );
  return rows.map(({ mode, count }) => ({ mode, count: Number(count) }));
}
