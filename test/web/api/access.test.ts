import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { payments, savedCards } from '../../../src/db/schema.ts';
import { newId } from '../../../src/lib/ids.ts';
import { API_ROUTES } from '../../../src/web/api/routes.ts';
import { newOrderId, sessionBody } from '../../support/api.ts';
import { call } from '../../support/call.ts';
import { openWorld, type TestMerchant, type World } from '../../support/world.ts';

/** One table for every route there is: who is let in, and whose objects exist for whom. */
let world: World;
let shop: TestMerchant;
let other: TestMerchant;
let ids: Record<string, string>;

beforeAll(async () => {
  world = await openWorld();
  [shop, other] = [await world.merchant(), await world.merchant()];
  ids = await objectsOf(shop);
});
afterAll(() => world.close());

async function objectsOf(merchant: TestMerchant): Promise<Record<string, string>> {
  const key = merchant.keys.sk_test;
  const session = await call(world, 'POST /v1/sessions', { key, body: sessionBody() });
  const endpoint = await call(world, 'POST /v1/webhook-endpoints', {
    key,
    body: { url: 'https://shop.example/notifications' },
  });
  const ended = await call(world, 'POST /v1/sessions', { key, body: sessionBody() });
  await call(world, `POST /v1/sessions/${ended.body.id}/cancel`, { key });
  const events = await call(world, 'GET /v1/events', { key });
  const request = await call(world, 'POST /v1/payment-requests', {
    key,
    body: { order_id: newOrderId(), amount: 100 },
  });
  const paymentId = newId('pay', world.clock.now());
  await world.deps.db.insert(payments).values({
    merchantId: merchant.merchantId,
    id: paymentId,
    mode: 'test',
    sessionId: session.body.id,
    orderId: session.body.order_id,
    status: 'captured',
    method: 'card',
    amount: 100,
    amountCaptured: 100,
    currency: 'JPY',
    capture: 'automatic',
    createdAt: world.clock.now(),
  });
  const savedCardId = newId('sc', world.clock.now());
  await world.deps.db.insert(savedCards).values({
    merchantId: merchant.merchantId,
    id: savedCardId,
    mode: 'test',
    customerReference: 'member-77',
    cardId: 'card_0',
    fingerprint: Buffer.alloc(32),
    brand: 'visa',
    last4: '0002',
    expMonth: 12,
    expYear: 2030,
    cardholderName: 'TARO YAMADA',
    consents: [],
    paymentId,
    firstRrn: '618210000123',
    createdAt: world.clock.now(),
    expiresAt: new Date('2030-12-31T15:00:00Z'),
  });
  return {
    sessions: session.body.id,
    payments: paymentId,
    'saved-cards': savedCardId,
    'webhook-endpoints': endpoint.body.id,
    events: events.body.data[0].id,
    'payment-requests': request.body.id,
  };
}

function pathOf(path: string): string {
  const room = path.replace('/v1/test/', '/v1/').split('/')[2] ?? '';
  return path.replace('{id}', ids[room] ?? 'none_0');
}

const routes = API_ROUTES.map((route) => ({ ...route, name: `${route.method.toUpperCase()} ${route.path}` }));
const withId = routes.filter(({ path }) => path.includes('{id}'));

