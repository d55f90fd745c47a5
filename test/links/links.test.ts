import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { ROOT } from '../../src/lib/root.ts';
import { readOrder } from '../../src/links/read-order.ts';
import { PaymentLink, PaymentLinkBody, toSettings } from '../../src/web/api/link-schemas.ts';
import { linkRoutes } from '../../src/web/links/routes.ts';
import { payRoutes } from '../../src/web/pay/routes.ts';
import { judge } from '../../src/web/requests/genuine.ts';
import type { Json } from '../support/api.ts';
import { call } from '../support/call.ts';
import { recorded } from '../support/transcript.ts';
import { openWorld, type TestMerchant, type World } from '../support/world.ts';

let world: World;
let shop: TestMerchant;

beforeAll(async () => {
  world = await openWorld();
  world.app.route('/', linkRoutes(world.deps));
  world.app.route('/', payRoutes(world.deps));
  shop = await world.merchant({ methods: ['card', 'konbini'] });
});
afterAll(() => world.close());

const FIXED = { title: '萩焼のマグカップ', price: { type: 'fixed', amount: 4_400 }, tax_rate: 10 };

async function make(body: Record<string, unknown> = {}): Promise<Json> {
  const answer = await call(world, 'POST /v1/payment-links', {
    key: shop.keys.sk_test,
    body: { ...FIXED, ...body },
  });
  expect(answer.status).toBe(201);
  return answer.body;
}

const read = async (id: string) =>
  (await call(world, `GET /v1/payment-links/${id}`, { key: shop.keys.sk_test })).body;

async function visit(link: Json, query = ''): Promise<{ status: number; html: string; visitId: string }> {
  const response = await world.app.request(new URL(link.url).pathname + query);
  const html = await recorded(response);
  return { status: response.status, html, visitId: /name="visit" value="([^"]+)"/.exec(html)?.[1] ?? '' };
}

async function order(link: Json, form: Record<string, string> = {}, later = 60_000) {
  // Another minute, another count of what one address does.
  world.clock.advance(later);
  const visitId = form.visit ?? (await visit(link)).visitId;
  const response = await world.app.request(new URL(link.url).pathname, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'Sec-Fetch-Site': 'same-origin' },
    body: new URLSearchParams({ ...form, visit: visitId }).toString(),
  });
  const html = await recorded(response);
  return { status: response.status, to: response.headers.get('Location'), html };
}

test('what is made is what is read, and its page says it', async () => {
  const link = await make({ description: '山口の窯から', stock: 3 });
  expect(PaymentLink.parse(link)).toMatchObject({
    state: 'open',
    stock: { total: 3, taken: 0, left: 3 },
    price: { type: 'fixed', amount: 4_400 },
    collect: { email: 'optional', name: 'no' },
  });
  expect(await read(link.id)).toEqual(link);
  const { html } = await visit(link);
  for (const words of ['萩焼のマグカップ', '山口の窯から', '4,400', '残り3点', 'property="og:title"'])
    expect(html).toContain(words);
});

test('looking makes nothing, ordering makes one session, twice the same form makes one', async () => {
  const link = await make({ stock: 5, quantity: { least: 1, most: 3 } });
  const { visitId } = await visit(link);
  await visit(link);
  expect((await read(link.id)).stock.taken).toBe(0);
  const [first, second] = [
    await order(link, { visit: visitId, quantity: '２', email: 'taro@example.com' }),
    await order(link, { visit: visitId, quantity: '2', email: 'taro@example.com' }),
  ];
  expect(first.status).toBe(303);
  expect(second.to).toBe(first.to);
  expect((await read(link.id)).stock).toEqual({ total: 5, taken: 2, left: 3 });
  const page = await world.app.request(first.to ?? '');
  const html = await recorded(page);
  expect(html).toContain('8,800');
  expect(html).not.toContain('name="email"');
});

test('nobody gets more than there is, whatever they ask at once', async () => {
  const link = await make({ stock: 3 });
  const orders = await Promise.all(Array.from({ length: 8 }, () => order(link, {}, 0)));
  expect(orders.filter(({ status }) => status === 303)).toHaveLength(3);
  const refused = orders.filter(({ status }) => status === 409);
  expect(refused).toHaveLength(5);
  expect(refused[0]?.html).toContain('請求はされていません');
  expect((await visit(link)).html).toContain('売り切れました');
});

