import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '../../src/db/migrate.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database?.drop());

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
