import { sql } from 'drizzle-orm';
import type { Mode } from '../config.ts';
import type { Queryable } from '../db/client.ts';
import { jobs, type Lane } from '../db/schema.ts';

/**
 * Every kind of work there is, and its lane: what waits for strangers must not stand in the way of money, and what is
 * sent again not in the way of what is sent first. `src/worker.ts` has a handler for each.
 */
const LANE_OF = {
  expire_session: 'quick',
  end_attempt: 'quick',
  await_results: 'quick',
  notify_event: 'quick',
  mail_user: 'quick',
  disable_inactive: 'settling',
  purge: 'quick',
  authorize: 'acquirer',
  watch_authentication: 'acquirer',
  settle_operation: 'settling',
  watch_hold: 'settling',
  watch_number: 'centre',
  refresh_card_ranges: 'settling',
  check_pages: 'settling',
  check_certificates: 'settling',
  anchor_audit: 'settling',
  index_payments: 'settling',
  close_days: 'settling',
  deliver: 'merchants',
  send_mail: 'mail',
  send_bulk_mail: 'bulk',
  expire_request: 'quick',
  import_requests: 'settling',
} as const satisfies Record<string, Lane>;

export type JobName = keyof typeof LANE_OF;

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
export function enqueue(tx: Queryable, job: NewJob): Promise<void> {
  return enqueueAll(tx, [job]);
}

/** Several at once; no two of one name and key. */
export async function enqueueAll(tx: Queryable, owed: readonly NewJob[]): Promise<void> {
  if (owed.length === 0) return;
  await tx
    .insert(jobs)
    .values(owed.map(({ now, ...row }) => ({ ...row, lane: LANE_OF[row.name], createdAt: now })))
    .onConflictDoUpdate({
      target: [jobs.name, jobs.key],
      set: { runAt: sql`excluded.run_at`, payload: sql`excluded.payload`, tries: 0, leasedUntil: null },
    });
  await tx.execute(sql`select pg_notify(${JOBS_CHANNEL}, '')`);
}

/** Takes a job back that is no longer owed. */
export async function withdraw(tx: Queryable, name: JobName, key: string): Promise<void> {
  await tx.delete(jobs).where(sql`${jobs.name} = ${name} and ${jobs.key} = ${key}`);
}
