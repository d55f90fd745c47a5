import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Delivery, Event, WebhookEndpoint } from '../../../src/web/api/objects.ts';
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

const ask = (what: string, body?: unknown, merchant = shop) =>
  call(world, what, { key: merchant.keys.sk_test, ...(body === undefined ? {} : { body }) });
const create = (body: unknown, merchant = shop) => ask('POST /v1/webhook-endpoints', body, merchant);
const URL_ = 'https://shop.example/notifications';

test('an endpoint is made, listed and taken away', async () => {
  const merchant = await world.merchant();
  const { status, body } = await create({ url: URL_, events: ['payment.captured'] }, merchant);
  expect(status).toBe(201);
  expect(WebhookEndpoint.parse(body)).toMatchObject({
    url: URL_,
    events: ['payment.captured'],
    status: 'enabled',
  });
  expect((await ask('GET /v1/webhook-endpoints', undefined, merchant)).body.data).toEqual([body]);
  const gone = await ask(`DELETE /v1/webhook-endpoints/${body.id}`, undefined, merchant);
  expect([gone.status, gone.text]).toEqual([204, '']);
  expect((await ask('GET /v1/webhook-endpoints', undefined, merchant)).body.data).toEqual([]);
  expect((await ask(`DELETE /v1/webhook-endpoints/${body.id}`, undefined, merchant)).status).toBe(404);
});

describe('what is refused', () => {
  const refused: [Record<string, unknown>, string][] = [
    [{}, '#/url'],
    [{ url: 'shop.example' }, '#/url'],
    [{ url: 'http://shop.example/' }, '#/url'],
    [{ url: 'ftp://shop.example/' }, '#/url'],
    [{ url: 'https://user:pass@shop.example/' }, '#/url'],
    [{ url: `https://shop.example/${'x'.repeat(1024)}` }, '#/url'],
    [{ url: URL_, events: [] }, '#/events'],
    [{ url: URL_, events: ['payment.lost'] }, '#/events/0'],
  ];
  test.each(refused)('%j → %s', async (body, pointer) => {
    const answer = await create(body);
    expect([answer.status, answer.body.errors[0].pointer]).toEqual([422, pointer]);
  });
});

test('a ping becomes an event and a delivery', async () => {
  const endpoint = (await create({ url: URL_ })).body;
  const { status, body } = await ask(`POST /v1/webhook-endpoints/${endpoint.id}/ping`);
  expect(status).toBe(202);
  expect(Event.parse(body)).toMatchObject({
    type: 'ping',
    data: { merchant_id: shop.merchantId, mode: 'test', sequence: null, session: null, payment: null },
  });
  const { data } = (await ask('GET /v1/deliveries')).body;
  expect(Delivery.parse(data[0])).toMatchObject({
    event_id: body.id,
    endpoint_id: endpoint.id,
    status: 'pending',
  });
});

test('an event says what was signed and sent; resent, it keeps its id', async () => {
  const session = (await ask('POST /v1/sessions', sessionBody({ description: '器' }))).body;
  await ask(`POST /v1/sessions/${session.id}/cancel`);
  const [event] = (await ask('GET /v1/events')).body.data;
  expect(Event.parse(event)).toMatchObject({
    type: 'session.canceled',
    data: { sequence: 1, session: { id: session.id, description: '器' }, payment: null },
  });
  expect(event.data.session).not.toHaveProperty('url');
  expect((await ask(`GET /v1/events/${event.id}`)).body).toEqual(event);
  const endpoint = (await create({ url: URL_ })).body;
  const resent = await ask(`POST /v1/events/${event.id}/resend`, { endpoint_id: endpoint.id });
  expect(resent.status).toBe(202);
  expect(resent.body.data).toMatchObject([
    { event_id: event.id, endpoint_id: endpoint.id, status: 'pending' },
  ]);
  const nowhere = await ask(`POST /v1/events/${event.id}/resend`, { endpoint_id: 'we_none' });
  expect(nowhere.body.code).toBe('not_found');
});
