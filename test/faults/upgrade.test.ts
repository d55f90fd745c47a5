import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { apiClient } from '../support/api.ts';
import { type Balancer, startBalancer } from '../support/balancer.ts';
import { type Fleet, startFleet } from '../support/fleet.ts';
import { expectBooksEqual } from '../support/ledger.ts';
import { startLoad } from '../support/load.ts';
import { type Running, runMain, type Variables } from '../support/processes.ts';

/**
 * A release while shoppers pay, as docs/deploy.md says: the schema first, with columns added and indexes of large tables
 * built, then one process after the other, old and new side by side; and a worker that dies in the middle of it. `npm run
 * upgrade` goes on for longer, with more shoppers.
 */
const ROUNDS = Number(process.env.UPGRADE_ROUNDS ?? 1);
const SHOPPERS = Number(process.env.UPGRADE_SHOPPERS ?? 6);
let balancer: Balancer;
let fleet: Fleet;
let env: Variables;

beforeAll(async () => {
  balancer = await startBalancer();
  env = { PUBLIC_URL: balancer.url, LEASE_MS: '1500' };
  fleet = await startFleet({ webs: 2, workers: 2 }, env);
  for (const { baseUrl } of fleet.webs) balancer.add(baseUrl);
});
afterAll(async () => {
  await fleet?.stop();
  await balancer?.close();
});

test('a migration and a rolling restart while shoppers pay: nobody notices', {
  timeout: 120_000 + ROUNDS * 120_000,
}, async () => {
  const api = apiClient(balancer.url, fleet.demo.secret_key);
  const load = startLoad(api, SHOPPERS);
  for (let round = 1; round <= ROUNDS; round += 1) {
    await changeSchema(round);
    for (const web of fleet.webs) await replaceWeb(web);
    const [first, second] = fleet.workers as [Running, Running];
    await replace(first, 'SIGTERM');
    // This one is not asked.
    await replace(second, 'SIGKILL');
  }
  const rate = await load.stop();
  const books = await expectBooksEqual(fleet, api);
  process.stdout.write(
    `upgrade: ${load.paid.length} payments, ${rate.toFixed(1)} a second, ${load.faults.length} went wrong, ${books} compared\n`,
  );
  expect(load.faults).toEqual([]);
  expect(load.paid.length).toBeGreaterThan(10);
});

/** What a release may bring: a column that old processes do not know, and an index of a table that payments are written to. */
async function changeSchema(round: number): Promise<void> {
  const sql = postgres(fleet.databaseUrl, { max: 1, onnotice: () => {} });
  try {
    await sql.unsafe(`alter table payments add column added_${round} text default 'new'`);
    await sql.unsafe('drop index concurrently if exists payments_session');
    const migrated = await runMain(['migrate'], { DATABASE_URL: fleet.databaseUrl, DATA_DIR: fleet.dataDir });
    expect(migrated.code, migrated.output).toBe(0);
    const [index] = await sql`select indisvalid from pg_index join pg_class on pg_class.oid = indexrelid
      where relname = 'payments_session'`;
    expect(index?.indisvalid).toBe(true);
  } finally {
    await sql.end();
  }
}

async function replaceWeb(web: Fleet['webs'][number]): Promise<void> {
  await balancer.takeOut(web.baseUrl);
  await replace(web, 'SIGTERM');
  balancer.add(web.baseUrl);
}

async function replace(process: Running, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  const code = await process.kill(signal);
  expect(code).toBe(signal === 'SIGTERM' ? 0 : null);
  await process.restart({ DATABASE_POOL: '6' });
}
