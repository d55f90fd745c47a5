import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Session } from '../../../src/web/api/objects.ts';
import { newOrderId, sessionBody } from '../../support/api.ts';
import { call } from '../../support/call.ts';
import { openWorld, type TestMerchant, type World } from '../../support/world.ts';

let world: World;
let shop: TestMerchant;

beforeAll(async () => {
  world = await openWorld();
  shop = await world.merchant();
});
afterAll(() => world.close());

const create = (body: unknown, merchant = shop) =>
  call(world, 'POST /v1/sessions', { key: merchant.keys.sk_test, body });

test('a session has the shape that is documented, and its defaults', async () => {
  const { status, body } = await create(sessionBody({ order_id: 'shape-1' }));
  expect(status).toBe(201);
  expect(Session.parse(body)).toMatchObject({
    object: 'session',
    mode: 'test',
    status: 'open',
    ended_reason: null,
    replaced_by: null,
    payment_status: 'unpaid',
    order_id: 'shape-1',
    amount: 12800,
    currency: 'JPY',
    description: null,
    methods: ['card'],
    capture: 'automatic',
    locale: 'auto',
    payment: null,
    attempts: [],
    metadata: {},
  });
  expect(Object.keys(body).sort()).toEqual(Object.keys(Session.shape).sort());
  expect(body.url).toMatch(/^http:\/\/localhost:3000\/p\/[0-9a-z]{32}$/);
  expect(Date.parse(body.expires_at) - Date.parse(body.created_at)).toBe(1_800_000);
});

test('a session can be read, found by its order, canceled, and canceled again', async () => {
  const key = shop.keys.sk_test;
  const { body } = await create(sessionBody());
  expect((await call(world, `GET /v1/sessions/${body.id}`, { key })).body).toEqual(body);
  const found = await call(world, `GET /v1/sessions?order_id=${body.order_id}`, { key });
  expect(found.body).toEqual({ object: 'list', data: [body], next_cursor: null });
  for (let time = 0; time < 2; time += 1) {
    const canceled = await call(world, `POST /v1/sessions/${body.id}/cancel`, { key });
    expect([canceled.status, canceled.body.status]).toEqual([200, 'canceled']);
    expect(canceled.body.ended_reason).toBe('merchant_canceled');
  }
  const expired = await call(world, `POST /v1/sessions/${body.id}/expire`, { key });
  expect([expired.status, expired.body.code]).toEqual([409, 'session_ended']);
});

test('a new session replaces the idle one of its order', async () => {
  const body = sessionBody();
  const [first, second] = [await create(body), await create(body)];
  const replaced = await call(world, `GET /v1/sessions/${first.body.id}`, { key: shop.keys.sk_test });
  expect(replaced.body).toMatchObject({
    status: 'expired',
    ended_reason: 'replaced',
    replaced_by: second.body.id,
  });
});

test('a list is walked from the newest to the oldest, every item once', async () => {
  const merchant = await world.merchant();
  const key = merchant.keys.sk_test;
  const made: string[] = [];
  for (let index = 0; index < 5; index += 1) {
    world.clock.advance(1);
    made.unshift((await create(sessionBody(), merchant)).body.id);
  }
  const seen: string[] = [];
  let cursor = '';
  for (let page = 0; page < 5; page += 1) {
    const { body } = await call(world, `GET /v1/sessions?limit=2${cursor}`, { key });
    seen.push(...body.data.map(({ id }: { id: string }) => id));
    if (body.next_cursor === null) break;
    cursor = `&cursor=${body.next_cursor}`;
  }
  expect(seen).toEqual(made);
});

