import postgres from 'postgres';
import { afterAll, expect, test } from 'vitest';
import { type ApiClient, apiClient, type Json } from '../support/api.ts';
import { startBadDirectoryServer } from '../support/bad-directory-server.ts';
import { eventually } from '../support/eventually.ts';
import { type Fleet, startFleet } from '../support/fleet.ts';
import { expectBooksEqual } from '../support/ledger.ts';
import type { Running } from '../support/processes.ts';
import { randomOf } from '../support/random.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import { seamNames } from '../support/seams.ts';
import { LINK_SEAMS, linkTour } from './link-tour.ts';
import { NUMBER_SEAMS, numberTour } from './number-tour.ts';
import { SPOILT_CARD, steadfast, tour } from './tour.ts';

/**
 * The plug is pulled before and after every seam: the process that is web and worker dies by SIGKILL in the middle of
 * a tour through everything and is started again, set to die at the next point. Every payment comes to a right end by
 * itself, every event is told, nothing is charged twice.
 */
const TIMES = {
  ACQUIRER_TIMEOUT_MS: '1000',
  DS_TIMEOUT_MS: '1500',
  RESULTS_TIMEOUT_MS: '800',
  LEASE_MS: '1500',
};
const LANES = 2;
/** How many points the suite draws; `npm run kills` takes every one. */
const POINTS = Number(process.env.KILL_POINTS ?? 40);
const SEED = Number(process.env.KILL_SEED ?? Date.now() % 1_000_000);

const BY_COMMAND = 'passed by the commands of `keys`, which rekey.test.ts kills at each';
const BY_PERSON =
  'one transaction that a person begins at the console; nothing is sent, and its work id makes it once';
const BY_OPERATOR = 'one transaction of a command of `merchant`, or of the demo at its first start';
const BY_TRIAL =
  'a trial of a test endpoint: nothing of it is owed, one that was cut off says so and is run again';
/** The service does not pass these; each with its reason. */
const NOT_PASSED: Record<string, string> = {
  'web.check_page': 'the self-check reads our own pages; what it does not finish is due again',
  'books.close_days': 'a place in a list of merchants: what was added up is not added up again',
  'payments.index_payments': 'rows from before, in slices: a slice that died is done again',
  'mail.bounce': 'one row, changed by a command of `mail`',
  'requests.save_template': 'one row, changed in the console',
  'requests.remove_template': 'one row, removed in the console',
  'merchants.change_setting': 'one row, changed by a command of `merchant`',
  'merchants.change_settings': BY_PERSON,
  'merchants.create_key': BY_OPERATOR,
  'merchants.store_secret': BY_OPERATOR,
  'roles.create_merchant': BY_OPERATOR,
  'merchants.make_key': BY_PERSON,
  'merchants.rotate_key': BY_PERSON,
  'merchants.revoke_key': BY_PERSON,
  'merchants.rotate_secret': BY_PERSON,
  'merchants.end_secret': BY_PERSON,
  'notify.enable_endpoint': BY_PERSON,
  'mail.owe_user': 'a mail to a user of the console: the job finds it owed',
  'users.change': 'people of a merchant and their factors: one transaction each, done again by hand',
  'notify.begin_conformance': BY_TRIAL,
  'notify.conformance': BY_TRIAL,
  'notify.keep_conformance': BY_TRIAL,
  'vault.rotate_key': BY_COMMAND,
  'vault.reseal': BY_COMMAND,
  'vault.retire_key': BY_COMMAND,
  'vault.change_kek': BY_COMMAND,
  'vault.rewrap_key': BY_COMMAND,
};

/** Passed only after a death somewhere else: that comes first. */
const AFTER: Record<string, string> = {
  'payments.give_up_authentication': 'threeds.areq:after',
  'payments.resume_operation': 'acquirer.capture:after',
};

/** Where to die, one after the other. */
interface Plan {
  /** Which way leads past them. */
  tour: typeof tour;
  points: string[];
  tries: number;
}

interface Lane {
  fleet: Fleet;
  receiver: Receiver;
  api: ApiClient;
  sql: postgres.Sql;
  close(): Promise<void>;
}

const lanes: Promise<Lane>[] = [];

afterAll(async () => {
  for (const lane of await Promise.allSettled(lanes)) {
    if (lane.status === 'fulfilled') await lane.value.close();
  }
});

test('a kill before or after any seam loses nothing and charges nothing twice', {
  timeout: 1_200_000,
}, async () => {
  const seams = seamNames().filter((name) => NOT_PASSED[name] === undefined);
  const every = seams.flatMap((name) => [`${name}:before`, `${name}:after`]);
  const points = drawn(every, Math.min(POINTS, every.length));
  const queue = points.map((point) => {
    const first = AFTER[point.split(':')[0] ?? ''];
    return {
      tour: tourPast(point.split(':')[0] ?? ''),
      points: first === undefined ? [point] : [first, point],
      tries: 1,
    };
  });
  const died = new Set<string>();
  const faults: string[] = [];
  for (let lane = 0; lane < LANES; lane += 1) lanes.push(openLane());
  await Promise.all(lanes.map(async (lane) => work(await lane, queue, died, faults)));
  const missed = points.filter((point) => !died.has(point));
  process.stdout.write(
    `kills: ${died.size} of ${points.length} points drawn of ${every.length}, before and after ${seams.length} seams, seed ${SEED}\n`,
  );
  expect({ faults, missed }).toEqual({ faults: [], missed: [] });
});

