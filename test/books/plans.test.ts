import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findPayments, type PaymentSearch } from '../../src/books/find-payments.ts';
import { loadStory } from '../../src/books/payment-story.ts';
import * as schema from '../../src/db/schema.ts';
import type { Deps } from '../../src/deps.ts';
import type { Merchant } from '../../src/merchants/merchant.ts';
import { lockSession } from '../../src/payments/advance.ts';
import { holderOf } from '../../src/payments/create-session.ts';
import { indexPayments } from '../../src/payments/index-payments.ts';
import { loadPayment } from '../../src/payments/queries.ts';
import { loadSession } from '../../src/payments/snapshot.ts';
import { seedPayments } from '../support/seed-payments.ts';
import { openWorld, type TestMerchant, type World } from '../support/world.ts';

/** How PostgreSQL goes about what is asked most, among some thousand payments: never through a whole table. */
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

/** What the page, every verb and the console read of one payment. */
const READ: Record<string, (deps: Deps, acting: Merchant, id: string) => Promise<unknown>> = {
  'a session': (deps, acting, id) => loadSession(deps, acting, `cs_${id}`),
  'a session that is changed': ({ db }, { merchantId }, id) =>
    db.transaction((tx) => lockSession(tx, merchantId, `cs_${id}`)),
  'a payment': (deps, acting, id) => loadPayment(deps, acting, `pay_${id}`),
  'the story of a payment': (deps, acting, id) => loadStory(deps, acting, `pay_${id}`),
  'whose an order is': ({ db }, acting, id) =>
    db.transaction(async (tx) => holderOf(tx, acting, (await orderOf(id)) ?? '')),
};

async function orderOf(id: string): Promise<string | undefined> {
  const [row] = await world.deps.raw`select order_id from sessions where id = ${`cs_${id}`}`;
  return row?.order_id;
}

test.each(Object.entries(READ))('%s: no more rows are looked at than it has', async (_, read) => {
  const [row] = await world.deps.raw`select id from payments where merchant_id = ${merchant.merchantId}
    and method = 'card' order by id offset 4000 limit 1`;
  const deps = { ...world.deps, db: drizzle(sql, { schema }) };
  asked.length = 0;
  await read(deps, await merchant.as('test'), String(row?.id).slice(4));
  const reads = asked.filter(({ query }) => /^\s*(select|with)\b/i.test(query) && / from /.test(query));
  expect(reads.length).toBeGreaterThan(0);
  for (const { query, parameters } of reads) {
    const [told] = await sql.unsafe(`explain (analyze, format json) ${query}`, parameters as never[]);
    const removed = JSON.stringify(told).match(/"Rows Removed by Filter": ?\d+/g) ?? [];
    const most = Math.max(0, ...removed.map((each) => Number(each.split(':')[1])));
    expect({ query, tooMany: most > 50 }).toEqual({ query, tooMany: false });
  }
});
