import { and, count, desc, eq, lte, sql } from 'drizzle-orm';
import { record } from '../audit/record.ts';
import { inTransaction } from '../db/client.ts';
import { jobs, merchants } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { plus, SECOND } from '../lib/clock.ts';
import { type Merchant, merchantOf } from '../merchants/merchant.ts';
import { JOBS_CHANNEL } from '../queue/enqueue.ts';

/**
 * Advances a test merchant's clock, for good: expiry, deadlines, lapses, notification retries and reminders come
 * nearer by `seconds`; signatures and network times do not move. Returns the merchant's new time.
 */
export async function advanceClock(deps: Deps, merchant: Merchant, seconds: number): Promise<Date> {
  const { merchantId } = merchant;
  return inTransaction(deps.db, 'payments.advance_clock', async (tx) => {
    await tx
      .update(merchants)
      .set({ testClockOffsetMs: sql`${merchants.testClockOffsetMs} + ${seconds * SECOND}` })
      .where(eq(merchants.merchantId, merchantId));
    await tx
      .update(jobs)
      .set({ runAt: sql`${jobs.runAt} - make_interval(secs => ${seconds})` })
      .where(and(eq(jobs.merchantId, merchantId), eq(jobs.mode, 'test'), eq(jobs.clock, 'merchant')));
    await tx.execute(sql`select pg_notify(${JOBS_CHANNEL}, '')`);
    const moved = await merchantOf({ db: tx, clock: deps.clock }, { merchantId, mode: 'test' });
    const now = moved.clock.now();
    const details = { seconds, now: now.toISOString() };
    await record(tx, deps, merchant, { action: 'test.clock_moved', details });
    return now;
  });
}

/** What a move of the clock by so many milliseconds makes due, by the kind of work, most first. */
export async function dueWithin(
  { db, clock }: Pick<Deps, 'db' | 'clock'>,
  { merchantId }: Merchant,
  ms: number,
): Promise<{ name: string; jobs: number }[]> {
  return db
    .select({ name: jobs.name, jobs: count() })
    .from(jobs)
    .where(
      and(
        eq(jobs.merchantId, merchantId),
        eq(jobs.mode, 'test'),
        eq(jobs.clock, 'merchant'),
        lte(jobs.runAt, plus(clock.now(), ms)),
      ),
    )
    .groupBy(jobs.name)
    .orderBy(desc(count()));
}
