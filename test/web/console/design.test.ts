import { afterAll, beforeAll, expect, test } from 'vitest';
import { shopRoutes } from '../../../src/web/shop/routes.ts';
import { mountConsole, type Visitor, visitor } from '../../support/console.ts';
import { openWorld, type TestMerchant, type World } from '../../support/world.ts';

let world: World;
let merchant: TestMerchant;
let owner: Visitor;

beforeAll(async () => {
  world = await openWorld();
  mountConsole(world);
  world.app.route('/', shopRoutes(world.deps));
  merchant = await world.merchant({ methods: ['card', 'konbini', 'payeasy'] });
  owner = await visitor(world, merchant);
});
afterAll(() => world.close());

const FORM = {
  shop_name: 'うつわ こはる',
  brand_color: '＃0A7d5C',
  email: 'shop@koharu.example',
  phone: '０３ー１２３４ー５６７８',
  url: 'https://koharu.example',
  terms_url: '',
  legal_seller: '株式会社こはる',
  legal_address: '東京都江東区木場1-5-25\n3階',
  place_konbini: '1',
  place_card: '2',
};

async function post(form: Record<string, string>, methods: string[], logo?: Blob) {
  const data = new FormData();
  for (const [name, value] of Object.entries(form)) data.append(name, value);
  for (const method of methods) data.append('method', method);
  if (logo !== undefined) data.append('logo', logo, 'logo.png');
  const headers = { Cookie: owner.cookie, 'Sec-Fetch-Site': 'same-origin' };
  return world.app.request('/console/design', { method: 'POST', headers, body: data });
}

test('what is saved is what shoppers see: name, colour, contact, ways to pay in their order', async () => {
  expect((await post(FORM, ['card', 'konbini'])).headers.get('Location')).toBe('/console/design?done=saved');
  const { settings } = await merchant.as('live');
  expect(settings).toMatchObject({
    shopName: 'うつわ こはる',
    brandColor: '#0a7d5c',
    contact: { email: 'shop@koharu.example', phone: '03-1234-5678', url: 'https://koharu.example' },
    offered: ['konbini', 'card'],
    legalNotice: { seller: '株式会社こはる' },
  });
  const preview = await owner.get('/console/design/preview');
  expect(preview.headers.get('Content-Security-Policy')).toContain("frame-ancestors 'self'");
  expect(preview.html.indexOf('value="konbini"')).toBeLessThan(preview.html.indexOf('value="card"'));
  expect(preview.html).not.toContain('value="payeasy"');
  expect(preview.html).toContain('うつわ こはる');
  const legal = await world.app.request(`/legal/${merchant.merchantId}`);
  expect(await legal.text()).toContain('東京都江東区木場1-5-25\n3階');
});

test('faults stand at their fields, what was typed stays, and nothing changes', async () => {
  const before = (await merchant.as('live')).settings;
  const bad = { ...FORM, brand_color: 'green', email: 'shop@', url: 'koharu.example', phone: 'abc' };
  const answer = await post({ ...bad, shop_name: 'あ'.repeat(60) }, []);
  expect(answer.status).toBe(422);
  const html = await answer.text();
  for (const name of ['brand_color', 'email', 'url', 'phone', 'shop_name'])
    expect(html).toContain(`id="${name}-error"`);
  expect(html).toContain('value="green"');
  expect(html).toContain('1つ以上選んでください');
  expect((await merchant.as('live')).settings).toEqual(before);
});

const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);

test('a logo is kept by what it is, not by what it says it is', async () => {
  const [tooSmall, noPicture, tooLarge] = [
    await post(FORM, ['card'], new Blob([PIXEL])),
    await post(FORM, ['card'], new Blob(['<svg onload="alert(1)">'], { type: 'image/png' })),
    await post(FORM, ['card'], new Blob([Buffer.alloc(300_000)])),
  ];
  for (const [answer, words] of [
    [tooSmall, '小さすぎます'],
    [noPicture, '画像ではない'],
    [tooLarge, '256KB'],
  ] as const) {
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain(words);
  }
  const good = Buffer.from(PIXEL);
  good.writeUInt32BE(200, 16);
  good.writeUInt32BE(200, 20);
  expect((await post(FORM, ['card'], new Blob([good]))).status).toBe(303);
  const { settings } = await merchant.as('live');
  expect(settings.logoUrl).toMatch(/^\/logos\/A1/);
  const served = await world.app.request(settings.logoUrl ?? '');
  expect(served.headers.get('Content-Type')).toBe('image/png');
  expect(served.headers.get('Content-Security-Policy')).toContain('sandbox');
  expect((await owner.get('/console/design/preview')).html).toContain(settings.logoUrl);
});

test('who may not change it may look, and changes are in the audit log', async () => {
  const viewer = await visitor(world, merchant, 'viewer');
  const { html } = await viewer.get('/console/design');
  expect(html).toContain('変更できるのは');
  expect((await viewer.post('/console/design', FORM)).status).toBe(403);
});