test('a session of somebody else is not reached by its id', async () => {
  const [link, other] = [await make(), await make()];
  const { visitId } = await visit(link);
  const mine = await order(link, { visit: visitId });
  const theirs = await order(other, { visit: visitId });
  expect(theirs.to).not.toBe(mine.to);
});

test.each([
  ['not yet', { opens_at: '2099-01-01T00:00:00Z' }, 'まだ始まっていません'],
  ['closed', { closes_at: '2020-01-01T00:00:00Z' }, '受付は終了しました'],
  ['sold out', { stock: 0 }, '売り切れました'],
])('%s: it says so, and takes no order', async (_, body, words) => {
  const link = await make(body);
  expect((await visit(link)).html).toContain(words);
  expect((await order(link, { visit: '' })).status).not.toBe(303);
});

test('taken out of use it takes no order, and is taken into use again', async () => {
  const link = await make();
  const turn = (verb: string) =>
    call(world, `POST /v1/payment-links/${link.id}/${verb}`, { key: shop.keys.sk_test, body: {} });
  expect((await turn('deactivate')).body.state).toBe('inactive');
  expect((await order(link, { visit: '' })).status).not.toBe(303);
  expect((await turn('activate')).body.state).toBe('open');
  expect((await order(link)).status).toBe(303);
});

test('the stock cannot be set below what is taken', async () => {
  const link = await make({ stock: 3 });
  await order(link);
  await order(link);
  const change = (stock: number) =>
    call(world, `POST /v1/payment-links/${link.id}`, {
      key: shop.keys.sk_test,
      body: { ...FIXED, stock },
    });
  expect((await change(1)).body.errors).toMatchObject([{ pointer: '#/stock', code: 'stock_too_low' }]);
  expect((await change(2)).body.stock).toEqual({ total: 2, taken: 2, left: 0 });
});

describe('what is typed', () => {
  const settings = (body: Record<string, unknown>) =>
    toSettings(PaymentLinkBody.parse({ ...FIXED, ...body }));
  const faults = (body: Record<string, unknown>, form: Record<string, string>) =>
    readOrder(settings(body), new URLSearchParams(form)).faults;
  const OPEN = { price: { type: 'open', least: 500, most: 10_000 } };
  const LIST = { price: { type: 'list', items: [{ id: 's', name: 'S', amount: 100 }] } };
  const OWN = {
    fields: [
      { id: 'size', label: 'サイズ', type: 'choice', options: ['Ｓ', 'M'], required: true },
      { id: 'note', label: 'ひとこと', type: 'text' },
    ],
  };

  test.each([
    ['an amount in full width with marks', OPEN, { amount: '１，０００円' }, {}],
    ['an amount below', OPEN, { amount: '499' }, { amount: 'too_little' }],
    ['an amount above', OPEN, { amount: '10001' }, { amount: 'too_much' }],
    ['an amount that is none', OPEN, { amount: '1e3' }, { amount: 'not_a_number' }],
    ['no amount', OPEN, {}, { amount: 'missing' }],
    ['a negative amount', OPEN, { amount: '-500' }, { amount: 'not_a_number' }],
    ['an item of the list', LIST, { choice: 's' }, {}],
    ['an item of no list', LIST, { choice: 'x' }, { choice: 'not_offered' }],
    ['no item', LIST, {}, { choice: 'missing' }],
    ['too many pieces', { quantity: { least: 1, most: 3 } }, { quantity: '4' }, { quantity: 'too_much' }],
    ['no piece', { quantity: { least: 1, most: 3 } }, { quantity: '0' }, { quantity: 'too_little' }],
    ['a wrong address', { collect: { email: 'required' } }, { email: 'taro@' }, { email: 'email' }],
    ['a missing one', { collect: { email: 'required' } }, {}, { email: 'missing' }],
    ['a phone', { collect: { phone: 'required' } }, { phone: '０９０ー１２３４ー５６７８' }, {}],
    ['no phone', { collect: { phone: 'required' } }, { phone: '12' }, { phone: 'phone' }],
    ['an address', { collect: { address: 'required' } }, { postal_code: '〒135-0042', address: '木場1' }, {}],
    [
      'half an address',
      { collect: { address: 'required' } },
      { postal_code: '135' },
      { postal_code: 'postal_code', address: 'missing' },
    ],
    ['an own choice', OWN, { own_size: 'S' }, {}],
    ['an own choice of none', OWN, { own_size: 'XL' }, { own_size: 'not_offered' }],
    ['an own question left out', OWN, {}, { own_size: 'missing' }],
    ['what nobody asked', {}, { name: 'あ'.repeat(999) }, {}],
  ])('%s', (_, body, form, expected) => {
    expect(faults(body, form as Record<string, string>)).toEqual(expected);
  });

  test('it stays when something is wrong, and nothing is taken', async () => {
    const link = await make({ ...OWN, stock: 3 });
    const answer = await order(link, { own_note: '<b>急ぎ</b>' });
    expect(answer.status).toBe(422);
    expect(answer.html).toContain('&lt;b&gt;急ぎ');
    expect(answer.html).toContain('id="own_size-error"');
    expect((await read(link.id)).stock.taken).toBe(0);
  });
});

