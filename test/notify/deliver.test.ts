import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Merchant } from '../../src/merchants/merchant.ts';
import { createSecret } from '../../src/merchants/secrets.ts';
import { deliver } from '../../src/notify/deliver.ts';
import {
  createEndpoint,
  deleteEndpoint,
  endpointUrlFault,
  listDeliveries,
  listEndpoints,
  pingEndpoint,
  resendEvent,
} from '../../src/notify/endpoints.ts';
import { fanOut } from '../../src/notify/fan-out.ts';
import { createSession } from '../../src/payments/create-session.ts';
import { cancelSession } from '../../src/payments/end-session.ts';
import { listEvents } from '../../src/payments/queries.ts';
import { newOrderId } from '../support/api.ts';
import { testClock } from '../support/clock.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;

beforeAll(async () => {
  world = await openWorld({ clock: testClock(new Date()) });
});

afterAll(async () => {
  await world?.close();
});

const FIRST = { cursor: null, limit: 100 };

/** An endpoint that does as it is told, for a merchant of its own. */
async function endpointDoing(answer: (response: ServerResponse) => void, events: 'all' | 'none' = 'all') {
  const received: { headers: IncomingHttpHeaders; body: string }[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
    answer(response);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const merchant = await (await world.merchant()).as('test');
  const secret = await createSecret(world.deps, {
    merchantId: merchant.merchantId,
    mode: 'test',
    kind: 'signing',
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  const endpoint = await createEndpoint(world.deps, merchant, {
    url,
    events: events === 'all' ? null : ['ping'],
  });
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { merchant, secret, endpoint, received, close };
}

/** A session that was canceled: one event, fanned out. */
async function tellOne(merchant: Merchant): Promise<string> {
  const session = await createSession(world.deps, merchant, {
    orderId: newOrderId(),
    amount: 100,
    currency: 'JPY',
    description: '髙﨑のりんご 🍎',
    lineItems: null,
    methods: ['card'],
    capture: 'automatic',
    returnUrl: 'https://shop.example/return',
    cancelUrl: null,
    returnMethod: 'post',
    customer: { name: '山田 太郎' },
    risk: null,
    locale: 'ja',
    expiresIn: 1_800,
    numberExpiresDays: 3,
    maxAttempts: 5,
    card: {},
    metadata: {},
  });
  await cancelSession(world.deps, merchant, session.session.id);
  const { data } = await listEvents(world.deps, merchant, FIRST);
  const eventId = data[0]?.id ?? '';
  await fanOut(world.deps, { merchant_id: merchant.merchantId, event_id: eventId });
  return eventId;
}

async function newestDelivery(merchant: Merchant) {
  const { data } = await listDeliveries(world.deps, merchant, FIRST);
  const [row] = data;
  if (row === undefined) throw new Error('no delivery');
  return row;
}

async function tryOnce(merchant: Merchant) {
  const { id } = await newestDelivery(merchant);
  const again = await deliver(world.deps, { merchant_id: merchant.merchantId, delivery_id: id });
  return { again, row: await newestDelivery(merchant) };
}

test('a notification is signed, ASCII, and acknowledged by any 2xx', async () => {
  const { merchant, secret, received, close } = await endpointDoing((response) =>
    response.writeHead(204).end(),
  );
  const eventId = await tellOne(merchant);
  const { again, row } = await tryOnce(merchant);
  expect([again, row.status, row.try, row.responseStatus]).toEqual([undefined, 'delivered', 1, 204]);
  const { headers, body } = received[0] ?? { headers: {}, body: '' };
  expect(headers['webhook-id']).toBe(eventId);
  expect(body).toMatch(/^[\x20-\x7e]+$/);
  const event = new Webhook(secret).verify(body, headers as Record<string, string>);
  expect(event).toMatchObject({
    type: 'session.canceled',
    data: { merchant_id: merchant.merchantId, mode: 'test', sequence: 1, payment: null },
  });
  expect(body).not.toMatch(/customer|"url"|return_url/);
  close();
});

test.each([
  ['500', (response: ServerResponse) => response.writeHead(500).end(), 'http_500'],
  ['a redirect', (response: ServerResponse) => response.writeHead(302, { Location: '/' }).end(), 'http_302'],
  ['a closed connection', (response: ServerResponse) => response.destroy(), 'connection_failed'],
])('%s is tried again, with the same id and a new time', async (_, answer, error) => {
  const { merchant, received, close } = await endpointDoing(answer);
  const eventId = await tellOne(merchant);
  const first = await tryOnce(merchant);
  expect(first.row).toMatchObject({ status: 'pending', try: 1, error });
  const waitMs = (first.again?.again.getTime() ?? 0) - world.clock.now().getTime();
  expect(waitMs).toBeGreaterThanOrEqual(4_500);
  expect(waitMs).toBeLessThanOrEqual(5_500);
  world.clock.advance(6_000);
  await tryOnce(merchant);
  expect(received.map(({ headers }) => headers['webhook-id'])).toEqual([eventId, eventId]);
  expect(received[0]?.headers['webhook-timestamp']).not.toBe(received[1]?.headers['webhook-timestamp']);
  close();
});

test('after ten tries a delivery has failed; the endpoint stays on', async () => {
  const { merchant, endpoint, close } = await endpointDoing((response) => response.writeHead(503).end());
  await tellOne(merchant);
  for (let tries = 0; tries < 9; tries += 1) expect((await tryOnce(merchant)).again).toBeDefined();
  const last = await tryOnce(merchant);
  expect([last.again, last.row.status, last.row.try, last.row.nextTryAt]).toEqual([
    undefined,
    'failed',
    10,
    null,
  ]);
  const { data } = await listEndpoints(world.deps, merchant, FIRST);
  expect(data).toMatchObject([{ id: endpoint.id, status: 'enabled' }]);
  close();
});

test('410 switches the endpoint off', async () => {
  const { merchant, received, close } = await endpointDoing((response) => response.writeHead(410).end());
  await tellOne(merchant);
  expect(await tryOnce(merchant)).toMatchObject({ again: undefined, row: { status: 'failed' } });
  const { data } = await listEndpoints(world.deps, merchant, FIRST);
  expect(data).toMatchObject([{ status: 'disabled' }]);
  await tellOne(merchant);
  expect(received).toHaveLength(1);
  close();
});

test('fanning out twice makes one delivery, and none for what an endpoint did not ask for', async () => {
  const { merchant, close } = await endpointDoing((response) => response.end());
  const eventId = await tellOne(merchant);
  await fanOut(world.deps, { merchant_id: merchant.merchantId, event_id: eventId });
  expect((await listDeliveries(world.deps, merchant, FIRST)).data).toHaveLength(1);
  close();
  const picky = await endpointDoing((response) => response.end(), 'none');
  await tellOne(picky.merchant);
  expect((await listDeliveries(world.deps, picky.merchant, FIRST)).data).toEqual([]);
  const ping = await pingEndpoint(world.deps, picky.merchant, picky.endpoint.id);
  await tryOnce(picky.merchant);
  expect(picky.received[0]?.headers['webhook-id']).toBe(ping.id);
  picky.close();
});

test('resending keeps the id of the event', async () => {
  const { merchant, endpoint, received, close } = await endpointDoing((response) => response.end());
  const eventId = await tellOne(merchant);
  await tryOnce(merchant);
  world.clock.advance(1_000);
  await resendEvent(world.deps, merchant, { eventId, endpointId: endpoint.id });
  await tryOnce(merchant);
  expect(received.map(({ headers }) => headers['webhook-id'])).toEqual([eventId, eventId]);
  await deleteEndpoint(world.deps, merchant, endpoint.id);
  await expect(resendEvent(world.deps, merchant, { eventId, endpointId: endpoint.id })).rejects.toThrow(
    'not_found',
  );
  close();
});

test.each([
  ['https://shop.example/hook', true, null],
  ['http://127.0.0.1:8080/hook', false, null],
  ['http://localhost/hook', false, null],
  ['http://localhost/hook', true, 'must'],
  ['http://shop.example/hook', false, 'must'],
  ['https://127.0.0.1/hook', true, 'must'],
  ['https://169.254.169.254/latest', true, 'must'],
  ['https://[::1]/', true, 'must'],
  ['https://10.0.0.8/', true, 'must'],
  ['https://user:secret@shop.example/', true, 'must'],
  ['ftp://shop.example/', false, 'must'],
  ['nonsense', false, 'must'],
])('endpoint %s (production: %s)', (url, production, fault) => {
  const found = endpointUrlFault(url, production);
  if (fault === null) expect(found).toBeNull();
  else expect(found).toContain(fault);
});