describe('a query that is not right is told why', () => {
  const queries: [string, string, string][] = [
    ['limit=0', '#/limit', 'invalid_format'],
    ['limit=101', '#/limit', 'invalid_format'],
    ['limit=1&limit=2', '#/limit', 'duplicate_field'],
    ['cursor=%00', '#/cursor', 'invalid_format'],
    ['order_id=a%00b', '#/order_id', 'invalid_format'],
    ['page=2', '#/page', 'unknown_field'],
  ];
  test.each(queries)('%s', async (query, pointer, code) => {
    const { status, body } = await call(world, `GET /v1/sessions?${query}`, { key: shop.keys.sk_test });
    expect(status).toBe(422);
    expect(body.errors).toContainEqual(expect.objectContaining({ pointer, code }));
  });
  const times: [string, number][] = [
    ['created_from=2026-07-01T00:00:00Z', 200],
    ['created_from=2026-07-01T09:00:00%2B09:00&created_to=2026-08-01T00:00:00Z', 200],
    ['created_from=2026-07-01', 422],
    ['created_from=2026-02-30T00:00:00Z', 422],
    ['created_to=yesterday', 422],
    ['status=paid', 422],
    ['status=captured&method=card', 200],
  ];
  test.each(times)('payments: %s → %i', async (query, status) => {
    expect((await call(world, `GET /v1/payments?${query}`, { key: shop.keys.sk_test })).status).toBe(status);
  });
});

const long = (length: number) => 'あ'.repeat(length);
const url = (rest: string) => `https://shop.example/return${rest}`;
const item = (changes = {}) => ({ name: '器', quantity: 2, unit_amount: 6400, ...changes });

describe('what is accepted', () => {
  const accepted: [string, Record<string, unknown>][] = [
    ['the smallest amount', { amount: 1 }],
    ['the largest amount', { amount: 99_999_999 }],
    ['items that sum to the amount', { line_items: [item({ tax_rate: 8 })] }],
    [
      'a discount among the items',
      { line_items: [item({ quantity: 3 }), item({ quantity: 1, unit_amount: -6400 })] },
    ],
    ['200 characters, counted as people count', { description: '🍣'.repeat(200) }],
    ['line breaks in a description', { description: '一行目\n二行目' }],
    ['a fragment and a query', { return_url: url('?a=1#done') }],
    [
      'http on loopback outside production',
      { return_url: 'http://localhost:8080/x', cancel_url: 'http://[::1]/' },
    ],
    ['a host in Japanese', { return_url: 'https://お店.example/完了' }],
    ['manual capture', { capture: 'manual' }],
    ['the longest life', { expires_in: 7_776_000 }],
    ['metadata up to its limit', { metadata: { a: 'x'.repeat(500), b: 'y'.repeat(500) } }],
    ['a customer with everything', { customer: customer() }],
    ['null where nothing is', { description: null, cancel_url: null, line_items: null }],
    ['options of a card', { card: { installments: [3, 6], revolving: true, bonus: false, save: 'off' } }],
    ['a card to keep', { card: { save: 'ask' }, customer: { reference: 'member-77' } }],
  ];
  test.each(accepted)('%s', async (_, changes) => {
    const { status, body } = await create(sessionBody(changes));
    expect([status, body.errors]).toEqual([201, undefined]);
  });
});

function customer() {
  const address = { line1: '1-2-3', city: '千代田区', state: '13', postal_code: '100-0001', country: 'JP' };
  return {
    reference: 'c-1',
    name: '山田 花子',
    name_kana: 'ヤマダ ハナコ',
    email: 'hanako@example.com',
    phone: '+81 90-1234-5678',
    billing_address: address,
    shipping_address: address,
  };
}