describe.each(routes)('$name', ({ method, path, key: kind, testOnly }) => {
  const ask = (key: string | undefined, headers = {}) =>
    call(world, `${method.toUpperCase()} ${pathOf(path)}`, {
      ...(key === undefined ? {} : { key }),
      ...(method === 'post' ? { body: { nonsense: true } } : {}),
      headers,
    });

  test('lets nobody in without a key', async () => {
    for (const headers of [{}, { Authorization: 'Basic YTpi' }, { Authorization: 'Bearer' }]) {
      const answer = await ask(undefined, headers);
      expect(answer.status).toBe(401);
      expect(answer.body.code).toBe('unauthorized');
      expect(answer.headers.get('WWW-Authenticate')).toMatch(/^Bearer/);
    }
  });

  test('lets nobody in with a key that does not exist', async () => {
    const forged = shop.keys.sk_test.replace(/.{8}$/, '00000000');
    for (const key of [forged, 'sk_test_x', 'undefined'])
      expect((await ask(key)).body.code).toBe('unauthorized');
  });

  test('refuses a key of the other kind', async () => {
    const wrong = kind === 'secret' ? ['pk_test', 'pk_live'] : ['sk_test', 'sk_live'];
    for (const name of wrong) {
      const answer = await ask(Reflect.get(shop.keys, name));
      expect([answer.status, answer.body.code]).toEqual([403, 'key_not_allowed']);
    }
  });

  test('refuses live keys where only test mode has a meaning', async () => {
    if (testOnly !== true) return;
    expect((await ask(shop.keys.sk_live)).body.code).toBe('key_not_allowed');
  });

  test('refuses unknown fields, in body or query', async () => {
    const answer =
      method === 'post'
        ? await ask(kind === 'secret' ? shop.keys.sk_test : shop.keys.pk_test)
        : await call(world, `${method.toUpperCase()} ${pathOf(path)}?nonsense=1`, { key: shop.keys.sk_test });
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toContainEqual(
      expect.objectContaining({ pointer: '#/nonsense', code: 'unknown_field' }),
    );
  });

  test('other methods are told which are taken', async () => {
    const answer = await call(world, `PATCH ${pathOf(path)}`, { key: shop.keys.sk_test });
    expect([answer.status, answer.body.code]).toEqual([405, 'method_not_allowed']);
    expect(answer.headers.get('Allow')).toContain(method.toUpperCase());
  });
});

describe.each(withId)('$name', ({ method, path, testOnly }) => {
  // What a body must hold is asked first.
  const body = path.endsWith('/resolve') ? { body: { resolution: 'kept' } } : {};
  const ask = (key: string, at = pathOf(path)) =>
    call(world, `${method.toUpperCase()} ${at}`, { key, ...body });

  test("another merchant's object does not exist", async () => {
    expect((await ask(other.keys.sk_test)).body.code).toBe('not_found');
  });

  test('an object of the other mode does not exist', async () => {
    const code = testOnly === true ? 'key_not_allowed' : 'not_found';
    expect((await ask(shop.keys.sk_live)).body.code).toBe(code);
  });

  test('what is no id does not exist', async () => {
    for (const id of ['x', 'cs_', '%00', 'cs_%00', '%E0%A4%A', 'a'.repeat(3000), "cs_' or 1=1--"]) {
      const answer = await ask(shop.keys.sk_test, path.replace('{id}', encodeURI(id)));
      expect([id, answer.status]).toEqual([id, 404]);
    }
  });
});

test('what does not exist is not found, with or without a key', async () => {
  for (const path of ['/v1', '/v1/', '/v1/nothing', '/v1/sessions/']) {
    for (const method of ['GET', 'POST']) {
      const answer = await call(world, `${method} ${path}`, { key: shop.keys.sk_test });
      expect([path, answer.body.code]).toEqual([path, 'not_found']);
    }
  }
});

test('every answer has a Request-Id, and a problem repeats it', async () => {
  const good = await call(world, 'GET /v1/sessions', { key: shop.keys.sk_test });
  const bad = await call(world, 'GET /v1/sessions');
  expect(good.headers.get('Request-Id')).toMatch(/^req_/);
  expect(bad.headers.get('Request-Id')).toBe(bad.body.request_id);
  expect(bad.headers.get('Content-Type')).toBe('application/problem+json');
  expect(bad.body).toMatchObject({
    type: 'http://localhost:3000/docs#unauthorized',
    title: 'No valid API key',
    status: 401,
    retryable: false,
    charge_may_exist: false,
  });
});

test('the log has one line a request, with the pattern of its path', async () => {
  const { logged } = world;
  logged.length = 0;
  await call(world, `GET /v1/sessions/${ids.sessions}`, { key: shop.keys.sk_test });
  expect(logged).toHaveLength(1);
  expect(JSON.parse(logged[0] ?? '{}')).toMatchObject({
    route: '/v1/sessions/:id',
    status: 200,
    method: 'GET',
  });
});
