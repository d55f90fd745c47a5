import { setTimeout as sleep } from 'node:timers/promises';
import { and, eq, ne } from 'drizzle-orm';
import { inTransaction } from '../db/client.ts';
import { dataKeys } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { SECOND } from '../lib/clock.ts';
import type { RowKey, SealedTable } from './sealed-table.ts';

export interface Progress {
  table: string;
  /** Rows sealed anew in this run. */
  done: number;
  /** Rows that were still to do when they were last counted, less what was done since. */
  left: number;
  rowsPerSecond: number;
  /** Null while there is no rate yet. */
  secondsLeft: number | null;
}

type ResealDeps = Pick<Deps, 'db' | 'keys'>;

const BATCH = 100;
const FIRST: RowKey = { merchantId: '', id: '' };
/** Before those rows are tried again that a payment held. */
const HELD_MS = 200;

/**
 * Seals every row of a table with its active key that is still sealed with an older one: batch by batch, each in
 * a transaction of its own, resting for as long as it worked, so that payments come first. May be stopped, killed
 * and run again at any point, and by several processes at once. A key of before that some process still seals
 * with is taken up too, as long as this runs. Tells its progress about once a second, and at the end.
 */
export async function resealTable(
  deps: ResealDeps,
  table: SealedTable,
  tell: (progress: Progress) => void,
): Promise<Progress> {
  const startedAt = performance.now();
  let toldAt = startedAt;
  let done = 0;
  let left = await rowsLeft(deps, table);
  const progress = (): Progress => {
    const seconds = Math.max((performance.now() - startedAt) / SECOND, 0.001);
    const rowsPerSecond = done / seconds;
    const secondsLeft = done === 0 ? null : left / rowsPerSecond;
    return { table: table.name, done, left, rowsPerSecond, secondsLeft };
  };
  tell(progress());
  while (left > 0) {
    for (const keyId of await formerKeys(deps, table)) {
      for await (const count of resealKey(deps, table, keyId)) {
        done += count;
        left = Math.max(left - count, 0);
        if (performance.now() - toldAt < SECOND) continue;
        toldAt = performance.now();
        tell(progress());
      }
    }
    left = await rowsLeft(deps, table);
    if (left > 0) await sleep(HELD_MS);
  }
  tell(progress());
  return progress();
}

/** How many rows of a table are sealed with another key than the active one. */
export async function rowsLeft(deps: ResealDeps, table: SealedTable): Promise<number> {
  const former = await formerKeys(deps, table);
  const counts = await Promise.all(former.map((keyId) => table.count(deps.db, keyId)));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** One walk over the rows of one key. The keys are fetched before the transaction, which must not wait for them. */
async function* resealKey(deps: ResealDeps, table: SealedTable, keyId: string): AsyncGenerator<number> {
  const { reseal } = table;
  if (reseal === null) return;
  let after = FIRST;
  for (;;) {
    const startedAt = performance.now();
    const [from, to] = await Promise.all([deps.keys.byId(keyId), deps.keys.active(table.purpose)]);
    if (from.id === to.id) return;
    const step = { from, to, after, limit: BATCH };
    const rows = await inTransaction(deps.db, 'vault.reseal', (tx) => reseal(tx, step));
    yield rows.length;
    const last = rows.at(-1);
    if (last === undefined || rows.length < BATCH) return;
    after = last;
    await sleep(performance.now() - startedAt);
  }
}

async function formerKeys(deps: ResealDeps, table: SealedTable): Promise<string[]> {
  const rows = await deps.db
    .select({ id: dataKeys.id })
    .from(dataKeys)
    .where(
      and(eq(dataKeys.purpose, table.purpose), ne(dataKeys.state, 'active'), ne(dataKeys.state, 'retired')),
    );
  return rows.map(({ id }) => id);
}
