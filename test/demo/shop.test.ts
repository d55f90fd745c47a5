import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createShop } from '../../demo/shop/app.ts';
import { openOrderBook } from '../../demo/shop/order-book.ts';
import { newOrder, type Order, standingOf } from '../../demo/shop/orders.ts';
import type { Account } from '../../demo/shop/shop.ts';
import { sourceFiles } from '../house/source.ts';
import { type Made, MERCHANT, newKey, publishing, SECRET, SERVICE, signed } from './signing.ts';

const URL_ = 'http://127.0.0.1:9';
const account: Account = {
  credentials: {
    base_url: 'http://localhost:9',
    merchant_id: MERCHANT,
    secret_key: 'sk_test_x',
    publishable_key: 'pk_test_x',
    entry_secret: `esec_${Buffer.alloc(32, 7).toString('base64')}`,
    webhook_secret: SECRET,
  },
  trust: { merchantId: MERCHANT, mode: 'test', secrets: [SECRET], publishedKeys: publishing(SERVICE) },
};

function world(folder = mkdtempSync(join(tmpdir(), 'shop-'))) {
  const book = openOrderBook(folder);
  const common = { url: URL_, book, account: () => account, now: () => new Date() };
  const app = createShop({ ...common, pattern: 'link', sister: 'http://127.0.0.1:10' });
  const order = (way: 'api' | 'entry' = 'api'): Order => {
    const options = { way, return_method: 'post', capture: 'automatic', plans: 'one' } as const;
    const made = newOrder(new Map([['bowl', 1]]), options, 'ja', new Date());
    book.keep(made);
    return made;
  };
  return { app, book, folder, order };
}

type App = ReturnType<typeof world>['app'];
type Fields = ReturnType<typeof signed>;

function comeBack(app: App, fields: Fields, method: 'POST' | 'GET' = 'POST') {
  const body = new URLSearchParams({ ...fields });
  const headers = { Origin: 'http://localhost:9', 'Sec-Fetch-Site': 'cross-site' };
  if (method === 'GET') return app.request(`/return?${body}`, { headers });
  return app.request('/return', { method, body, headers });
}

function notify(app: App, { id, timestamp, signature, payload }: Fields) {
  const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature };
  return app.request('/webhooks', { method: 'POST', body: payload, headers });
}

const about = (order: Order, made: Made = {}) => signed({ orderId: order.id, ...made });

test.each(['POST', 'GET'] as const)(
  'a result by %s, without a cookie: 303 to the page of the order',
  async (method) => {
    const { app, order } = world();
    const made = order();
    const answer = await comeBack(app, about(made), method);
    expect([answer.status, answer.headers.get('Location')]).toEqual([303, `/orders/${made.key}`]);
    const page = await app.request(`/orders/${made.key}`);
    expect(await page.text()).toContain('お支払いが完了しました');
    expect(page.headers.get('Set-Cookie')).toBeNull();
  },
);

test('results that are not good are told so plainly and change nothing', async () => {
  const { app, order, book } = world();
  const made = order();
  const good = about(made);
  const copies = [
    { ...good, payload: good.payload.replaceAll('3850', '1') },
    about(made, { merchantId: 'A199999999' }),
    about(made, { mode: 'live' }),
    about(made, { amount: 1 }),
    about(made, { orderId: 'KH-other' }),
    signed({ orderId: made.id }, { at: new Date(Date.now() - 302_000) }),
    signed({ orderId: made.id }, { keys: [newKey('other')] }),
  ];
  for (const copy of copies) {
    const answer = await comeBack(app, copy);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('この結果は受け付けられません');
  }
  expect(book.byId(made.id)?.events).toEqual([]);
});

test('the same event by both ways is one event with two receipts', async () => {
  const { app, order } = world();
  const made = order();
  expect((await notify(app, about(made))).status).toBe(200);
  expect((await comeBack(app, about(made))).status).toBe(303);
  expect(made.events.map(({ receipts }) => receipts.map(({ via }) => via))).toEqual([
    ['notification', 'return'],
  ]);
});

