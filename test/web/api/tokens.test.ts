import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { idempotencyKeys } from '../../../src/db/schema.ts';
import { Token } from '../../../src/web/api/objects.ts';
import { sessionBody } from '../../support/api.ts';
import { call } from '../../support/call.ts';
import { openWorld, type TestMerchant, type World } from '../../support/world.ts';

let world: World;
let shop: TestMerchant;

beforeAll(async () => {
  world = await openWorld();
  shop = await world.merchant();
});
afterAll(() => world.close());

const CARD = {
  number: '4000 0000 0000 0002',
  exp_month: 12,
  exp_year: 2030,
  csc: '123',
  name: 'HANAKO YAMADA',
};
const create = (card: unknown, key = shop.keys.pk_test) =>
  call(world, 'POST /v1/tokens', { key, body: { card } });

test('a card becomes a token that says nothing secret, for 15 minutes', async () => {
  const { status, body, text } = await create(CARD);
  expect(status).toBe(201);
  expect(Token.parse(body)).toMatchObject({
    object: 'token',
    mode: 'test',
    card: { brand: 'visa', last4: '0002', exp_month: 12, exp_year: 2030 },
  });
  expect(Object.keys(body).sort()).toEqual(Object.keys(Token.shape).sort());
  expect(Date.parse(body.expires_at) - world.clock.now().getTime()).toBe(900_000);
  expect(text).not.toContain('123"');
});

test('any origin may make tokens, and no credentials go with it', async () => {
  const asked = await call(world, 'OPTIONS /v1/tokens', {
    headers: { Origin: 'https://shop.example', 'Access-Control-Request-Method': 'POST' },
  });
  expect(asked.status).toBe(204);
  expect(asked.headers.get('Access-Control-Allow-Methods')).toBe('POST');
  expect(asked.headers.get('Access-Control-Allow-Headers')).toBe('Authorization, Content-Type');
  for (const answer of [asked, await create(CARD), await create({}), await create(CARD, 'pk_test_none')]) {
    expect(answer.headers.get('Access-Control-Allow-Origin')).toBe('*');
    expect(answer.headers.get('Access-Control-Allow-Credentials')).toBeNull();
  }
  const elsewhere = await call(world, 'GET /v1/sessions', { key: shop.keys.sk_test });
  expect(elsewhere.headers.get('Access-Control-Allow-Origin')).toBeNull();
});

test('with origins registered, no other page may use the key', async () => {
  const registered = await world.merchant({ allowedOrigins: ['https://shop.example'] });
  const from = (origin: string | undefined) =>
    call(world, 'POST /v1/tokens', {
      key: registered.keys.pk_test,
      body: { card: CARD },
      headers: origin === undefined ? {} : { Origin: origin },
    });
  // The shop, our own card fields, and a program.
  for (const origin of ['https://shop.example', 'http://localhost:3000', undefined])
    expect((await from(origin)).status).toBe(201);
  for (const origin of ['https://evil.example', 'https://shop.example.evil.example', 'null']) {
    const { status, body, headers } = await from(origin);
    expect([status, body.code]).toEqual([403, 'key_not_allowed']);
    expect(headers.get('Access-Control-Allow-Origin')).toBe('*');
  }
});

describe('what is refused, where and why', () => {
  const refused: [Record<string, unknown>, string, string][] = [
    [{ number: '4242424242424242' }, '#/card/number', 'not_a_test_card'],
    [{ number: '4000000000000003' }, '#/card/number', 'check_digit'],
    [{ number: '' }, '#/card/number', 'required'],
    [{ number: 4000000000000002 }, '#/card/number', 'invalid_type'],
    [{ exp_year: 2025 }, '#/card/exp_month', 'expired'],
    [{ exp_month: 13 }, '#/card/exp_month', 'too_big'],
    [{ csc: '12' }, '#/card/csc', 'wrong_length'],
    [{ name: '' }, '#/card/name', 'required'],
    [{ name: undefined }, '#/card/name', 'required'],
    [{ pin: '1234' }, '#/card/pin', 'unknown_field'],
  ];
  test.each(refused)('%j → %s %s', async (changes, pointer, code) => {
    const { status, body, text } = await create({ ...CARD, ...changes });
    expect([status, body.code]).toEqual([422, 'validation_failed']);
    expect(body.errors).toMatchObject([{ pointer, code }]);
    expect(text).not.toContain('42424242');
    expect(text).not.toContain('0000000002');
  });

  test('all faults are told at once', async () => {
    const { body } = await create({ number: '1', exp_month: 1, exp_year: 2020, csc: 'x', name: '' });
    expect(body.errors).toHaveLength(4);
  });
});

test('the log says nothing of a card', () => {
  expect(world.logged.length).toBeGreaterThan(5);
  // As a word: among the ids of requests any three digits come up.
  expect(world.logged.join('\n')).not.toMatch(/400000|(4242){2}|\b123\b|HANAKO/);
});

