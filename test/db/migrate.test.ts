import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '../../src/db/migrate.ts';
import { ROOT } from '../../src/lib/root.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database?.drop());

test('a hold that stood before there were lapses gets the job that watches it', async () => {
  const sql = postgres(database.url, { max: 1, onnotice: () => {} });
  const at = new Date('2026-11-23T00:00:00Z');
  for (const [session, status] of [
    ['cs_held', 'authorized'],
    ['cs_paid', 'captured'],
  ] as const) {
    await sql`insert into sessions (merchant_id, id, mode, token, order_id, amount, currency, methods, capture, return_url,
      return_method, customer, locale, number_expires_days, max_attempts, card, metadata, status, version, sequence,
      expires_at, created_at) values ('A100000001', ${session}, 'test', ${session}, ${session}, 100, 'JPY', '{card}',
      'manual', 'https://shop.example', 'post', '{}', 'auto', 3, 5, '{}', '{}', 'complete', 1, 2, ${at}, ${at})`;
    await sql`insert into payments (merchant_id, id, mode, session_id, order_id, status, method, amount, currency, capture,
      created_at, authorized_at, capture_before) values ('A100000001', ${`pay_${session}`}, 'test', ${session},
      ${session}, ${status}, 'card', 100, 'JPY', 'manual', ${at}, ${at}, ${at})`;
  }
  const [, watch = ''] = readFileSync(join(ROOT, 'migrations/0003_holds.sql'), 'utf8').split(
    '--> statement-breakpoint',
  );
  await sql.unsafe(watch);
  expect(await sql`select name, key, payload, clock, mode from jobs`).toEqual([
    {
      ...{ name: 'watch_hold', key: 'cs_held', clock: 'merchant', mode: 'test' },
      payload: { merchant_id: 'A100000001', session_id: 'cs_held' },
    },
  ]);
  await sql.end();
});

test('any number of processes may migrate at once: every migration is applied once', async () => {
  const sql = postgres(database.url, { max: 1, onnotice: () => {} });
  const before = await sql`select hash from drizzle.__drizzle_migrations`;
  await sql`drop schema public cascade`;
  await sql`drop schema drizzle cascade`;
  await sql`create schema public`;
  await Promise.all(Array.from({ length: 8 }, () => migrate(database.url)));
  expect(await sql`select hash from drizzle.__drizzle_migrations`).toEqual(before);
  const tables = await sql`select table_name from information_schema.tables where table_schema = 'public'`;
  expect(tables.map((row) => row.table_name)).toContain('sessions');
  await sql.end();
});