test('a lower sequence that comes later lowers nothing', async () => {
  const { app, order } = world();
  const made = order();
  await notify(
    app,
    about(made, { id: 'evt_3', sequence: 3, payment: { status: 'refunded' }, type: 'payment.refunded' }),
  );
  await notify(app, about(made, { id: 'evt_1', sequence: 1, type: 'payment.captured' }));
  await comeBack(app, about(made, { id: 'evt_2', sequence: 2 }));
  expect(standingOf(made)).toBe('refunded');
  const html = await (await app.request(`/orders/${made.key}?lang=en`)).text();
  const types = [...html.matchAll(/<code>((?:payment|session)\.\w+)<\/code>/g)].map((match) => match[1]);
  expect(types).toEqual(['payment.captured', 'session.completed', 'payment.refunded']);
});

test('an earlier, given up session says nothing about the order that was paid by a later one', async () => {
  const { app, order } = world();
  const made = order();
  await comeBack(app, about(made, { id: 'evt_2', sessionId: 'cs_2' }));
  const gone = { status: 'expired', payment_status: 'unpaid', ended_reason: 'replaced' };
  await notify(app, about(made, { id: 'evt_1', sessionId: 'cs_1', session: gone, payment: null }));
  expect(standingOf(made)).toBe('paid');
});

test('notifications: forged ones are refused, a ping and orders of others are acknowledged', async () => {
  const { app, order } = world();
  const made = order();
  const forged = { ...about(made), signature: 'v1,AAAA' };
  expect((await notify(app, forged)).status).toBe(400);
  expect((await notify(app, signed({ orderId: 'someone-else' }))).status).toBe(200);
  expect((await notify(app, about(made, { amount: 1 }))).status).toBe(400);
});

test('a restart keeps orders and what is known of them', async () => {
  const first = world();
  const made = first.order();
  await comeBack(first.app, about(made));
  const again = world(first.folder);
  const page = await again.app.request(`/orders/${made.key}`);
  expect(await page.text()).toContain('お支払いが完了しました');
});

test('an order book that cannot be read does not keep the shop closed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'shop-'));
  writeFileSync(join(folder, 'shop.json'), '{"orders":[{"id":');
  expect((await world(folder).app.request('/')).status).toBe(200);
});

test('the exact bytes that were signed can be read on the page', async () => {
  const { app, order } = world();
  const made = order();
  const result = about(made);
  await comeBack(app, result);
  const html = await (await app.request(`/orders/${made.key}`)).text();
  const shown = /<pre tabindex="0" class="bytes">([^<]*)</.exec(html)?.[1] ?? '';
  expect(shown.replaceAll('&quot;', '"')).toBe(`${result.id}.${result.timestamp}.${result.payload}`);
});

test('the signed entry is a form to the service, in ASCII', async () => {
  const { app, order } = world();
  const html = await (await app.request(`/orders/${order('entry').key}/entry`)).text();
  expect(html).toContain('<form method="post" action="http://localhost:9/pay">');
  const payload = /name="payload" value="([^"]*)"/.exec(html)?.[1]?.replaceAll('&quot;', '"') ?? '';
  expect(payload).toMatch(/^[\x20-\x7e]+$/);
  expect(JSON.parse(payload)).toMatchObject({ mode: 'test', amount: 3_850, return_url: `${URL_}/return` });
});

test('our own forms are not taken from other sites', async () => {
  const { app, order } = world();
  const headers = { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' };
  const answer = await app.request(`/orders/${order().key}/refund`, { method: 'POST', headers });
  expect(answer.status).toBe(403);
});

test('a merchant’s site knows nothing of our source', () => {
  const inside = sourceFiles('demo').flatMap(({ path, imports }) =>
    imports.filter((imported) => !imported.path.startsWith('demo/')).map((imported) => [path, imported.path]),
  );
  expect(inside).toEqual([]);
});