test('a key of live mode takes no test card', async () => {
  const { body } = await create(CARD, shop.keys.pk_live);
  expect(body.errors).toMatchObject([{ pointer: '#/card/number', code: 'test_card' }]);
});

describe('paying with a token', () => {
  const pay = (body: unknown, headers = {}) =>
    call(world, 'POST /v1/payments', { key: shop.keys.sk_test, body, headers });

  test('makes a session and sends the shopper to it; nothing is authorised', async () => {
    const token = (await create(CARD)).body.id;
    const body = { token, ...sessionBody() };
    const paid = await pay(body);
    expect([paid.status, paid.body.status]).toEqual([201, 'requires_action']);
    expect(paid.body.redirect_url).toMatch(/^http:\/\/localhost:3000\/p\//);
    expect(paid.body).toMatchObject({ object: 'payment', network: null, amount_captured: 0 });
    const used = await pay({ ...body, ...sessionBody() });
    expect([used.status, used.body.code]).toEqual([409, 'token_used']);
  });

  test('a token that is late, or of nobody', async () => {
    const token = (await create(CARD)).body.id;
    world.clock.advance(900_000);
    expect((await pay({ token, ...sessionBody() })).body.code).toBe('token_expired');
    const elsewhere = await world.merchant();
    const theirs = (await create(CARD, elsewhere.keys.pk_test)).body.id;
    expect((await pay({ token: theirs, ...sessionBody() })).body.code).toBe('not_found');
  });

  test('a test token does not exist in live mode', async () => {
    const token = (await create(CARD)).body.id;
    const key = shop.keys.sk_live;
    const { body } = await call(world, 'POST /v1/payments', { key, body: { token, ...sessionBody() } });
    expect(body.code).toBe('not_found');
  });

  test('of ten uses at once one succeeds', async () => {
    const token = (await create(CARD)).body.id;
    const answers = await Promise.all(Array.from({ length: 10 }, () => pay({ token, ...sessionBody() })));
    const codes = answers.map(({ status, body }) => body.code ?? status).sort();
    expect(codes).toEqual([201, ...Array.from({ length: 9 }, () => 'token_used')]);
  });

  test('an order that is being paid leaves the token unused, and says where', async () => {
    const [first, second] = [(await create(CARD)).body.id, (await create(CARD)).body.id];
    const order = sessionBody();
    const paying = await pay({ token: first, ...order });
    const refused = await pay({ token: second, ...order });
    expect([refused.status, refused.body.code]).toEqual([409, 'order_in_progress']);
    expect(refused.body.session_id).toBe(paying.body.session_id);
    expect((await pay({ token: second, ...sessionBody() })).status).toBe(201);
  });

  test('an idle session of the order is replaced', async () => {
    const order = sessionBody();
    const idle = await call(world, 'POST /v1/sessions', { key: shop.keys.sk_test, body: order });
    const paid = await pay({ token: (await create(CARD)).body.id, ...order });
    const { body } = await call(world, `GET /v1/sessions/${idle.body.id}`, { key: shop.keys.sk_test });
    expect([body.ended_reason, body.replaced_by]).toEqual(['replaced', paid.body.session_id]);
  });

  test('a request that never got its answer is resumed: the same payment, though its token is used', async () => {
    const body = { token: (await create(CARD)).body.id, ...sessionBody() };
    const headers = { 'Idempotency-Key': 'resumed-token' };
    const first = await pay(body, headers);
    await world.deps.db
      .update(idempotencyKeys)
      .set({ responseStatus: null, responseBody: null, runningUntil: world.clock.now() });
    const again = await pay(body, headers);
    expect(again.headers.get('Idempotent-Replayed')).toBeNull();
    expect([again.status, again.text]).toEqual([201, first.text]);
  });

  test('what a session takes, a payment takes', async () => {
    const fields = {
      description: 'Two bowls',
      line_items: [{ name: 'Bowl', quantity: 2, unit_amount: 6_400, tax_rate: 10 }],
      capture: 'manual',
      cancel_url: 'http://127.0.0.1:9/cart',
      return_method: 'get',
      locale: 'en',
      expires_in: 3600,
      max_attempts: 2,
      metadata: { cart: 'c-1' },
    };
    const paid = await pay({ token: (await create(CARD)).body.id, ...sessionBody(fields) });
    expect(paid.body).toMatchObject({ capture: 'manual', metadata: { cart: 'c-1' } });
    const path = `GET /v1/sessions/${paid.body.session_id}`;
    const { body } = await call(world, path, { key: shop.keys.sk_test });
    const { description, locale, metadata } = fields;
    expect(body).toMatchObject({ status: 'open', description, locale, metadata, payment_status: 'unpaid' });
    expect(body.attempts).toMatchObject([{ status: 'in_progress', card: { brand: 'visa', last4: '0002' } }]);
    expect(Date.parse(body.expires_at) - Date.parse(body.created_at)).toBe(3_600_000);
  });

  test('the token is a field like any other', async () => {
    const { body } = await pay({ token: 'x', ...sessionBody({ amount: 0 }) });
    expect(body.errors).toHaveLength(2);
  });
});