test.each([
  ['nothing', {}, ['#/price', '#/title']],
  ['bounds that cross', { ...FIXED, price: { type: 'open', least: 2, most: 1 } }, ['#/price/least']],
  [
    'a choice without options',
    { ...FIXED, fields: [{ id: 'a', label: 'A', type: 'choice' }] },
    ['#/fields/0/options'],
  ],
  [
    'a script as an address',
    { ...FIXED, after: { type: 'redirect', url: 'javascript:alert(1)' } },
    ['#/after/url'],
  ],
  ['an unknown field', { ...FIXED, colour: 'red' }, ['#/colour']],
  ['a way to pay that there is not', { ...FIXED, methods: ['cash'] }, ['#/methods/0']],
  [
    'quantity of an entered amount',
    { title: 'x', price: { type: 'open', least: 1, most: 2 }, quantity: { least: 1, most: 2 } },
    ['#/quantity'],
  ],
])('a link of %s is refused, with every fault', async (_, body, pointers) => {
  const answer = await call(world, 'POST /v1/payment-links', { key: shop.keys.sk_test, body });
  expect(answer.status).toBe(422);
  expect(answer.body.errors.map(({ pointer }: Json) => pointer).sort()).toEqual(pointers);
});

test('one address cannot empty the stock', async () => {
  const link = await make({ stock: 100 });
  const statuses: number[] = [];
  for (let count = 0; count < 12; count += 1) statuses.push((await order(link, {}, 0)).status);
  expect(statuses).toContain(429);
});

test('a form of another site makes nothing', async () => {
  const link = await make({ stock: 1 });
  const response = await world.app.request(new URL(link.url).pathname, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: 'https://evil.example' },
    body: 'visit=',
  });
  expect(response.status).toBe(403);
  expect((await read(link.id)).stock.taken).toBe(0);
});

test('the check of links knows it, and whose it is', async () => {
  const link = await make();
  expect(await judge(world.deps, link.url)).toMatchObject({ kind: 'genuine' });
  expect(await judge(world.deps, `${link.url}x`)).toEqual({ kind: 'unknown' });
});

test('the QR code is the link, as SVG and as PNG', async () => {
  const link = await make();
  const wasm = join(ROOT, 'node_modules', 'zxing-wasm', 'dist', 'reader', 'zxing_reader.wasm');
  prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(readFileSync(wasm)).buffer } });
  const png = await world.app.request(`${new URL(link.url).pathname}/qr.png`);
  expect(png.headers.get('Content-Type')).toBe('image/png');
  const [found] = await readBarcodes(new Uint8Array(await png.arrayBuffer()), { formats: ['QRCode'] });
  expect(found?.text).toBe(link.url);
  const svg = await world.app.request(`${new URL(link.url).pathname}/qr.svg`);
  expect(await svg.text()).toMatch(/^<svg/);
});
