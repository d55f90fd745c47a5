import { sql } from 'drizzle-orm';
import type { Lane } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { SECOND } from '../lib/clock.ts';

export interface Backlog {
  lane: Lane;
  /** Jobs whose time has come. */
  due: number;
  /** Of those, how long the first has been waiting, seconds. */
  oldestSeconds: number;
}

/** What waits to be done now, of all processes together. */
export async function backlogOf({ db, clock }: Pick<Deps, 'db' | 'clock'>): Promise<Backlog[]> {
  const now = clock.now();
  const rows = await db.execute<{ lane: Lane; due: string; oldest: string }>(
    sql`select lane, count(*) as due, min(run_at) as oldest from jobs
      where run_at <= ${now.toISOString()} and (leased_until is null or leased_until <= ${now.toISOString()}) group by lane`,
  );
  return rows.map(({ lane, due, oldest }) => ({
    lane,
    due: Number(due),
    oldestSeconds: (now.getTime() - new Date(oldest).getTime()) / SECOND,
  }));
}

/** How long the oldest event has been on its way to an endpoint, tries and waits included; 0 when none is. Seconds. */
export async function oldestUndelivered({ db, clock }: Pick<Deps, 'db' | 'clock'>): Promise<number> {
  const [row] = await db.execute<{ oldest: string | null }>(
    sql`select min(created_at) as oldest from jobs where name = 'deliver'`,
  );
  const oldest = row?.oldest ?? null;
  return oldest === null ? 0 : (clock.now().getTime() - new Date(oldest).getTime()) / SECOND;
}
