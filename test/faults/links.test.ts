import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiClient, apiClient, type Json } from '../support/api.ts';
import { testPan } from '../support/cards.ts';
import { eventually } from '../support/eventually.ts';
import { type Fleet, startFleet } from '../support/fleet.ts';
import { expectBooksEqual } from '../support/ledger.ts';
import { formTo, open, type Page, pay, submit } from '../support/shopper.ts';

/** The last pieces of a link, and everybody who wants one. */
let fleet: Fleet;
let api: ApiClient;

beforeAll(async () => {
  fleet = await startFleet({ webs: 2, workers: 1 }, { TRUST_PROXY: 'true', LEASE_MS: '1500' });
  api = apiClient(fleet.webs[0]?.baseUrl ?? '', fleet.demo.secret_key);
});
afterAll(() => fleet?.stop());

const CHALLENGED = '4000000100000001';
const STOCK = 3;
const BUYERS = 100;

/** Orders through the link as the buyer of this number; null when told that there is nothing left. */
async function order(slug: string, buyer: number): Promise<string | null> {
  const web = fleet.webs[buyer % fleet.webs.length]?.baseUrl ?? '';
  const from = `203.0.113.${buyer}`;
  const page = await open(`${web}/l/${slug}`, from);
  const form = page.forms.find(({ names }) => names.includes('visit'));
  if (form === undefined) return told(page);
  const next = await submit({ ...form, action: `${web}/l/${slug}` }, { email: 'taro@example.com' }, from);
  return formTo(next, '/pay') === null ? told(next) : next.url;
}

function told(page: Page): null {
  expect(page.html).toMatch(/売り切れ/);
  expect(page.html).toContain('請求はされていません');
  return null;
}

async function race(slug: string, buyers: number[]): Promise<Map<number, string>> {
  const ended = await Promise.all(buyers.map(async (buyer) => [buyer, await order(slug, buyer)] as const));
  return new Map(ended.flatMap(([buyer, url]) => (url === null ? [] : [[buyer, url] as const])));
}

test('100 buyers, three pieces, one abandoned at 3-D Secure: three are paid, the others told before they pay', async () => {
  const body = { title: '最後の3点', price: { type: 'fixed', amount: 3_300 }, stock: STOCK };
  const { body: link } = await api('POST', '/v1/payment-links', body);
  const slug = new URL(link.url).pathname.slice('/l/'.length);
  const everybody = Array.from({ length: BUYERS }, (_, index) => index + 1);

  const first = await race(slug, everybody);
  expect(first.size).toBe(STOCK);
  const [[abandoner = 0, abandoned = ''] = [], ...rest] = [...first];
  await pay(abandoned, { number: CHALLENGED }, { javascript: false, otp: 'leave' });
  await Promise.all(rest.map(([, url]) => pay(url, { number: testPan() }, { javascript: true })));
  await stockIs(link, { total: 3, taken: 3, left: 0 });
  expect((await race(slug, everybody)).size).toBe(0);

  // Nobody comes back to the challenge: the attempt and then the session lapse, and the piece is there again.
  await api('POST', '/v1/test/clock', { advance_seconds: 31 * 60 });
  await stockIs(link, { total: 3, taken: 2, left: 1 });
  const second = await race(
    slug,
    everybody.filter((buyer) => buyer !== abandoner && !first.has(buyer)),
  );
  expect(second.size).toBe(1);
  for (const url of second.values()) await pay(url, { number: testPan() }, { javascript: true });
  await eventually('three are paid', async () => {
    const { body: paid } = await api('GET', '/v1/payments?status=captured&limit=100');
    return paid.data.filter(({ metadata }: Json) => metadata.payment_link === link.id).length === STOCK;
  });
  await stockIs(link, { total: 3, taken: 3, left: 0 });
  await expectBooksEqual(fleet, api);
});

test('a number keeps its piece while it may be paid, and gives it back when it lapses', async () => {
  const body = { title: '残り1点', price: { type: 'fixed', amount: 3_300 }, stock: 1 };
  const { body: link } = await api('POST', '/v1/payment-links', body);
  const slug = new URL(link.url).pathname.slice('/l/'.length);
  const [url = ''] = [...(await race(slug, [201])).values()];
  const form = formTo(await open(url), '/pay');
  if (form === null) throw new Error('no form');
  await submit(form, {
    method: 'konbini',
    konbini_chain: 'familymart',
    konbini_name: '山田 太郎',
    konbini_phone: '09012345678',
  });
  await api('POST', '/v1/test/clock', { advance_seconds: 31 * 60 });
  expect((await race(slug, [202])).size).toBe(0);
  await api('POST', '/v1/test/clock', { advance_seconds: 5 * 24 * 3_600 });
  await stockIs(link, { total: 1, taken: 0, left: 1 });
  expect((await race(slug, [203])).size).toBe(1);
});

async function stockIs({ id }: Json, stock: Json): Promise<void> {
  await eventually(`stock ${JSON.stringify(stock)}`, async () => {
    const { body } = await api('GET', `/v1/payment-links/${id}`);
    return JSON.stringify(body.stock) === JSON.stringify(stock);
  });
}
