import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { idempotencyKeys, sessions } from '../../../src/db/schema.ts';
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

const post = (key: string, options: { body?: unknown; raw?: string; headers?: Record<string, string> }) =>
  call(world, 'POST /v1/sessions', {
    key: shop.keys.sk_test,
    ...options,
    headers: { 'Idempotency-Key': key, ...options.headers },
  });

test('a repeated request gets the same bytes again and makes nothing', async () => {
  const body = sessionBody();
  const first = await post('same', { body });
  world.clock.advance(60_000);
  for (const key of ['same', '"same"']) {
    const again = await post(key, { body });
    expect([again.status, again.text]).toEqual([201, first.text]);
    expect(again.headers.get('Idempotent-Replayed')).toBe('true');
    expect(again.headers.get('Content-Type')).toBe(first.headers.get('Content-Type'));
    expect(again.headers.get('Request-Id')).not.toBe(first.headers.get('Request-Id'));
  }
  expect(first.headers.get('Idempotent-Replayed')).toBeNull();
  const rows = await world.deps.db.select().from(sessions);
  expect(rows.filter(({ orderId }) => orderId === body.order_id)).toHaveLength(1);
});

test('a key with another body is refused', async () => {
  await post('reused', { body: sessionBody() });
  const other = await post('reused', { body: sessionBody() });
  expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
});

describe('answers that are kept', () => {
  const kept: [string, string, number][] = [
    ['malformed', '{', 400],
    ['invalid', '{"amount":0}', 422],
  ];
  test.each(kept)('%s', async (key, raw, status) => {
    const first = await post(key, { raw });
    const again = await post(key, { raw });
    expect([first.status, again.status, again.text]).toEqual([status, status, first.text]);
    expect(again.headers.get('Idempotent-Replayed')).toBe('true');
    expect(again.headers.get('Content-Type')).toBe('application/problem+json');
    expect((await post(key, { body: sessionBody() })).body.code).toBe('idempotency_key_reused');
  });

  test('errors of ours, which say nothing but the request id', async () => {
    const body = sessionBody();
    world.logged.length = 0;
    const key = shop.keys.sk_test;
    const failing = await breakingSessions(() =>
      call(world, 'POST /v1/sessions', { key, body, headers: KEY }),
    );
    expect([failing.status, failing.body.code]).toEqual([500, 'internal']);
    expect(failing.body).toMatchObject({ retryable: true, charge_may_exist: true });
    expect(failing.body.detail).toContain(failing.body.request_id);
    expect(world.logged.join()).not.toContain(String(body.order_id));
    const again = await call(world, 'POST /v1/sessions', { key, body, headers: KEY });
    expect([again.status, again.text]).toEqual([500, failing.text]);
  });
});

const KEY = { 'Idempotency-Key': 'ours' };

/** Takes the table away under a request's feet. */
async function breakingSessions<T>(work: () => Promise<T>): Promise<T> {
  await world.deps.raw`alter table sessions rename to sessions_gone`;
  try {
    return await work();
  } finally {
    await world.deps.raw`alter table sessions_gone rename to sessions`;
  }
}

describe('answers that are not kept', () => {
  const passing: [string, { raw: string; headers?: Record<string, string> }, number][] = [
    ['unauthorized', { raw: '{}', headers: { Authorization: 'Bearer sk_test_none' } }, 401],
    ['too large', { raw: `"${'x'.repeat(70_000)}"` }, 413],
    ['media type', { raw: '{}', headers: { 'Content-Type': 'text/plain' } }, 415],
  ];
  test.each(passing)('%s', async (name, options, status) => {
    expect((await post(name, options)).status).toBe(status);
    expect((await post(name, { body: sessionBody() })).status).toBe(201);
  });
});

test('a request that never got its answer is resumed with the same work', async () => {
  const body = sessionBody();
  const first = await post('crashed', { body });
  await world.deps.db
    .update(idempotencyKeys)
    .set({ responseStatus: null, responseBody: null, runningUntil: world.clock.now() });
  const again = await post('crashed', { body });
  expect(again.headers.get('Idempotent-Replayed')).toBeNull();
  expect([again.status, again.body.id]).toEqual([201, first.body.id]);
});

test('of twenty at once one does the work, the others are told so or get its answer', async () => {
  const body = sessionBody();
  const answers = await Promise.all(Array.from({ length: 20 }, () => post('race', { body })));
  const created = answers.filter(({ status }) => status === 201);
  expect(new Set(created.map(({ text }) => text)).size).toBe(1);
  const told = answers.filter(({ body: { code } }) => code === 'idempotency_in_progress');
  expect(created.length + told.length).toBe(20);
});

test('a key that is not usable is told so', async () => {
  for (const key of ['x'.repeat(256), '""']) {
    const answer = await post(key, { body: sessionBody() });
    expect(answer.body.errors).toMatchObject([{ pointer: '#/Idempotency-Key', code: 'invalid_format' }]);
  }
});
