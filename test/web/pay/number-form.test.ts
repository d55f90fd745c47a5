import { afterAll, beforeAll, expect, test } from 'vitest';
import { payRoutes } from '../../../src/web/pay/routes.ts';
import { newOrderId, sessionBody } from '../../support/api.ts';
import { call } from '../../support/call.ts';
import { openWorld, type TestMerchant, type World } from '../../support/world.ts';

let world: World;
let merchant: TestMerchant;
beforeAll(async () => {
  world = await openWorld();
  world.app.route('/', payRoutes(world.deps));
  merchant = await world.merchant({ methods: ['card', 'konbini', 'payeasy', 'netbank'] });
});
afterAll(() => world?.close());

function post(path: string, fields: Record<string, string>, headers: Record<string, string> = {}) {
  const type = { 'Content-Type': 'application/x-www-form-urlencoded', ...headers };
  return call(world, `POST ${path}`, { raw: new URLSearchParams(fields).toString(), headers: type });
}

async function newPage(changes: Record<string, unknown> = {}): Promise<{ id: string; path: string }> {
  const body = sessionBody({ order_id: newOrderId(), ...changes });
  const answer = await call(world, 'POST /v1/sessions', { key: merchant.keys.sk_test, body });
  expect(answer.status).toBe(201);
  return { id: String(answer.body.id), path: new URL(answer.body.url).pathname };
}

const faultsOf = (html: string) =>
  [...html.matchAll(/id="(\w+)-error" data-code="(\w+)"/g)].map(([, field, code]) => `${field}: ${code}`);

test.each<{ fields: Record<string, string>; faults: string[] }>([
  { fields: { method: 'konbini' }, faults: ['konbini_chain: missing', 'konbini_name: missing'] },
  {
    fields: { method: 'konbini', konbini_chain: 'lawson', konbini_name: '山田' },
    faults: ['konbini_phone: missing'],
  },
  {
    fields: { method: 'konbini', konbini_chain: 'ministop', konbini_name: '山田', konbini_phone: '12345' },
    faults: ['konbini_phone: invalid'],
  },
  {
    fields: {
      method: 'payeasy',
      payeasy_name: '山田',
      payeasy_kana: '山田',
      payeasy_phone: '０３-1234-5678',
    },
    faults: ['payeasy_kana: invalid'],
  },
  {
    fields: { method: 'netbank', netbank_name: '山田', netbank_kana: 'Yamada', netbank_email: 'taro@' },
    faults: ['netbank_bank: missing', 'netbank_email: invalid'],
  },
])('a wrong form starts nothing and says what is wrong: $faults', async ({ fields, faults }) => {
  const { id, path } = await newPage({ customer: {} });
  const answer = await post(`${path}/pay`, fields);
  expect(answer.status).toBe(422);
  expect(faultsOf(answer.text)).toEqual(faults);
  expect(answer.text.match(/ autofocus/g)).toHaveLength(1);
  expect(answer.text).toMatch(new RegExp(`name="method" value="${fields.method}" checked`));
  const { body } = await call(world, `GET /v1/sessions/${id}`, { key: merchant.keys.sk_test });
  expect(body.attempts).toEqual([]);
});

test('a name is shown as it will be printed, to our own page alone', async () => {
  const { path } = await newPage();
  const answer = await post(`${path}/printed`, { name: '髙橋 𠮷子', kana: 'Takahasi' });
  expect([answer.status, answer.headers.get('Cache-Control')]).toEqual([200, 'no-store']);
  expect(JSON.parse(answer.text)).toEqual({ name: '高橋\u3000吉子', kana: 'タカハシ' });
  const crossing = await post(`${path}/printed`, { name: '山田' }, { 'Sec-Fetch-Site': 'cross-site' });
  expect(crossing.status).toBe(403);
});

test('what the merchant knows of the customer stands there, and how it will be printed', async () => {
  const { path } = await newPage({ customer: { name: '濵田 德夫', phone: '+81312345678' } });
  const { text } = await call(world, `GET ${path}`);
  expect(text).toContain('value="濵田 德夫"');
  expect(text).toContain('<b lang="ja">浜田\u3000徳夫</b>');
  expect(text).toContain('value="0312345678"');
});
