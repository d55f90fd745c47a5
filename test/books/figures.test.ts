import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { attentionOf } from '../../src/books/attention.ts';
import { closeDays } from '../../src/books/close-days.ts';
import { byMethod, figuresOf, NOTHING, together } from '../../src/books/figures.ts';
import {
  actionItems,
  attempts,
  dayFigures,
  operations,
  paymentLinks,
  webhookEndpoints,
} from '../../src/db/schema.ts';
import { newId } from '../../src/lib/ids.ts';
import { paidOrder } from '../receipts/paid-orders.ts';
import { mountConsole, visitor } from '../support/console.ts';
import { openWorld, type TestMerchant, type World } from '../support/world.ts';

let world: World;
let merchant: TestMerchant;

const at = (time: string) => world.clock.advance(Date.parse(time) - world.clock.now().getTime());

/** Three days counted by hand. Days in Japan begin at 15:00 UTC. */
beforeAll(async () => {
  world = await openWorld();
  mountConsole(world);
  merchant = await world.merchant({ methods: ['card', 'konbini'] });
  at('2026-10-31T14:59:59.999Z');
  await paid(1_000);
  at('2026-10-31T15:00:00.000Z');
  const order = await paid(20_000);
  await paid(300, 'konbini');
  at('2026-11-01T14:59:59.999Z');
  await paid(4_000);
  await order.refund(500);
  at('2026-11-01T15:00:00.000Z');
  await order.refund(700);
  await failed('card_declined');
  await failed('card_declined');
  await failed('abandoned');
  await paidOrder(world, await world.merchant());
  at('2026-11-02T01:00:00.000Z');
});
afterAll(() => world.close());

async function paid(amount: number, method?: string) {
  const payment = { amount, amountCaptured: amount, ...(method === undefined ? {} : { method }) };
  return paidOrder(world, merchant, { payment });
}

async function failed(failure: 'card_declined' | 'abandoned'): Promise<void> {
  const { paymentId } = await paidOrder(world, merchant, {
    payment: { status: 'failed', amountCaptured: 0, capturedAt: null },
  });
  await world.deps.db
    .update(attempts)
    .set({ status: 'failed', failure })
    .where(and(eq(attempts.merchantId, merchant.merchantId), eq(attempts.paymentId, paymentId)));
}

const COUNTED = [
  {
    day: '2026-10-31',
    methods: { card: { ...NOTHING, captures: 1, captured: 1_000, succeeded: 1 } },
    causes: {},
  },
  {
    day: '2026-11-01',
    methods: {
      card: { ...NOTHING, captures: 2, captured: 24_000, refunds: 1, refunded: 500, succeeded: 2 },
      konbini: { ...NOTHING, captures: 1, captured: 300, succeeded: 1 },
    },
    causes: {},
  },
  {
    day: '2026-11-02',
    methods: { card: { ...NOTHING, refunds: 1, refunded: 700, failed: 3 } },
    causes: { card_declined: 2, abandoned: 1 },
  },
];

test('a day is what happened on it in Japan, live and once it is over', async () => {
  const own = await merchant.as('test');
  expect((await figuresOf(world.deps, own)).slice(-3)).toEqual(COUNTED);
  expect((await figuresOf(world.deps, own)).slice(-3)).toEqual(COUNTED);
  expect((await figuresOf(world.deps, await merchant.as('live'))).slice(-1)[0]?.methods).toEqual({});
});

test('what is over is kept, today is not', async () => {
  const kept = await world.deps.db
    .select({ day: dayFigures.day })
    .from(dayFigures)
    .where(and(eq(dayFigures.merchantId, merchant.merchantId), eq(dayFigures.mode, 'test')));
  const days = kept.map(({ day }) => day);
  expect(days).toHaveLength(30);
  expect(days).toContain('2026-11-01');
  expect(days).not.toContain('2026-11-02');
});

test('days add up, the method first that brought most', async () => {
  const days = (await figuresOf(world.deps, await merchant.as('test'))).slice(-2);
  expect(together(days)).toMatchObject({ captured: 24_300, refunded: 1_200, failed: 3, succeeded: 3 });
  expect(byMethod(days).map(([method]) => method)).toEqual(['card', 'konbini']);
});

test('the page says today and this month, and why attempts failed', async () => {
  const { html } = await (await visitor(world, merchant, 'viewer')).get('/console');
  for (const said of [
    '今日（11/2）',
    '今月（2026/11）',
    '24,300円',
    '700円',
    '23,100円',
    '50.0%',
    '別のカードまたは別の支払方法',
  ])
    expect(html).toContain(said);
  expect(html).toContain('<desc');
});

test('days are closed by night for everybody, a few merchants at a time', async () => {
  const other = await world.merchant();
  while (await closeDays(world.deps, 1)) expect(true).toBe(true);
  const kept = await world.deps.db
    .select({ day: dayFigures.day })
    .from(dayFigures)
    .where(eq(dayFigures.merchantId, other.merchantId));
  expect(kept.length).toBeGreaterThan(0);
});

test('what needs attention leads to where it is dealt with; a new merchant is told how to begin', async () => {
  const fresh = await world.merchant();
  const owner = await visitor(world, fresh);
  const first = await owner.get('/console?lang=en');
  expect(first.html).toContain('Where to begin');
  expect(first.html).toContain('Nothing needs your attention now.');
  const { paymentId, sessionId } = await paidOrder(world, fresh, { payment: { late: true } });
  const [id, now] = [newId('act', world.clock.now()), world.clock.now()];
  const own = { merchantId: fresh.merchantId, mode: 'test' as const };
  await world.deps.db.insert(actionItems).values({
    ...{ ...own, id, kind: 'late_payment', subject: id, sessionId, paymentId, amount: 1, createdAt: now },
  });
  await world.deps.db.insert(operations).values({
    ...{ ...own, id: newId('op', now), sessionId, paymentId, kind: 'refund', amount: 1, status: 'pending' },
    ...{ terminal: 'T', stan: '1', rrn: '1', transmittedAt: now, createdAt: now },
  });
  await world.deps.db.insert(webhookEndpoints).values({
    ...{
      ...own,
      id: newId('we', now),
      url: 'https://shop.example/',
      events: null,
      status: 'disabled',
      createdAt: now,
    },
  });
  const settings = {
    title: 't',
    description: null,
    price: { kind: 'fixed', amount: 1 },
    quantity: null,
  } as const;
  const ask = { name: 'no', email: 'no', phone: 'no', address: 'no' } as const;
  await world.deps.db.insert(paymentLinks).values({
    ...{ ...own, id: newId('plink', now), slug: id, status: 'active', stock: 10, taken: 9, createdAt: now },
    settings: {
      ...{
        ...settings,
        taxRate: null,
        ask,
        fields: [],
        methods: null,
        locale: 'auto',
        opensAt: null,
        closesAt: null,
      },
      after: { kind: 'message', text: null },
    },
  });
  expect(await attentionOf(world.deps, await fresh.as('test'))).toEqual(
    ['items', 'endpoints', 'stock'].map((need) => ({ need, count: 1 })),
  );
  world.clock.advance(61_000);
  const { html } = await owner.get('/console');
  for (const href of [
    'attention=unknown',
    'attention=open',
    '/console/developers/endpoints',
    '/console/links',
  ])
    expect(html).toContain(href);
});
