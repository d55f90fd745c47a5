import { afterAll, beforeAll, expect, test } from 'vitest';
import { linkRoutes } from '../../../src/web/links/routes.ts';
import { call } from '../../support/call.ts';
import { mountConsole, type Visitor, visitor } from '../../support/console.ts';
import { openWorld, type TestMerchant, type World } from '../../support/world.ts';

let world: World;
let shop: TestMerchant;
let operator: Visitor;

beforeAll(async () => {
  world = await openWorld();
  mountConsole(world);
  world.app.route('/', linkRoutes(world.deps));
  shop = await world.merchant({ methods: ['card', 'konbini'] });
  operator = await visitor(world, shop, 'operator');
});
afterAll(() => world.close());

const FORM = {
  title: '陶芸教室 7月分',
  kind: 'fixed',
  amount: '３，０００円',
  after: 'message',
  ask_email: 'optional',
};

async function make(form: Record<string, string> = {}): Promise<string> {
  const { status, headers } = await operator.post('/console/links', { ...FORM, ...form });
  expect(status).toBe(303);
  return (headers.get('Location') ?? '').replace(/\?.*/, '');
}

const api = async (path: string) =>
  (await call(world, `GET /v1/payment-links/${path.split('/').at(-1)}`, { key: shop.keys.sk_test })).body;

test('a link is made with a name and an amount, and everything about it is on one page', async () => {
  const path = await make();
  const { html } = await operator.get(`${path}?done=made`);
  for (const words of ['リンクができました', '3,000円', '/qr.svg', 'ポスター']) expect(html).toContain(words);
  expect(await api(path)).toMatchObject({
    title: '陶芸教室 7月分',
    price: { type: 'fixed', amount: 3_000 },
    state: 'open',
  });
  expect((await operator.get('/console/links')).html).toContain('陶芸教室 7月分');
});

test('what can be chosen is written as people write it', async () => {
  const path = await make({
    kind: 'list',
    items: 'Sサイズ, 3000\nMサイズ、３５００\n大皿, 3点, 12,000円'.replace('12,000円', '12000円'),
    quantity: '1',
    quantity_least: '1',
    quantity_most: '5',
    stock: '20',
    own_label_1: '名入れ',
    own_options_1: 'あり / なし',
    own_required_1: '1',
    opens: '2026-12-01T10:00',
    closes: '2026-12-25T18:00',
    tax: '10',
  });
  expect(await api(path)).toMatchObject({
    price: {
      items: [
        { name: 'Sサイズ', amount: 3_000 },
        { name: 'Mサイズ', amount: 3_500 },
        { name: '大皿, 3点', amount: 12_000 },
      ],
    },
    quantity: { least: 1, most: 5 },
    stock: { total: 20 },
    fields: [{ label: '名入れ', type: 'choice', options: ['あり', 'なし'], required: true }],
    opens_at: '2026-12-01T10:00:00+09:00',
  });
  const { html } = await operator.get(`${path}/edit`);
  expect(html).toContain('2026-12-01T10:00');
  expect(html).toContain('あり / なし');
});

test.each([
  ['no name', { title: '' }, ['title']],
  ['no amount', { amount: '' }, ['amount']],
  ['an amount in words', { amount: '三千円' }, ['amount']],
  ['a list of nothing', { kind: 'list', items: '' }, ['items']],
  ['a list without amounts', { kind: 'list', items: 'S\nM' }, ['items']],
  ['bounds that cross', { kind: 'open', least: '500', most: '100' }, ['least']],
  ['an address that is none', { after: 'redirect', url: 'koharu.example' }, ['url']],
  ['an end before its beginning', { opens: '2026-12-02T00:00', closes: '2026-12-01T00:00' }, ['closes']],
  ['a stock in words', { stock: 'たくさん' }, ['stock']],
])('%s: told at its field, what was typed stays, nothing is made', async (_, form, names) => {
  const before = (await operator.get('/console/links')).html;
  const answer = await operator.post('/console/links', { ...FORM, description: '焼き物', ...form });
  expect(answer.status).toBe(422);
  expect([...answer.html.matchAll(/id="(\w+)-error"/g)].map(([, name]) => name)).toEqual(names);
  expect(answer.html).toContain('焼き物');
  expect((await operator.get('/console/links')).html).toBe(before);
});

test('a form that is sent twice makes one link', async () => {
  const { html } = await operator.get('/console/links/new');
  const work = /name="work" value="([^"]+)"/.exec(html)?.[1] ?? '';
  expect(await make({ work })).toBe(await make({ work }));
});

test('it is paused and resumed, changed, and its stock not set below what is taken', async () => {
  const path = await make({ stock: '2' });
  await operator.post(`${path}/status`, { status: 'inactive' });
  expect((await api(path)).state).toBe('inactive');
  await operator.post(`${path}/status`, { status: 'active' });
  const { url } = await api(path);
  await world.app.request(new URL(url).pathname, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'Sec-Fetch-Site': 'same-origin' },
    body: 'email=taro@example.com',
  });
  const tooLow = await operator.post(path, { ...FORM, stock: '0' });
  expect(tooLow.status).toBe(422);
  expect(tooLow.html).toContain('id="stock-error"');
  expect((await operator.post(path, { ...FORM, amount: '4000', stock: '5' })).status).toBe(303);
  expect(await api(path)).toMatchObject({ price: { amount: 4_000 }, stock: { total: 5, taken: 1 } });
  expect((await operator.get(path)).html).toContain('支払い待ち');
});

test('the preview is the page, of a form that is not finished too', async () => {
  const half = await operator.post('/console/links/preview', { title: '陶芸教室', kind: 'list', items: 'S' });
  expect(half.status).toBe(200);
  expect(half.html).toContain('陶芸教室');
  const whole = await operator.post('/console/links/preview', FORM);
  expect(whole.html).toContain('3,000');
  expect(whole.html).not.toContain('<script');
});

test('the poster has all that a customer needs', async () => {
  const { html } = await operator.get(`${await make()}/poster`);
  for (const words of ['陶芸教室', '3,000円', 'qr.svg', 'クレジットカード', 'Scan with your phone'])
    expect(html).toContain(words);
});
