import { sql } from 'drizzle-orm';
import type { Mode } from '../config.ts';
import type { Queryable } from '../db/client.ts';
import { jobs } from '../db/schema.ts';

/** Every kind of work there is. `src/worker.ts` has a handler for each. */
export type JobName =
  | 'expire_session'
  | 'end_attempt'
  | 'watch_authentication'
  | 'await_results'
  | 'authorize'
  | 'settle_operation'
  | 'watch_hold'
  | 'notify_event'
  | 'deliver'
  | 'purge'
  | 'refresh_card_ranges';

export interface NewJob {
  name: JobName;
  /** At most one job of this name and key waits: enqueuing it again moves it to the new time. */
  key: string;
  /** Ids only, never state: the handler reads the row again. */
  payload: Record<string, string>;
  /** By the wall clock; for `clock: 'merchant'` the caller has translated it with `toWall`. */
  runAt: Date;
  /** `merchant` jobs come nearer when a test merchant's clock is advanced. */
  clock: 'merchant' | 'wall';
  merchantId: string | null;
  mode: Mode | null;
  now: Date;
}

export const JOBS_CHANNEL = 'jobs';

/** Owes work in the transaction that causes it. Workers are woken by the commit. */
export async function enqueue(tx: Queryable, job: NewJob): Promise<void> {
  const { now, ...row } = job;
  await tx
    .insert(jobs)
    .values({ ...row, createdAt: now })
    .onConflictDoUpdate({
      target: [jobs.name, jobs.key],
      set: { runAt: job.runAt, payload: job.payload, tries: 0, leasedUntil: null },
    });
  await tx.execute(sql`select pg_notify(${JOBS_CHANNEL}, '')`);
}

/** Takes a job back that is no longer owed. */
export async function withdraw(tx: Queryable, name: JobName, key: string): Promise<void> {
  await tx.delete(jobs).where(sql`${jobs.name} = ${name} and ${jobs.key} = ${key}`);
}
