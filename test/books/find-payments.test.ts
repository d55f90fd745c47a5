import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findPayments, type PaymentSearch } from '../../src/books/find-payments.ts';
import { actionItems, attempts, paymentSearch, payments } from '../../src/db/schema.ts';
import { newId } from '../../src/lib/ids.ts';
import { indexPayments } from '../../src/payments/index-payments.ts';
import { type PaidOrder, paidOrder } from '../receipts/paid-orders.ts';
import { openWorld, type TestMerchant, type World } from '../support/world.ts';

let world: World;
let merchant: TestMerchant;
const orders: Record<string, PaidOrder> = {};

const EVERYTHING: PaymentSearch = {
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

beforeAll(async () => {
  world = await openWorld();
  merchant = await world.merchant({ methods: ['card', 'konbini'] });
  const customer = (name: string, email: string) => ({ customer: { name, email } });
  const at = (time: string) => world.clock.advance(Date.parse(time) - world.clock.now().getTime());
  at('2026-11-20T14:59:59.999Z');
  await put('sato', customer('佐藤 花子', 'Hanako.Sato@Example.com'), { amount: 5_000 });
  at('2026-11-20T15:00:00.000Z');
  await put('takahashi', customer('髙橋 ジュン', 'jun@mail.example'), { status: 'refunded', amount: 7_000 });
  await put('hayashi', customer('林 一', 'hajime@mail.example'), { late: true, amount: 7_001 });
  at('2026-11-22T03:00:00Z');
  await put('konbini', customer('Smith John', 'smith_100%@mail.example'), {
    method: 'konbini',
    amount: 9_000,
  });
  const held = {
    status: 'authorized',
    amountCaptured: 0,
    capturedAt: null,
    expiryToldAt: world.clock.now(),
  } as const;
  await put('held', {}, { ...held, amount: 20_000 });
  const unknown = { status: 'processing', amountCaptured: 0, capturedAt: null } as const;
  await put('unknown', {}, { ...unknown, amount: 30_000 });
  const another = await world.merchant();
  await put('another', customer('佐藤 花子', 'Hanako.Sato@Example.com'), { amount: 5_000 }, another);
  await world.deps.db
    .update(attempts)
    .set({ last4: '4242' })
    .where(
      and(eq(attempts.merchantId, merchant.merchantId), eq(attempts.paymentId, orders.held?.paymentId ?? '')),
    );
  const late = orders.hayashi;
  await world.deps.db.insert(actionItems).values({
    ...{
      merchantId: merchant.merchantId,
      id: newId('act', world.clock.now()),
      mode: 'test',
      kind: 'late_payment',
    },
    ...{ subject: 'a', sessionId: late?.sessionId ?? '', paymentId: late?.paymentId ?? '', amount: 7_001 },
    createdAt: world.clock.now(),
  });
  while (await indexPayments(world.deps, 2)) expect(true).toBe(true);
  world.clock.advance(120_000);
});
afterAll(() => world.close());

async function put(
  name: string,
  body: Record<string, unknown>,
  payment: Partial<typeof payments.$inferInsert>,
  of: TestMerchant = merchant,
): Promise<void> {
  const amountCaptured = payment.amountCaptured ?? payment.amount;
  const order = { order_id: `order-${name}`, line_items: undefined, ...body };
  orders[name] = await paidOrder(world, of, { body: order, payment: { ...payment, amountCaptured } });
}

const FILTERS: [string, Partial<PaymentSearch>, string[]][] = [
  ['nothing', {}, ['unknown', 'held', 'konbini', 'hayashi', 'takahashi', 'sato']],
  ['part of an order', { text: 'TAKA' }, ['takahashi']],
  ['a family name of two characters', { text: '佐藤' }, ['sato']],
  ['a whole name, without its space', { text: '佐藤花子' }, ['sato']],
  ['a name of one character', { text: '林' }, ['hayashi']],
  ['a name in another form of its character', { text: '高橋' }, ['takahashi']],
  ['kana of the other kind', { text: 'じゅん' }, ['takahashi']],
  ['kana of half width', { text: 'ｼﾞｭﾝ' }, ['takahashi']],
  ['part of an address, in capitals', { text: 'SATO@EXAMPLE' }, ['sato']],
  ['two letters', { text: 'jo' }, ['konbini']],
  ['one letter finds nothing', { text: 'j' }, []],
  ['characters that stand for others in a pattern', { text: '_100%' }, ['konbini']],
  ['what nobody has', { text: '渡辺' }, []],
  ['last four', { text: '4242' }, ['held']],
  ['a name, for somebody who may not see names', { text: '佐藤', personal: false }, []],
  ['an order, likewise', { text: 'order-sato', personal: false }, ['sato']],
  ['an exact amount', { least: 7_000, most: 7_000 }, ['takahashi']],
  ['a range, both ends included', { least: 7_000, most: 9_000 }, ['konbini', 'hayashi', 'takahashi']],
  ['from an amount on', { least: 20_000 }, ['unknown', 'held']],
  ['one status', { statuses: ['refunded'] }, ['takahashi']],
  [
    'several statuses',
    { statuses: ['refunded', 'processing', 'authorized'] },
    ['unknown', 'held', 'takahashi'],
  ],
  ['a method', { methods: ['konbini'] }, ['konbini']],
  ['a day in Japan', dayInJapan('2026-11-21'), ['hayashi', 'takahashi']],
  ['the day before', dayInJapan('2026-11-20'), ['sato']],
  ['what is to be done', { attention: 'open' }, ['hayashi']],
  ['late', { attention: 'late' }, ['hayashi']],
  ['twice', { attention: 'duplicate' }, []],
  ['about to lapse', { attention: 'expiring' }, ['held']],
  ['not known yet', { attention: 'unknown' }, ['unknown']],
  [
    'all at once',
    { text: 'order', statuses: ['captured'], least: 9_000, methods: ['konbini', 'card'] },
    ['konbini'],
  ],
];

function dayInJapan(day: string): Partial<PaymentSearch> {
  const from = new Date(`${day}T00:00:00+09:00`);
  return { from, until: new Date(from.getTime() + 86_400_000) };
}

describe('what a filter finds, newest first, and nothing of another merchant', () => {
  test.each(FILTERS)('%s', async (_, filter, found) => {
    expect(await namesOf(filter)).toEqual(found);
  });

  test('nothing of the other mode', async () => {
    const page = await findPayments(world.deps, await merchant.as('live'), EVERYTHING, {
      cursor: null,
      limit: 50,
    });
    expect(page).toEqual({ data: [], nextCursor: null });
  });
});

test('pages follow each other without a gap or a double, of payments of one moment too', async () => {
  for (const filter of [
    {},
    { text: 'order' },
    { statuses: ['captured', 'refunded', 'authorized'] as const },
  ]) {
    const whole = await namesOf({ ...filter } as Partial<PaymentSearch>);
    const paged: string[] = [];
    let cursor: string | null = null;
    do {
      const search = { ...EVERYTHING, ...filter } as PaymentSearch;
      const page = await findPayments(world.deps, await merchant.as('test'), search, { cursor, limit: 2 });
      paged.push(...page.data.map(({ payment }) => payment.orderId.replace('order-', '')));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(paged).toEqual(whole);
  }
});

test('rows from before are found once they are indexed, and each has one row', async () => {
  const rows = await world.deps.db.select().from(paymentSearch);
  const all = await world.deps.db.select({ id: payments.id }).from(payments);
  expect(rows.map(({ paymentId }) => paymentId).sort()).toEqual(all.map(({ id }) => id).sort());
  expect(await indexPayments(world.deps)).toBe(false);
});

async function namesOf(filter: Partial<PaymentSearch>): Promise<string[]> {
  const page = await findPayments(
    world.deps,
    await merchant.as('test'),
    { ...EVERYTHING, ...filter },
    { cursor: null, limit: 50 },
  );
  return page.data.map(({ payment }) => payment.orderId.replace('order-', ''));
}
