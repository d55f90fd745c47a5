import { afterAll, beforeAll, expect, test } from 'vitest';
import { nextNetworkIds } from '../../src/acquirer/network-ids.ts';
import { type Database, openDatabase } from '../../src/db/client.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let opened: Database;

beforeAll(async () => {
  database = await createDatabase();
  opened = openDatabase(database.url, 4);
});
afterAll(async () => {
  await opened.close();
  await database.drop();
});

test.each([
  ['2026-01-01T00:00:00.000Z', '6001', '00'],
  ['2026-11-23T15:30:45.999Z', '6327', '15'],
  ['2028-12-31T23:59:59.999Z', '8366', '23'],
  ['2030-03-01T09:00:00.000Z', '0060', '09'],
])('at %s an RRN begins with %s and %s', async (at, day, hour) => {
  const now = new Date(at);
  const ids = await nextNetworkIds(opened.db, 'T0000007', now);
  expect(ids.stan).toMatch(/^\d{6}$/);
  expect(ids).toEqual({
    terminal: 'T0000007',
    stan: ids.stan,
    rrn: `${day}${hour}${ids.stan}`,
    transmittedAt: new Date(Math.floor(now.getTime() / 1_000) * 1_000),
  });
});

test('no two messages get the same STAN, whoever draws at the same time', async () => {
  const now = new Date('2026-07-01T00:00:00Z');
  const drawn = await Promise.all(
    Array.from({ length: 100 }, () => nextNetworkIds(opened.db, 'T0000001', now)),
  );
  expect(new Set(drawn.map(({ stan }) => stan)).size).toBe(100);
});

test('after 999999 comes 000001, never 000000', async () => {
  await opened.raw`select setval('stan', 999998)`;
  const now = new Date('2026-07-01T00:00:00Z');
  const first = await nextNetworkIds(opened.db, 'T0000001', now);
  const second = await nextNetworkIds(opened.db, 'T0000001', now);
  expect([first.stan, second.stan]).toEqual(['999999', '000001']);
});
