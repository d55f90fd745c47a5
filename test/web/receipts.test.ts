import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { receiptRoutes } from '../../src/web/receipts/routes.ts';
import { paidOrder } from '../receipts/paid-orders.ts';
import { call } from '../support/call.ts';
import { openWorld, type World } from '../support/world.ts';

/** `/receipts/{token}`: what a shopper gets for the money, and what a bookkeeper may rely on. */
const REGISTERED = { registrationNumber: 'T7000012050002', taxRounding: 'floor' as const };
const SAME_ORIGIN = { 'Sec-Fetch-Site': 'same-origin' };
let world: World;

beforeAll(async () => {
  world = await openWorld();
  world.app.route('/', receiptRoutes(world.deps));
});
afterAll(async () => {
  await world?.close();
});

async function issue(path: string, fields: Record<string, string>): Promise<string> {
  const form = new URLSearchParams(fields).toString();
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded', ...SAME_ORIGIN };
  const answer = await call(world, `POST ${path}`, { raw: form, headers });
  expect(answer.status).toBe(303);
  return answer.headers.get('Location') ?? '';
}

async function textAt(path: string): Promise<string> {
  const { text } = await call(world, `GET ${path}`);
  return text
    .replace(/<style[\s\S]*?<\/style>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');
}

test('the addressee is asked for, once; the document then stays as it is', async () => {
  const order = await paidOrder(world, await world.merchant(REGISTERED));
  const asked = await call(world, `GET ${order.path}`);
  expect(asked.status).toBe(200);
  expect(asked.text).toContain('name="addressee"');
  const at = await issue(order.path, { number: '1', addressee: '株式会社うみ <b>御中' });
  const issued = await call(world, `GET ${at}`);
  expect(issued.text).toContain('株式会社うみ &lt;b&gt;御中');
  expect(issued.headers.get('Cache-Control')).toContain('no-store');
  // Sent twice, as by a double click: one document.
  await issue(order.path, { number: '1', addressee: '別の会社' });
  expect(await textAt(order.path)).not.toContain('別の会社');
});

test('a registered shop gives a qualified simplified invoice, tax per rate rounded once', async () => {
  const order = await paidOrder(world, await world.merchant(REGISTERED));
  const text = await textAt(await issue(order.path, { number: '1', addressee: '山田 太郎' }));
  for (const said of [
    '領収書',
    '適格簡易請求書',
    'T7000012050002',
    '¥12,800',
    'クレジットカード利用',
    '山田 太郎 様',
  ]) {
    expect(text).toContain(said);
  }
  // 10,560 at 10 %, 2,240 at 8 %, tax included.
  expect(text).toMatch(/10% ¥10,560 ¥960/);
  expect(text).toMatch(/8% ※ ¥2,240 ¥165/);
  expect(text).not.toContain('再発行 2通目');
});

test('a shop without a number gives a receipt that claims nothing', async () => {
  const order = await paidOrder(world, await world.merchant());
  const text = await textAt(await issue(order.path, { number: '1', addressee: '山田' }));
  expect(text).toContain('領収書');
  expect(text).not.toContain('適格簡易請求書');
  expect(text).not.toContain('登録番号');
});

test('issued again it says so, and the first stays', async () => {
  const order = await paidOrder(world, await world.merchant(REGISTERED));
  await issue(order.path, { number: '1', addressee: '株式会社うみ' });
  const second = await textAt(await issue(order.path, { number: '2', addressee: '株式会社やま' }));
  expect(second).toMatch(/再発行 2通目/);
  expect(second).toContain('株式会社やま');
  expect(await textAt(`${order.path}/1`)).toContain('株式会社うみ');
});

test('money that went back gets a document of its own, and the receipt says what is left', async () => {
  const order = await paidOrder(world, await world.merchant(REGISTERED));
  await issue(order.path, { number: '1', addressee: '株式会社うみ' });
  const refund = await order.refund(12_800);
  const back = await textAt(await issue(order.path, { number: '2', addressee: '株式会社うみ', refund }));
  expect(back).toContain('適格返還請求書');
  expect(back).toMatch(/10% ¥10,560 ¥960/);
  expect(await textAt(`${order.path}/1`)).toContain('返金済み');
});

test('a part that went back of an order of two rates is no qualified document', async () => {
  const order = await paidOrder(world, await world.merchant(REGISTERED));
  const refund = await order.refund(1_000);
  const back = await textAt(await issue(order.path, { number: '1', addressee: '株式会社うみ', refund }));
  expect(back).toContain('返金明細書');
  expect(back).not.toContain('適格返還請求書 ');
});

test.each([
  { method: 'konbini', amount: 60_000, stamp: true },
  { method: 'konbini', amount: 12_800, stamp: false },
  { method: undefined, amount: 60_000, stamp: false },
])('$method, $amount yen: why there is no stamp is said: $stamp', async ({ method, amount, stamp }) => {
  const body = { amount, line_items: undefined };
  const order = await paidOrder(world, await world.merchant(), {
    body,
    payment: method === undefined ? {} : { method },
  });
  const text = await textAt(await issue(order.path, { number: '1', addressee: '山田' }));
  expect(text.includes('収入印紙は必要ありません')).toBe(stamp);
});

describe('who has no right address', () => {
  test.each(['/receipts/nothing', '/receipts/0000010000000000000000000000000000'])('%s', async (path) => {
    const answer = await call(world, `GET ${path}`);
    expect(answer.status).toBe(404);
    expect(answer.text).toContain('領収書が見つかりません');
  });

  test('a post from another site issues nothing', async () => {
    const order = await paidOrder(world, await world.merchant());
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded', 'Sec-Fetch-Site': 'cross-site' };
    const answer = await call(world, `POST ${order.path}`, { raw: 'number=1&addressee=x', headers });
    expect(answer.status).toBe(403);
  });

  test('before the money came there is none', async () => {
    const order = await paidOrder(world, await world.merchant(), {
      payment: { status: 'awaiting_payment', method: 'konbini', amountCaptured: 0, capturedAt: null },
    });
    expect(await textAt(order.path)).toContain('まだ発行できません');
  });
});

test.each(['', '4000 0000 0000 0002', 'x'.repeat(101)])(
  'an addressee %j is asked for again',
  async (addressee) => {
    const order = await paidOrder(world, await world.merchant());
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded', ...SAME_ORIGIN };
    const raw = new URLSearchParams({ number: '1', addressee }).toString();
    const answer = await call(world, `POST ${order.path}`, { raw, headers });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('aria-invalid="true"');
    expect(answer.text).not.toContain('4000 0000');
  },
);
