import { asc, eq, gt } from 'drizzle-orm';
import { inTransaction } from '../db/client.ts';
import { backfills, merchants } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { merchantOf } from '../merchants/merchant.ts';
import { figuresOf } from './figures.ts';

const NAME = 'day_figures';

/**
 * Adds up the days that are over, so that nobody waits for it in the morning: `slice` merchants at a time; false when it
 * has been through all of them, and begins anew the next time.
 */
export async function closeDays(deps: Pick<Deps, 'db' | 'clock'>, slice = 50): Promise<boolean> {
  const [state] = await deps.db.select().from(backfills).where(eq(backfills.name, NAME));
  const rows = await deps.db
    .select({ merchantId: merchants.merchantId })
    .from(merchants)
    .where(gt(merchants.merchantId, state?.afterMerchant ?? ''))
    .orderBy(asc(merchants.merchantId))
    .limit(slice);
  for (const { merchantId } of rows)
    for (const mode of ['test', 'live'] as const)
      await figuresOf(deps, await merchantOf(deps, { merchantId, mode }));
  const more = rows.length === slice;
  const afterMerchant = more ? (rows.at(-1)?.merchantId ?? '') : '';
  await inTransaction(deps.db, 'books.close_days', (tx) =>
    tx
      .insert(backfills)
      .values({ name: NAME, afterMerchant, afterId: '' })
      .onConflictDoUpdate({ target: backfills.name, set: { afterMerchant } }),
  );
  return more;
}