describe('what is refused, where and why', () => {
  const refused: [Record<string, unknown>, string, string][] = [
    [{ order_id: undefined }, '#/order_id', 'required'],
    [{ order_id: '' }, '#/order_id', 'invalid_format'],
    [{ order_id: 'a b' }, '#/order_id', 'invalid_format'],
    [{ order_id: 'a\u0000' }, '#/order_id', 'invalid_format'],
    [{ order_id: 'a\n' }, '#/order_id', 'invalid_format'],
    [{ order_id: 'x'.repeat(101) }, '#/order_id', 'invalid_format'],
    [{ order_id: 7 }, '#/order_id', 'invalid_type'],
    [{ amount: undefined }, '#/amount', 'required'],
    [{ amount: 0 }, '#/amount', 'too_small'],
    [{ amount: -1 }, '#/amount', 'too_small'],
    [{ amount: 1.5 }, '#/amount', 'invalid_type'],
    [{ amount: '12800' }, '#/amount', 'invalid_type'],
    [{ amount: null }, '#/amount', 'invalid_type'],
    [{ amount: 100_000_000 }, '#/amount', 'too_big'],
    [{ amount: 1e300 }, '#/amount', 'too_big'],
    [{ currency: 'USD' }, '#/currency', 'invalid_value'],
    [{ description: long(201) }, '#/description', 'too_big'],
    [{ description: 'a\u0000b' }, '#/description', 'invalid_characters'],
    [{ description: 'a\ud800b' }, '#/description', 'invalid_characters'],
    [{ line_items: [] }, '#/line_items', 'too_small'],
    [{ line_items: [item({ unit_amount: 1 })] }, '#/line_items', 'sum_mismatch'],
    [{ line_items: [item({ quantity: 1000 })] }, '#/line_items/0/quantity', 'too_big'],
    [{ line_items: [item({ tax_rate: 5 })] }, '#/line_items/0/tax_rate', 'invalid_value'],
    [{ line_items: [item({ name: long(101) })] }, '#/line_items/0/name', 'too_big'],
    [{ line_items: [item({ price: 1 })] }, '#/line_items/0/price', 'unknown_field'],
    [{ methods: [] }, '#/methods', 'too_small'],
    [{ methods: ['cash'] }, '#/methods/0', 'invalid_value'],
    [{ methods: ['card', 'konbini'] }, '#/methods/1', 'method_not_enabled'],
    [{ return_url: undefined }, '#/return_url', 'required'],
    [{ return_url: '/relative' }, '#/return_url', 'invalid_format'],
    [{ return_url: 'http://shop.example/' }, '#/return_url', 'invalid_format'],
    [{ return_url: 'http://localhost.evil.example/' }, '#/return_url', 'invalid_format'],
    [{ return_url: 'javascript:alert(1)' }, '#/return_url', 'invalid_format'],
    [{ return_url: 'https://user:pass@shop.example/' }, '#/return_url', 'invalid_format'],
    [{ return_url: 'https://shop.example/\r\nX: y' }, '#/return_url', 'invalid_characters'],
    [{ return_url: url(`?${'x'.repeat(1024)}`) }, '#/return_url', 'too_big'],
    [{ return_url: url('?id=1') }, '#/return_url', 'reserved_parameter'],
    [{ return_url: url('?a=1&%70ayload=x') }, '#/return_url', 'reserved_parameter'],
    [{ cancel_url: url('?signature') }, '#/cancel_url', 'reserved_parameter'],
    [{ return_method: 'put' }, '#/return_method', 'invalid_value'],
    [{ customer: { email: 'nobody' } }, '#/customer/email', 'invalid_format'],
    [{ customer: { phone: '電話' } }, '#/customer/phone', 'invalid_format'],
    [{ customer: { name: 'a\u0007' } }, '#/customer/name', 'invalid_characters'],
    [
      { customer: { billing_address: { country: 'Japan' } } },
      '#/customer/billing_address/country',
      'invalid_format',
    ],
    [{ customer: { nickname: 'x' } }, '#/customer/nickname', 'unknown_field'],
    [{ locale: 'fr' }, '#/locale', 'invalid_value'],
    [{ expires_in: 59 }, '#/expires_in', 'too_small'],
    [{ expires_in: 7_776_001 }, '#/expires_in', 'too_big'],
    [{ number_expires_days: 61 }, '#/number_expires_days', 'too_big'],
    [{ max_attempts: 0 }, '#/max_attempts', 'too_small'],
    [{ max_attempts: 11 }, '#/max_attempts', 'too_big'],
    [{ card: { save: 'always' } }, '#/card/save', 'invalid_value'],
    [{ card: { save: 'ask', mandate: { description: 'x' } } }, '#/customer/reference', 'required'],
    [
      { card: { mandate: { description: 'x' } }, customer: { reference: 'm' } },
      '#/card/mandate',
      'not_supported',
    ],
    [
      { card: { save: 'ask', mandate: {} }, customer: { reference: 'm' } },
      '#/card/mandate/description',
      'required',
    ],
    [{ metadata: { a: 1 } }, '#/metadata/a', 'invalid_type'],
    [{ metadata: { ['x'.repeat(41)]: '' } }, `#/metadata/${'x'.repeat(41)}`, 'invalid_key'],
    [{ metadata: { 'a\u0000/~': '' } }, '#/metadata/a%00~1~0', 'invalid_key'],
    [{ metadata: { a: 'x'.repeat(501) } }, '#/metadata/a', 'too_big'],
    [{ metadata: { a: long(200) } }, '#/metadata', 'too_big'],
    [
      { metadata: Object.fromEntries(Array.from({ length: 21 }, (_, i) => [i, ''])) },
      '#/metadata',
      'too_big',
    ],
    [{ 'a/b~c d': 1 }, '#/a~1b~0c%20d', 'unknown_field'],
  ];
  test.each(refused)('%j → %s %s', async (changes, pointer, code) => {
    const { status, body } = await create(sessionBody(changes));
    expect([status, body.code]).toEqual([422, 'validation_failed']);
    expect(body.errors).toContainEqual(expect.objectContaining({ pointer, code }));
    expect(body.errors).toHaveLength(1);
  });

  test("all faults are told at once, those of the merchant's settings too", async () => {
    const wrong = {
      order_id: '',
      amount: 0,
      return_url: 'ftp://x',
      methods: ['paypay'],
      extra: 1,
      line_items: [item()],
    };
    const { body } = await create(wrong);
    const pointers = body.errors.map(({ pointer }: { pointer: string }) => pointer);
    expect(pointers.sort()).toEqual(['#/amount', '#/extra', '#/methods/0', '#/order_id', '#/return_url']);
  });

  test('an origin that is not registered, once one is', async () => {
    const merchant = await world.merchant({ allowedOrigins: ['https://shop.example'] });
    expect((await create(sessionBody({ return_url: url('') }), merchant)).status).toBe(201);
    for (const name of ['return_url', 'cancel_url']) {
      const changes = { return_url: url(''), [name]: 'https://shop.example.evil.example/' };
      const { body } = await create(sessionBody(changes), merchant);
      expect(body.errors).toMatchObject([{ pointer: `#/${name}`, code: 'origin_not_allowed' }]);
    }
  });

  test('manual capture where nothing can hold money', async () => {
    const merchant = await world.merchant({ methods: ['konbini'] });
    const { body } = await create(sessionBody({ capture: 'manual' }), merchant);
    expect(body.errors).toMatchObject([{ pointer: '#/capture', code: 'not_supported' }]);
  });
});

