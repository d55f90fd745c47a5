import { and, eq, inArray, sql } from 'drizzle-orm';
import { inTransaction, type Tx } from '../db/client.ts';
import { attempts, backfills, numbers, paymentSearch, payments, sessions } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { groupBy } from '../lib/group.ts';
import { type SearchRow, searchRows } from './search-terms.ts';
import type { PaymentRow } from './snapshot.ts';

const NAME = 'payment_search';

/**
 * Makes a slice of the payments from before there was a search to be found, `slice` at a time; false when none is left.
 * Whoever changes one of them meanwhile has the last word.
 */
export function indexPayments({ db, clock }: Pick<Deps, 'db' | 'clock'>, slice = 1_000): Promise<boolean> {
  return inTransaction(db, 'payments.index_payments', async (tx) => {
    await tx.insert(backfills).values({ name: NAME, afterMerchant: '', afterId: '' }).onConflictDoNothing();
    const [state] = await tx.select().from(backfills).where(eq(backfills.name, NAME)).for('update');
    if (state === undefined || state.finishedAt !== null) return false;
    const rows = await tx
      .select()
      .from(payments)
      .where(sql`(${payments.merchantId}, ${payments.id}) > (${state.afterMerchant}, ${state.afterId})`)
      .orderBy(payments.merchantId, payments.id)
      .limit(slice);
    for (const merchantId of new Set(rows.map((row) => row.merchantId))) {
      const found = await rowsOf(
        tx,
        merchantId,
        rows.filter((row) => row.merchantId === merchantId),
      );
      await tx.insert(paymentSearch).values(found).onConflictDoNothing();
    }
    const last = rows.at(-1);
    const place = last === undefined ? {} : { afterMerchant: last.merchantId, afterId: last.id };
    const more = rows.length === slice;
    const moved = { ...place, finishedAt: more ? null : clock.now() };
    await tx.update(backfills).set(moved).where(eq(backfills.name, NAME));
    return more;
  });
}

async function rowsOf(tx: Tx, merchantId: string, rows: PaymentRow[]): Promise<SearchRow[]> {
  const ids = [...new Set(rows.map(({ sessionId }) => sessionId))];
  const [held, tried, asked] = [
    await tx
      .select()
      .from(sessions)
      .where(and(eq(sessions.merchantId, merchantId), inArray(sessions.id, ids))),
    await tx
      .select()
      .from(attempts)
      .where(and(eq(attempts.merchantId, merchantId), inArray(attempts.sessionId, ids))),
    await tx
      .select()
      .from(numbers)
      .where(and(eq(numbers.merchantId, merchantId), inArray(numbers.sessionId, ids))),
  ];
  const bySession = new Map(held.map((session) => [session.id, session]));
  const attemptsOf = groupBy(tried, ({ sessionId }) => sessionId);
  const numbersOf = groupBy(asked, ({ sessionId }) => sessionId);
  return rows.flatMap((payment) => {
    const session = bySession.get(payment.sessionId);
    if (session === undefined) return [];
    return searchRows({
      session,
      payment,
      duplicates: [],
      attempts: attemptsOf.get(session.id) ?? [],
      numbers: numbersOf.get(session.id) ?? [],
    });
  });
}
