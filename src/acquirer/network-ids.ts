import { sql } from 'drizzle-orm';
import type { Queryable } from '../db/client.ts';
import type { NetworkIds } from './port.ts';

/**
 * The ids of one more message, drawn from the database in the transaction that records the intent: STAN
 * (DE11), six digits, unique per day across all terminals up to a million messages; RRN (DE37) = last
 * digit of the year, day of the year, hour (UTC), STAN.
 */
export async function nextNetworkIds(tx: Queryable, terminal: string, now: Date): Promise<NetworkIds> {
  const [row] = await tx.execute<{ stan: string }>(sql`select nextval('stan')::text as stan`);
  if (row === undefined) throw new Error('no STAN');
  const stan = row.stan.padStart(6, '0');
  const transmittedAt = new Date(Math.floor(now.getTime() / 1_000) * 1_000);
  return { terminal, stan, rrn: rrnOf(transmittedAt, stan), transmittedAt };
}

function rrnOf(at: Date, stan: string): string {
  const year = at.getUTCFullYear();
  const day = Math.floor((at.getTime() - Date.UTC(year, 0, 1)) / 86_400_000) + 1;
  const hour = String(at.getUTCHours()).padStart(2, '0');
  return `${year % 10}${String(day).padStart(3, '0')}${hour}${stan}`;
}