describe('bodies that are no JSON object', () => {
  const raw: [string, string | Uint8Array<ArrayBuffer>, number, string][] = [
    ['nothing', '', 422, 'validation_failed'],
    ['half of one', '{"amount":', 400, 'malformed_json'],
    ['a word', 'undefined', 400, 'malformed_json'],
    ['not UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 400, 'malformed_json'],
    ['a list', '[]', 422, 'validation_failed'],
    ['null', 'null', 422, 'validation_failed'],
    ['a number', '1', 422, 'validation_failed'],
    ['a number beyond all', '{"amount":1e999}', 422, 'validation_failed'],
    ['a name twice', '{"amount":1,"amount":2}', 422, 'validation_failed'],
    ['a prototype', '{"__proto__":{"amount":1}}', 422, 'validation_failed'],
    ['deep nesting', '['.repeat(20_000) + ']'.repeat(20_000), 422, 'validation_failed'],
    ['more than 64 KB', `{"description":"${'x'.repeat(65_536)}"}`, 413, 'too_large'],
  ];
  test.each(raw)('%s', async (_, body, status, code) => {
    const answer = await call(world, 'POST /v1/sessions', { key: shop.keys.sk_test, raw: body });
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  test('another media type', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', '']) {
      const headers = { 'Content-Type': type };
      const answer = await call(world, 'POST /v1/sessions', { key: shop.keys.sk_test, raw: '{}', headers });
      expect([answer.status, answer.body.code]).toEqual([415, 'unsupported_media_type']);
    }
  });

  test('a great many faults are cut to a hundred', async () => {
    const body = Object.fromEntries(Array.from({ length: 3000 }, (_, index) => [`f${index}`, 1]));
    expect((await create(body)).body.errors).toHaveLength(100);
  });
});

test('an order id of another merchant is free', async () => {
  const body = sessionBody({ order_id: newOrderId() });
  const merchant = await world.merchant();
  await create(body);
  expect((await create(body, merchant)).status).toBe(201);
});
