import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '../../../src/lib/ids.ts';
import { enqueue } from '../../../src/queue/enqueue.ts';
import { testPan } from '../../../src/simulator/test-cards.ts';
import { paidOrder } from '../../receipts/paid-orders.ts';
import { mountConsole, visitor } from '../../support/console.ts';
import { openWorld, type TestMerchant, type World } from '../../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  mountConsole(world);
});
afterAll(() => world.close());

const TESTING = '/console/developers/testing';

async function owe(shop: TestMerchant, inMs: number): Promise<void> {
  const now = world.clock.now();
  const runAt = new Date(now.getTime() + inMs);
  const job = {
    name: 'deliver',
    key: newId('del', now),
    payload: {},
    clock: 'merchant',
    mode: 'test',
  } as const;
  await enqueue(world.deps.db, { ...job, runAt, merchantId: shop.merchantId, now });
}

test('the clock says what will happen, then moves, forward only', async () => {
  const shop = await world.merchant();
  const owner = await visitor(world, shop);
  await owe(shop, 1_800_000);
  await owe(shop, 7_200_000);
  expect((await owner.get(`${TESTING}?seconds=300&lang=en`)).html).toContain('nothing becomes due');
  expect((await owner.get(`${TESTING}?seconds=3600&lang=en`)).html).toContain('sent again: 1');
  expect((await owner.get(`${TESTING}?seconds=86400&lang=en`)).html).toContain('sent again: 2');
  expect((await owner.get(`${TESTING}?seconds=86400`)).status).toBe(200);
  const before = (await shop.as('test')).clock.now();
  for (const seconds of ['3600', '-3600', '1', 'all'])
    expect((await owner.post(`${TESTING}/clock`, { seconds })).status).toBe(303);
  const after = (await shop.as('test')).clock.now();
  expect(after.getTime() - before.getTime()).toBe(3_600_000);
});

test('a payment that has no number, and one of somebody else, are not settled', async () => {
  const [shop, other] = [await world.merchant(), await world.merchant()];
  const owner = await visitor(world, shop);
  const settle = async (payment: string) =>
    (await owner.post(`${TESTING}/settle`, { payment, verb: 'pay' })).headers.get('Location');
  expect(await settle((await paidOrder(world, shop)).paymentId)).toBe(`${TESTING}?done=refused`);
  expect(await settle((await paidOrder(world, other)).paymentId)).toBe(`${TESTING}?done=unknown`);
  expect(await settle('pay_none')).toBe(`${TESTING}?done=unknown`);
});

test('in live mode there are no controls', async () => {
  const owner = await visitor(world, await world.merchant(), 'owner', 'live');
  expect((await owner.get(TESTING)).status).toBe(403);
  expect((await owner.post(`${TESTING}/clock`, { seconds: '3600' })).status).toBe(403);
  expect((await owner.get('/console/developers')).html).not.toContain(TESTING);
});

test('the cards that are listed are the simulator’s', async () => {
  const owner = await visitor(world, await world.merchant());
  const { html } = await owner.get(TESTING);
  const shown = [...html.matchAll(/<code class="whole">(.*?)<\/code>/g)].map(([, card = '']) =>
    card.replace(/\D/g, ''),
  );
  expect(shown.length).toBeGreaterThan(8);
  for (const number of shown)
    expect(number === testPan('visa', number.slice(6, 8), number.slice(8, 10))).toBe(true);
});

test('the first steps name the keys by their hints, and never a key', async () => {
  const shop = await world.merchant();
  const owner = await visitor(world, shop);
  const { html } = await owner.get('/console/developers/start');
  expect(html).toContain(`sk_test_…${shop.keys.sk_test.slice(14, 18)}`);
  for (const key of Object.values(shop.keys)) expect(html).not.toContain(key.slice(14));
  expect(html).toContain(shop.merchantId);
});
