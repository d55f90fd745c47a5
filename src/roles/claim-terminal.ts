import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { LOCKS } from '../db/locks.ts';

export interface TerminalClaim {
  /** DE41: `T` and seven digits, ours alone among all processes on this database. */
  terminal: string;
  /**
   * Resolves if another process has taken the terminal over while the database was away: then this one must
   * stop.
   */
  lost: Promise<void>;
  close(): Promise<void>;
}

const RETRY_MS = 500;

/**
 * Claims the first free terminal id by an advisory lock, held on a connection of its own until `close()`. `name` is
 * what that connection is called, for others to see.
 */
export async function claimTerminal(url: string, name = 'payresort'): Promise<TerminalClaim> {
  let closing = false;
  let number = 0;
  let onLost = () => {};
  const lost = new Promise<void>((resolve) => {
    onLost = resolve;
  });
  // The lock lives as long as the connection: it must be neither idle out nor renewed.
  const sql = postgres(url, {
    max: 1,
    connection: { application_name: name },
    max_lifetime: null,
    idle_timeout: 0,
    onnotice: () => {},
    onclose: () => {
      if (!closing && number > 0) void reclaim();
    },
  });
  const tryLock = async (candidate: number): Promise<boolean> => {
    const [row] = await sql`select pg_try_advisory_lock(${LOCKS.terminal}, ${candidate}) as locked`;
    return row?.locked === true;
  };
  const reclaim = async (): Promise<void> => {
    while (!closing) {
      const locked = await tryLock(number).catch(() => null);
      if (locked === false && !closing) onLost();
      if (locked !== null) return;
      await sleep(RETRY_MS);
    }
  };
  let candidate = 1;
  while (!(await tryLock(candidate))) candidate += 1;
  number = candidate;
  return {
    terminal: `T${String(number).padStart(7, '0')}`,
    lost,
    close: async () => {
      closing = true;
      await sql.end({ timeout: 5 });
    },
  };
}
