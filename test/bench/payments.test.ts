import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { apiClient, newOrderId, sessionBody } from '../support/api.ts';
import { testPan } from '../support/cards.ts';
import { type Fleet, startFleet } from '../support/fleet.ts';
import { expectBooksEqual } from '../support/ledger.ts';
import type { Running } from '../support/processes.ts';
import { open, pay } from '../support/shopper.ts';

/**
 * What a card payment costs: complete ones a second, what each step takes, CPU and transactions of a payment, memory of a
 * process, bytes of a first visit. One web and one worker process; network, shoppers and PostgreSQL share the machine.
 * `npm run bench` prints what the README quotes; the suite makes sure that it runs.
 */
const SECONDS = Number(process.env.BENCH_SECONDS ?? 3);
const SHOPPERS = Number(process.env.BENCH_SHOPPERS ?? 4);
/** Ticks of /proc in a second. */
const HERTZ = 100;
let fleet: Fleet;
let sql: postgres.Sql;

beforeAll(async () => {
  fleet = await startFleet({ webs: 1, workers: 1 });
  sql = postgres(fleet.databaseUrl, { max: 1, onnotice: () => {} });
});
afterAll(async () => {
  await sql?.end();
  await fleet?.stop();
});

test('card payments, complete, as many as there can be', { timeout: 600_000 }, async () => {
  const [web] = fleet.webs as [Fleet['webs'][number]];
  const [worker] = fleet.workers as [Running];
  const api = apiClient(web.baseUrl, fleet.demo.secret_key);
  const steps: Record<string, number[]> = {
    'make a session': [],
    'first page': [],
    'pay, to the result': [],
  };
  const timed = async <T>(step: string, work: () => Promise<T>): Promise<T> => {
    const from = performance.now();
    const result = await work();
    steps[step]?.push(performance.now() - from);
    return result;
  };
  const payOnce = async () => {
    const body = sessionBody({ order_id: newOrderId('bench') });
    const made = await timed('make a session', () => api('POST', '/v1/sessions', body));
    await timed('first page', () => open(made.body.url));
    await timed('pay, to the result', () => pay(made.body.url, { number: testPan() }, { javascript: false }));
  };
  for (let warm = 0; warm < SHOPPERS * 2; warm += 1) await payOnce();
  for (const times of Object.values(steps)) times.length = 0;

  const before = { web: cpuSeconds(web), worker: cpuSeconds(worker), commits: await commits() };
  const from = performance.now();
  let paid = 0;
  const shopper = async () => {
    while (performance.now() - from < SECONDS * 1_000) {
      await payOnce();
      paid += 1;
    }
  };
  await Promise.all(Array.from({ length: SHOPPERS }, shopper));
  const seconds = (performance.now() - from) / 1_000;

  say(`${paid} payments, ${(paid / seconds).toFixed(1)} a second, by ${SHOPPERS} shoppers at once`);
  for (const [step, times] of Object.entries(steps)) say(`${step.padEnd(20)} ${percentiles(times)}`);
  const cpu = (process: Running, at: number) => (((cpuSeconds(process) - at) / paid) * 1_000).toFixed(1);
  say(`CPU of a payment: web ${cpu(web, before.web)} ms, worker ${cpu(worker, before.worker)} ms`);
  say(`transactions of a payment: ${(((await commits()) - before.commits) / paid).toFixed(1)}`);
  say(`memory: web ${megabytes(web)} MB, worker ${megabytes(worker)} MB`);
  say(`first visit: ${await firstVisit(api)}`);
  expect(await expectBooksEqual(fleet, api)).toBeGreaterThanOrEqual(paid);
});

function say(line: string): void {
  process.stdout.write(`bench: ${line}\n`);
}

function percentiles(times: number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => (sorted[Math.ceil(sorted.length * share) - 1] ?? 0).toFixed(0).padStart(5);
  return `p50 ${at(0.5)}  p95 ${at(0.95)}  p99 ${at(0.99)} ms`;
}

/** Of a process since its start, user and system. */
function cpuSeconds({ pid }: Running): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / HERTZ;
}

function megabytes({ pid }: Running): string {
  const [, kilobytes = '0'] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return (Number(kilobytes) / 1_024).toFixed(0);
}

async function commits(): Promise<number> {
  const [row] =
    await sql`select xact_commit as commits from pg_stat_database where datname = current_database()`;
  return Number(row?.commits);
}

/** As a browser with an empty cache would: the page and what it needs, as they are sent. */
async function firstVisit(api: ReturnType<typeof apiClient>): Promise<string> {
  const { body } = await api('POST', '/v1/sessions', sessionBody());
  const page = await fetch(body.url, { headers: { Accept: 'text/html', 'Accept-Encoding': 'gzip' } });
  const html = await page.text();
  const assets = [...html.matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)].map(([, path]) => path);
  let bytes = 0;
  for (const url of [body.url, ...new Set(assets.map((path) => new URL(path ?? '', body.url).href))]) {
    bytes += await sentBytes(url);
  }
  return `${(bytes / 1_000).toFixed(1)} KB in ${1 + new Set(assets).size} requests`;
}

function sentBytes(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    get(url, { headers: { Accept: 'text/html', 'Accept-Encoding': 'gzip, br' } }, (answer) => {
      let bytes = 0;
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      answer.on('end', () => resolve(bytes));
    }).on('error', reject);
  });
}
