import { setTimeout as sleep } from 'node:timers/promises';
import type postgres from 'postgres';

/** Session-level advisory locks of ours, two numbers each: the kind, and which one of it. */
export const LOCKS = { migrate: 20_801, seed: 20_802, terminal: 20_803 } as const;

/**
 * Runs `work` while this client's one connection (`max: 1`) holds the lock; asks again until whoever has it is done. A
 * query that waits would hold a snapshot, and an index that is built concurrently waits for every snapshot.
 */
export async function withLock<T>(
  client: postgres.Sql,
  lock: keyof typeof LOCKS,
  work: () => Promise<T>,
): Promise<T> {
  while (!(await tryLock(client, lock))) await sleep(50);
  try {
    return await work();
  } finally {
    await client`select pg_advisory_unlock(${LOCKS[lock]}, 0)`;
  }
}

async function tryLock(client: postgres.Sql, lock: keyof typeof LOCKS): Promise<boolean> {
  const [row] = await client<{ got: boolean }[]>`select pg_try_advisory_lock(${LOCKS[lock]}, 0) as got`;
  return row?.got === true;
}
