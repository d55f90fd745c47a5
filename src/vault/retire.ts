import { and, eq, sql } from 'drizzle-orm';
import { inTransaction } from '../db/client.ts';
import { dataKeys } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { plus } from '../lib/clock.ts';
import { type DataKeyRow, SETTLING_MS } from './data-keys.ts';
import type { SealedTable } from './sealed-table.ts';

export type Retirement =
  | { id: string; purpose: string; outcome: 'retired' }
  /** Some process may not know yet that it was rotated. */
  | { id: string; purpose: string; outcome: 'too_young'; until: Date }
  | { id: string; purpose: string; outcome: 'in_use'; rows: number };

type RetireDeps = Pick<Deps, 'db' | 'clock' | 'config'>;

const LOCK_WAIT = '500ms';
const LOCK_NOT_AVAILABLE = '55P03';
const TRIES = 20;

/**
 * Destroys every rotated key that nothing is sealed with any more: its row stays in the inventory, what was
 * wrapped is overwritten. Whoever could still seal with it is waited for: twice the life of a cached key since
 * the rotation, and for security codes an hour, since a code may be in flight that is in no table. Whether
 * nothing is left is looked at while nobody can write; who comes later with the old key is refused by the
 * database and seals with the new one.
 */
export async function retireKeys(deps: RetireDeps, tables: readonly SealedTable[]): Promise<Retirement[]> {
  const rotated = await deps.db
    .select()
    .from(dataKeys)
    .where(eq(dataKeys.state, 'retiring'))
    .orderBy(dataKeys.createdAt);
  const retirements: Retirement[] = [];
  for (const key of rotated) {
    const sealed = tables.filter(({ purpose }) => purpose === key.purpose);
    retirements.push(await retireKey(deps, key, sealed));
  }
  return retirements;
}

async function retireKey(
  deps: RetireDeps,
  { id, purpose, ...row }: DataKeyRow,
  tables: SealedTable[],
): Promise<Retirement> {
  const graceMs = purpose === 'security_code' ? SETTLING_MS : 2 * deps.config.keyCacheMs;
  const until = plus(row.rotatedAt ?? row.createdAt, graceMs);
  if (until > deps.clock.now()) return { id, purpose, outcome: 'too_young', until };
  for (let tries = 1; ; tries += 1) {
    try {
      const rows = await destroy(deps, id, tables);
      return rows === 0 ? { id, purpose, outcome: 'retired' } : { id, purpose, outcome: 'in_use', rows };
    } catch (error) {
      if (!isLockTimeout(error) || tries === TRIES) throw error;
    }
  }
}

/** Under load the lock is had between two payments; they queue behind us for half a second at most. */
async function destroy(deps: RetireDeps, id: string, tables: SealedTable[]): Promise<number> {
  return inTransaction(deps.db, 'vault.retire_key', async (tx) => {
    await tx.execute(sql.raw(`set local lock_timeout = '${LOCK_WAIT}'`));
    let rows = 0;
    for (const table of tables) {
      await tx.execute(sql`lock table ${sql.identifier(table.name)} in share mode`);
      rows += await table.count(tx, id);
    }
    if (rows > 0) return rows;
    await tx
      .update(dataKeys)
      .set({ state: 'retired', wrapped: Buffer.alloc(0), retiredAt: deps.clock.now() })
      .where(and(eq(dataKeys.id, id), eq(dataKeys.state, 'retiring')));
    return 0;
  });
}

function isLockTimeout(error: unknown): boolean {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error && 'code' in cause && cause.code === LOCK_NOT_AVAILABLE;
}
