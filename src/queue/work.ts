import { and, eq, inArray, isNull, lte, or, sql } from 'drizzle-orm';
import { inTransaction } from '../db/client.ts';
import { jobs, type Lane } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { MINUTE, plus, SECOND } from '../lib/clock.ts';
import { describeError } from '../lib/log.ts';
import { observe } from '../lib/observed.ts';
import { JOBS_CHANNEL, type JobName } from './enqueue.ts';

export type Job = typeof jobs.$inferSelect;

/** Does one job. `again` keeps it for later; a throw keeps it with backoff; anything else ends it. */
export type Handler = (
  deps: Deps,
  payload: Record<string, string>,
  job: Job,
) => Promise<undefined | { again: Date }>;

export interface Worker {
  /** Takes no more jobs and waits for those in hand. */
  stop(): Promise<void>;
}

/** How many jobs of a lane a worker does at a time. */
const SLOTS = {
  quick: 16,
  acquirer: 32,
  settling: 32,
  centre: 32,
  merchants: 64,
  mail: 8,
  bulk: 8,
} as const satisfies Record<Lane, number>;
const LANES: readonly Lane[] = ['quick', 'acquirer', 'settling', 'centre', 'merchants', 'mail', 'bulk'];
const POLL_MS = SECOND;

/** Works off the outbox until stopped: woken by NOTIFY, and by a poll as a floor. */
export async function work(deps: Deps, handlers: Record<JobName, Handler>): Promise<Worker> {
  const lanes = LANES.map((lane) => runLane(deps, handlers, lane));
  const listener = await deps.raw.listen(JOBS_CHANNEL, () => {
    for (const lane of lanes) lane.wake();
  });
  return {
    stop: async () => {
      const stopping = lanes.map((lane) => lane.stop());
      await listener.unlisten().catch(() => {});
      await Promise.all(stopping);
    },
  };
}

function runLane(
  deps: Deps,
  handlers: Record<JobName, Handler>,
  lane: Lane,
): { wake(): void; stop(): Promise<void> } {
  const inHand = new Set<Promise<void>>();
  let stopped = false;
  let interrupt = () => {};
  let woken = false;
  const wake = () => {
    woken = true;
    interrupt();
  };

  const loop = (async () => {
    while (!stopped) {
      woken = false;
      const claimed = await claim(deps, lane, SLOTS[lane] - inHand.size).catch((error) => {
        deps.log.error(describeError(error), 'jobs could not be claimed');
        return [];
      });
      for (const job of claimed) {
        const done: Promise<void> = run(deps, handlers, job).finally(() => {
          inHand.delete(done);
          wake();
        });
        inHand.add(done);
      }
      if (stopped || (woken && inHand.size < SLOTS[lane])) continue;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, POLL_MS);
        interrupt = () => {
          clearTimeout(timer);
          resolve();
        };
        if (stopped) interrupt();
      });
    }
  })();

  return {
    wake,
    stop: async () => {
      stopped = true;
      interrupt();
      await loop;
      await Promise.all(inHand);
    },
  };
}

async function claim(deps: Deps, lane: Lane, limit: number): Promise<Job[]> {
  if (limit <= 0) return [];
  const now = deps.clock.now();
  const due = deps.db
    .select({ id: jobs.id })
    .from(jobs)
    .where(
      and(
        eq(jobs.lane, lane),
        lte(jobs.runAt, now),
        or(isNull(jobs.leasedUntil), lte(jobs.leasedUntil, now)),
      ),
    )
    .orderBy(jobs.runAt)
    .limit(limit)
    .for('update', { skipLocked: true });
  return deps.db
    .update(jobs)
    .set({ leasedUntil: plus(now, deps.config.leaseMs), tries: sql`${jobs.tries} + 1` })
    .where(inArray(jobs.id, due))
    .returning();
}

async function run(deps: Deps, handlers: Record<JobName, Handler>, job: Job): Promise<void> {
  const startedAt = deps.clock.now().getTime();
  const lateMs = Math.max(0, startedAt - job.runAt.getTime());
  const line = { job: job.name, key: job.key, try: job.tries };
  try {
    const handler = (handlers as Record<string, Handler | undefined>)[job.name];
    if (handler === undefined) throw new Error(`no handler for job ${job.name}`);
    const result = await handler(deps, job.payload, job);
    await finish(deps, job, result?.again ?? null);
    const ms = deps.clock.now().getTime() - startedAt;
    observe('job', { name: job.name, outcome: result?.again ? 'again' : 'done', ms, lateMs });
    deps.log.info({ ...line, ms, again: result?.again }, 'job');
  } catch (error) {
    observe('job', { name: job.name, outcome: 'failed', ms: deps.clock.now().getTime() - startedAt, lateMs });
    deps.log.error({ ...line, ...describeError(error) }, 'job failed');
    await postpone(deps, job, error).catch((second) =>
      deps.log.error(describeError(second), 'job not postponed'),
    );
  }
}

/** Ends or keeps the job, unless somebody enqueued it anew in the meantime: then that one stands. */
async function finish(deps: Deps, job: Job, again: Date | null): Promise<void> {
  const same = and(eq(jobs.id, job.id), eq(jobs.runAt, job.runAt));
  await inTransaction(deps.db, 'queue.finish', async (tx) => {
    const ended =
      again === null
        ? await tx.delete(jobs).where(same).returning({ id: jobs.id })
        : await tx
            .update(jobs)
            .set({ runAt: again, leasedUntil: null, tries: 0 })
            .where(same)
            .returning({ id: jobs.id });
    if (ended.length === 0) await tx.update(jobs).set({ leasedUntil: null }).where(eq(jobs.id, job.id));
  });
}

async function postpone(deps: Deps, job: Job, error: unknown): Promise<void> {
  const delayMs = Math.min(SECOND * 2 ** Math.min(job.tries, 10), 10 * MINUTE);
  await deps.db
    .update(jobs)
    .set({
      runAt: plus(deps.clock.now(), delayMs),
      leasedUntil: null,
      lastError: error instanceof Error ? error.name : typeof error,
    })
    .where(and(eq(jobs.id, job.id), eq(jobs.runAt, job.runAt)));
}
