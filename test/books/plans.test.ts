import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findPayments, type PaymentSearch } from '../../src/books/find-payments.ts';
import * as schema from '../../src/db/schema.ts';
import { indexPayments } from '../../src/payments/index-payments.ts';
import { seedPayments } from '../support/seed-payments.ts';
import { openWorld, type TestMerchant, type World } from '../support/world.ts';

/** How PostgreSQL would go about a list, with statistics of some thousand payments: never through a whole table. */
let world: World;
let merchant: TestMerchant;
let sql: postgres.Sql;
const asked: { query: string; parameters: unknown[] }[] = [];

beforeAll(async () => {
  world = await openWorld();
  merchant = await world.merchant();
  const { host, port, user, pass, database } = world.deps.raw.options;
  const place = { host: host[0], port: port[0], user, pass: String(pass), database };
  const debug = (_: number, query: string, parameters: unknown[]) => asked.push({ query, parameters });
  sql = postgres({ ...place, max: 1, onnotice: () => {}, debug });
  const until = world.clock.now();
  await seedPayments(sql, { merchantId: merchant.merchantId, mode: 'test', count: 8_000, until, days: 60 });
  while (await indexPayments(world.deps)) await Promise.resolve();
  await sql`vacuum analyze`;
}, 120_000);
afterAll(async () => {
  await sql?.unsafe('truncate sessions, authentications, events, deliveries, payment_search cascade');
  await sql?.end();
  await world?.close();
});

const NONE: PaymentSearch = {
  text: null,
  personal: true,
  least: null,
  most: null,
  statuses: [],
  methods: [],
  from: null,
  until: null,
  attention: null,
};

test.each<[string, Partial<PaymentSearch>]>([
  ['nothing', {}],
  ['a name', { text: '佐藤' }],
  ['a rare name', { text: '勅使河原' }],
  ['last four', { text: '4242' }],
  ['an amount', { least: 3_800, most: 3_800 }],
  ['a status', { statuses: ['processing'] }],
  ['three statuses', { statuses: ['authorized', 'voided', 'failed'] }],
  ['a method', { methods: ['netbank'] }],
  ['late', { attention: 'late' }],
])('by %s', async (_, filter) => {
  const db = drizzle(sql, { schema });
  asked.length = 0;
  await findPayments({ db }, await merchant.as('test'), { ...NONE, ...filter }, { cursor: null, limit: 50 });
  const reads = asked.filter(({ query }) => /^\s*(select|with)\b/i.test(query) && / from /.test(query));
  expect(reads.length).toBeGreaterThan(0);
  for (const { query, parameters } of reads) {
    const rows = await sql.unsafe(`explain ${query}`, parameters as never[]);
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).not.toMatch(/Seq Scan on (payments|payment_search|sessions|attempts|operations)/);
  }
});
