import postgres from 'postgres';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { LOCKS } from '../../src/db/locks.ts';
import { claimTerminal, type TerminalClaim } from '../../src/roles/claim-terminal.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database?.drop());

test('processes that start at once get terminals of their own; a returned one is used again', async () => {
  const claims = await Promise.all([claim(), claim(), claim()]);
  const terminals = claims.map(({ terminal }) => terminal).sort();
  expect(terminals).toEqual(['T0000001', 'T0000002', 'T0000003']);
  const second = claims.find(({ terminal }) => terminal === 'T0000002');
  await second?.close();
  expect((await claim()).terminal).toBe('T0000002');
});

test('a claim outlives its connection, and is lost only to a process that took the terminal', async () => {
  const { terminal, lost } = await claim();
  const number = Number(terminal.slice(1));
  const rival = postgres(database.url, { max: 1, onnotice: () => {} });
  onTestFinished(() => rival.end());
  let isLost = false;
  void lost.then(() => {
    isLost = true;
  });

  const before = await holderOf(rival, number);
  await rival`select pg_terminate_backend(${before})`;
  await vi.waitFor(async () => expect([null, before]).not.toContain(await holderOf(rival, number)), 10_000);
  expect(isLost).toBe(false);

  // The rival waits in the queue for the lock, so it is next when the connection breaks.
  const taken = rival`select pg_advisory_lock(${LOCKS.terminal}, ${number})`.execute();
  const watcher = postgres(database.url, { max: 1, onnotice: () => {} });
  onTestFinished(() => watcher.end());
  const holder = await holderOf(watcher, number);
  await watcher`select pg_terminate_backend(${holder})`;
  await taken;
  await lost;
});

async function claim(): Promise<TerminalClaim> {
  const claimed = await claimTerminal(database.url);
  onTestFinished(() => claimed.close());
  return claimed;
}

async function holderOf(sql: postgres.Sql, number: number): Promise<number | null> {
  const [row] = await sql`
    select pid from pg_locks
    where locktype = 'advisory' and granted and classid = ${LOCKS.terminal} and objid = ${number}
      and database = (select oid from pg_database where datname = current_database())`;
  return row?.pid ?? null;
}
