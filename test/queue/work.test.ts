import { eq } from 'drizzle-orm';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { jobs } from '../../src/db/schema.ts';
import { HOUR, plus, SECOND } from '../../src/lib/clock.ts';
import { enqueue, type JobName } from '../../src/queue/enqueue.ts';
import { type Handler, type Worker, work } from '../../src/queue/work.ts';
import { eventually } from '../support/eventually.ts';
import { type World, worldForTest } from '../support/world.ts';

let world: World;
beforeEach(async () => {
  world = await worldForTest();
});

/** A gate that a handler waits at until the test opens it. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

async function owe(name: JobName, key: string, runAt = world.clock.now()): Promise<void> {
  const now = world.clock.now();
  const job = {
    name,
    key,
    payload: { key },
    runAt,
    clock: 'wall',
    merchantId: null,
    mode: null,
    now,
  } as const;
  await world.deps.db.transaction((tx) => enqueue(tx, job));
}

async function start(handlers: Partial<Record<JobName, Handler>>): Promise<Worker> {
  const worker = await work(world.deps, complete(handlers));
  onTestFinished(() => worker.stop());
  return worker;
}

/** Complete for a test that owes no other kind of job. */
function complete(handlers: Partial<Record<JobName, Handler>>): Record<JobName, Handler> {
  return handlers as Record<JobName, Handler>;
}

const waiting = (key: string) => world.deps.db.select().from(jobs).where(eq(jobs.key, key));

test('a hundred endpoints that never answer do not hold up one authorisation', async () => {
  const silence = gate();
  for (let n = 0; n < 100; n += 1) await owe('deliver', `del_${n}`);
  const authorized: string[] = [];
  await start({
    deliver: async () => {
      await silence.opened;
      return undefined;
    },
    authorize: async (_, { key = '' }) => {
      authorized.push(key);
      return undefined;
    },
  });
  await owe('authorize', 'att_1');
  await eventually('it is authorised', async () => authorized.includes('att_1'), 5_000);
  silence.open();
});

test('a job that fails is kept for later, and of its error only the kind is', async () => {
  await owe('purge', 'k');
  let tries = 0;
  await start({
    purge: async () => {
      tries += 1;
      throw new TypeError('with something private in it');
    },
  });
  const [job] = await eventually('it was postponed', async () => {
    const rows = await waiting('k');
    return rows[0]?.lastError ? rows : null;
  });
  expect(job).toMatchObject({
    lastError: 'TypeError',
    runAt: plus(world.clock.now(), 2 * SECOND),
    leasedUntil: null,
  });
  expect(tries).toBe(1);
});

test('what a process took and did not finish is taken by another when its lease is over', async () => {
  await owe('purge', 'k');
  const { leaseMs } = world.deps.config;
  await world.deps.db.update(jobs).set({ leasedUntil: plus(world.clock.now(), leaseMs), tries: 1 });
  const done: number[] = [];
  await start({
    purge: async (_, __, job) => {
      done.push(job.tries);
      return undefined;
    },
  });
  expect(done).toEqual([]);
  world.clock.advance(leaseMs);
  await eventually('it is done', async () => done.length > 0);
  expect(done).toEqual([2]);
});

test('a job owed anew while it is being done is done again', async () => {
  const first = gate();
  let times = 0;
  await owe('purge', 'k');
  await start({
    purge: async () => {
      times += 1;
      if (times === 1) await first.opened;
      return undefined;
    },
  });
  await eventually('it is in hand', async () => times === 1);
  world.clock.advance(SECOND);
  await owe('purge', 'k');
  first.open();
  await eventually(
    'it was done twice and is gone',
    async () => times === 2 && (await waiting('k')).length === 0,
  );
});

test('a stop takes nothing more and waits for what is in hand', async () => {
  const inHand = gate();
  let finished = false;
  let begun = false;
  await owe('purge', 'k');
  const worker = await start({
    purge: async () => {
      begun = true;
      await inHand.opened;
      finished = true;
      return undefined;
    },
  });
  await eventually('it is in hand', async () => begun);
  const stopped = worker.stop();
  await owe('purge', 'later');
  inHand.open();
  await stopped;
  expect(finished).toBe(true);
  expect(await waiting('later')).toHaveLength(1);
});

test('a job is not done before its time', async () => {
  const done: string[] = [];
  await owe('purge', 'later', plus(world.clock.now(), HOUR));
  await owe('purge', 'now');
  await start({
    purge: async (_, { key = '' }) => {
      done.push(key);
      return undefined;
    },
  });
  await eventually('the one that is due', async () => done.length > 0);
  expect(done).toEqual(['now']);
  world.clock.advance(HOUR);
  await eventually('the other one', async () => done.length === 2);
});
