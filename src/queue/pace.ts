import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';

/**
 * Waits for its turn where something may happen so many times a second, in all processes together: each takes the next
 * moment, by the database's clock, and a moment that nobody took is not made up for.
 */
export async function inTurn(db: Db, name: string, perSecond: number): Promise<void> {
  const step = sql`make_interval(secs => ${1 / perSecond}::double precision)`;
  const [turn] = await db.execute<{ ms: number }>(sql`
    insert into paces (name, next_at) values (${name}, clock_timestamp() + ${step})
    on conflict (name) do update set next_at = greatest(paces.next_at, clock_timestamp()) + ${step}
    returning (extract(epoch from next_at - ${step} - clock_timestamp()) * 1000)::double precision as ms`);
  const ms = turn?.ms ?? 0;
  if (ms > 0) await wait(ms);
}
