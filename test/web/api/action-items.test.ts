import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ActionKind, actionItems } from '../../../src/db/schema.ts';
import { newId } from '../../../src/lib/ids.ts';
import { ActionItem, ActionItemList } from '../../../src/web/api/objects.ts';
import { paidOrder } from '../../receipts/paid-orders.ts';
import type { Json } from '../../support/api.ts';
import { call } from '../../support/call.ts';
import { openWorld, type TestMerchant, type World } from '../../support/world.ts';

/** How items come to be is in test/faults/numbers.test.ts. */
let world: World;
let shop: TestMerchant;

beforeAll(async () => {
  world = await openWorld();
  shop = await world.merchant();
});
afterAll(() => world.close());

const ask = (what: string, body?: unknown, key = shop.keys.sk_test, headers = {}) =>
  call(world, what, { key, headers, ...(body === undefined ? {} : { body }) });
const resolve = (id: string, body: unknown, key?: string, headers?: Record<string, string>) =>
  ask(`POST /v1/action-items/${id}/resolve`, body, key, headers);

test('an item tells what came, for which order', async () => {
  const { item, orderId, paymentId, sessionId } = await putItem('late_payment');
  const { status, body } = await ask(`GET /v1/action-items/${item}`);
  expect(status).toBe(200);
  expect(ActionItem.parse(body)).toEqual({
    id: item,
    object: 'action_item',
    mode: 'test',
    kind: 'late_payment',
    session_id: sessionId,
    payment_id: paymentId,
    order_id: orderId,
    amount: 12_800,
    resolution: null,
    note: null,
    created_at: world.clock.now().toISOString(),
    resolved_at: null,
  });
});

test('the list is newest first, page by page, and by what is open', async () => {
  const merchant = await world.merchant();
  const key = merchant.keys.sk_test;
  const ids: string[] = [];
  for (const kind of ['late_payment', 'duplicate_payment', 'amount_differs'] as const) {
    ids.unshift((await putItem(kind, merchant)).item);
    world.clock.advance(1_000);
  }
  const listed = async (query: string): Promise<Json> => {
    const { status, body } = await ask(`GET /v1/action-items?${query}`, undefined, key);
    expect(status).toBe(200);
    return { ids: ActionItemList.parse(body).data.map(({ id }) => id), next: body.next_cursor };
  };
  const first = await listed('limit=2');
  expect(first.ids).toEqual(ids.slice(0, 2));
  expect(await listed(`limit=2&cursor=${first.next}`)).toEqual({ ids: ids.slice(2), next: null });
  expect((await resolve(ids[1] ?? '', { resolution: 'kept' }, key)).status).toBe(200);
  expect((await listed('open=true')).ids).toEqual([ids[0], ids[2]]);
  expect((await listed('open=false')).ids).toEqual([ids[1]]);
  expect((await listed('')).ids).toEqual(ids);
});

test('resolving keeps when, how and why', async () => {
  const { item } = await putItem('duplicate_payment');
  world.clock.advance(3_600_000);
  const note = 'Transferred back on 9 July.\nAsked by telephone.';
  const { status, body } = await resolve(item, { resolution: 'returned', note });
  expect(status).toBe(200);
  expect(ActionItem.parse(body)).toMatchObject({
    resolution: 'returned',
    note,
    resolved_at: world.clock.now().toISOString(),
  });
  expect((await ask(`GET /v1/action-items/${item}`)).body).toEqual(body);
});

test('the same again changes nothing; what was resolved is not resolved otherwise', async () => {
  const { item } = await putItem('late_payment');
  const first = await resolve(item, { resolution: 'kept', note: 'Sent later.' });
  world.clock.advance(60_000);
  const again = await resolve(item, { resolution: 'kept', note: 'Sent later.' });
  expect([again.status, again.body]).toEqual([200, first.body]);
  for (const other of [{ resolution: 'returned', note: 'Sent later.' }, { resolution: 'kept' }]) {
    const { status, body } = await resolve(item, other);
    expect([status, body.code]).toEqual([409, 'invalid_state']);
    expect(body.detail).toContain(first.body.resolved_at);
  }
  expect((await ask(`GET /v1/action-items/${item}`)).body).toEqual(first.body);
});

test('a repeat with its Idempotency-Key is the same answer', async () => {
  const { item } = await putItem('late_payment');
  const headers = { 'Idempotency-Key': 'resolve-1' };
  const first = await resolve(item, { resolution: 'kept' }, undefined, headers);
  const again = await resolve(item, { resolution: 'kept' }, undefined, headers);
  expect([first.status, again.status, again.text]).toEqual([200, 200, first.text]);
  expect(again.headers.get('Idempotent-Replayed')).toBe('true');
});

test('of two at once that differ one is heard', async () => {
  const { item } = await putItem('late_payment');
  const answers = await Promise.all([
    resolve(item, { resolution: 'kept' }),
    resolve(item, { resolution: 'returned' }),
  ]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  const heard = answers.find(({ status }) => status === 200);
  expect((await ask(`GET /v1/action-items/${item}`)).body).toEqual(heard?.body);
});

test('for another merchant, and in the other mode, it does not exist', async () => {
  const { item } = await putItem('late_payment');
  const other = await world.merchant();
  for (const key of [other.keys.sk_test, shop.keys.sk_live]) {
    expect((await ask('GET /v1/action-items', undefined, key)).body.data).toEqual([]);
    expect((await ask(`GET /v1/action-items/${item}`, undefined, key)).status).toBe(404);
    expect((await resolve(item, { resolution: 'kept' }, key)).status).toBe(404);
  }
  expect((await ask(`GET /v1/action-items/${item}`)).body.resolved_at).toBeNull();
});

describe('what is refused', () => {
  const refused: [Record<string, unknown>, string][] = [
    [{}, '#/resolution'],
    [{ resolution: 'refunded' }, '#/resolution'],
    [{ resolution: 'kept', note: 'x'.repeat(501) }, '#/note'],
    [{ resolution: 'kept', note: '' }, '#/note'],
    [{ resolution: 'kept', by: 'me' }, '#/by'],
  ];
  test.each(refused)('%j → %s', async (body, pointer) => {
    const { item } = await putItem('late_payment');
    const answer = await resolve(item, body);
    expect([answer.status, answer.body.errors[0].pointer]).toEqual([422, pointer]);
  });

  test('a filter that is neither true nor false', async () => {
    const answer = await ask('GET /v1/action-items?open=yes');
    expect([answer.status, answer.body.errors[0].pointer]).toEqual([422, '#/open']);
  });
});

async function putItem(kind: ActionKind, merchant = shop) {
  const order = await paidOrder(world, merchant, { payment: { method: 'konbini', late: true } });
  const { merchantId, paymentId, sessionId, orderId } = order;
  const at = world.clock.now();
  const item = newId('act', at);
  await world.deps.db.insert(actionItems).values({
    ...{ merchantId, id: item, kind, sessionId, paymentId },
    mode: 'test',
    subject: `num_${item}/1`,
    amount: 12_800,
    createdAt: at,
  });
  return { item, orderId, paymentId, sessionId };
}