/** So many of them, by chance; the seed makes the same again. */
function drawn(points: string[], count: number): string[] {
  const random = randomOf(SEED);
  const shuffled = points.map((point) => ({ point, at: random() })).sort((a, b) => a.at - b.at);
  return shuffled.slice(0, count).map(({ point }) => point);
}

function tourPast(seam: string): typeof tour {
  if (LINK_SEAMS.test(seam)) return linkTour;
  return NUMBER_SEAMS.test(seam) ? numberTour : tour;
}

async function openLane(): Promise<Lane> {
  let simulatorUrl = '';
  const spoiling = await startBadDirectoryServer(() => simulatorUrl, SPOILT_CARD);
  const fleet = await startFleet(
    { webs: 1, workers: 0, role: 'serve' },
    { ...TIMES, TEST_DS_URL: spoiling.url },
  );
  simulatorUrl = fleet.demo.simulator_url;
  const receiver = await startReceiver(() => fleet.demo.webhook_secret);
  const api = steadfast(apiClient(fleet.webs[0]?.baseUrl ?? '', fleet.demo.secret_key));
  const sql = postgres(fleet.databaseUrl, { max: 1, onnotice: () => {} });
  // A hold of a day: a tour moves the clock by as much, and cards must not expire on the way.
  await sql`update merchants set settings = settings || '{"captureWithinDays": 1}'`;
  expect(await api('POST', '/v1/webhook-endpoints', { url: receiver.url })).toMatchObject({ status: 201 });
  const close = async () => {
    await sql.end();
    await fleet.stop();
    await receiver.close();
    await spoiling.close();
  };
  return { fleet, receiver, api, sql, close };
}

/**
 * Takes points from the queue until there are none. A tour in which nobody died has missed its point, and a death that
 * had to come after another may have found nothing to do: then it is tried again, a few times.
 */
async function work(lane: Lane, queue: Plan[], died: Set<string>, faults: string[]): Promise<void> {
  const service = lane.fleet.webs[0];
  if (service === undefined) return;
  let armed: string[] = [];
  let plan: Plan | undefined;
  let over = false;
  const arm = async () => {
    if (armed.length === 0) {
      plan = queue.shift();
      armed = [...(plan?.points ?? [])];
    }
    await forget(lane);
    if (over) return;
    await service.restart({ KILL_AT: armed[0] }).catch(() => {});
  };
  const watch = async () => {
    while (!over) {
      await service.ended;
      if (over) return;
      const point = armed.shift();
      // Empty: by our own hand.
      if (point) died.add(point);
      await arm();
    }
  };
  await service.kill('SIGTERM');
  await arm();
  const watching = watch();
  while (armed.length > 0) {
    const before = [...armed].join();
    try {
      const { orders } = await (plan?.tour ?? tour)(lane.fleet);
      await settled(lane, orders);
    } catch (error) {
      faults.push(`${before}: ${error instanceof Error ? error.message : String(error)}`);
    }
    if (armed.join() !== before) continue;
    if (plan !== undefined && plan.tries < 3) queue.push({ ...plan, tries: plan.tries + 1 });
    await skip(service, armed);
  }
  over = true;
  await service.kill('SIGTERM');
  await watching;
  // It may have started one more meanwhile.
  await service.kill('SIGTERM');
  await service.restart({ KILL_AT: undefined });
}

/** Gives up a point that the tour did not pass: the death by our own hand does not count. */
async function skip(service: Running, armed: string[]): Promise<void> {
  armed.splice(0, armed.length, '');
  await service.kill('SIGKILL');
}

/** What is remembered for an hour or a day is forgotten, so that it is asked for, and made, again. */
async function forget({ sql }: Lane): Promise<void> {
  await sql`delete from card_range_loads`;
  await sql`update data_keys set state = 'retiring' where purpose = 'security_code' and state = 'active'`;
}

/** All is over and told: events without a hole, each delivered, the network's balances equal to our books. */
async function settled({ api, receiver, fleet }: Lane, orders: string[]): Promise<void> {
  await expectBooksEqual(fleet, api);
  for (const order of orders) {
    const { body } = await api('GET', `/v1/sessions?order_id=${order}`);
    const session: Json = body.data[0];
    expect(session.status, order).not.toBe('open');
    await eventually(
      `the events of ${order} are delivered`,
      async () => {
        const told = receiver.received.filter(({ event }) => event.data.session?.id === session.id);
        const sequences = [...new Set<number>(told.map(({ event }) => event.data.sequence))].sort(
          (a, b) => a - b,
        );
        const ending = `session.${session.status.replace('complete', 'completed')}`;
        return (
          told.some(({ event }) => event.type === ending) && sequences.every((n, index) => n === index + 1)
        );
      },
      60_000,
    );
  }
  expect(receiver.refused).toBe(0);
}
