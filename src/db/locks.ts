import type postgres from 'postgres';

/** Session-level advisory locks of ours, two numbers each: the kind, and which one of it. */
export const LOCKS = { migrate: 20_801, seed: 20_802, terminal: 20_803 } as const;

/** Runs `work` while this client's one connection (`max: 1`) holds the lock; waits for whoever has it. */
export async function withLock<T>(
  client: postgres.Sql,
  lock: keyof typeof LOCKS,
  work: () => Promise<T>,
): Promise<T> {
  await client`select pg_advisory_lock(${LOCKS[lock]}, 0)`;
  try {
    return await work();
  } finally {
    await client`select pg_advisory_unlock(${LOCKS[lock]}, 0)`;
  }
}
