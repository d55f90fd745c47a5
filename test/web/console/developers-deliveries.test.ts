import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { deliveries, webhookEndpoints } from '../../../src/db/schema.ts';
import { createSecret } from '../../../src/merchants/secrets.ts';
import { deliver } from '../../../src/notify/deliver.ts';
import { listDeliveries, listEndpoints } from '../../../src/notify/endpoints.ts';
import { readableAnswer } from '../../../src/notify/readable-answer.ts';
import { mountConsole, type Visitor, visitor } from '../../support/console.ts';
import { openWorld, type TestMerchant, type World } from '../../support/world.ts';

let world: World;
const closing: (() => void)[] = [];
beforeAll(async () => {
  world = await openWorld();
  mountConsole(world);
});
afterEach(() => {
  for (const close of closing.splice(0)) close();
});
afterAll(() => world.close());

const HOME = '/console/developers';

interface Setting {
  shop: TestMerchant;
  owner: Visitor;
  url: string;
  ids: string[];
  /** Sends what is owed; the id of the newest delivery. */
  send(): Promise<string>;
}

/** A merchant with a receiver that answers so. */
async function receiving(answer: (response: ServerResponse) => void): Promise<Setting> {
  const ids: string[] = [];
  const server = createServer((request, response) => {
    ids.push(String(request.headers['webhook-id']));
    request.resume().on('end', () => answer(response));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const shop = await world.merchant();
  await createSecret(world.deps, { merchantId: shop.merchantId, mode: 'test', kind: 'signing' });
  const owner = await visitor(world, shop);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  const send = async () => {
    const merchant = await shop.as('test');
    const { data } = await listDeliveries(world.deps, merchant, { cursor: null, limit: 1 });
    const id = data[0]?.id ?? '';
    await deliver(world.deps, { merchant_id: shop.merchantId, delivery_id: id });
    return id;
  };
  return { shop, owner, url, ids, send };
}

async function addEndpoint({ owner, shop, url }: Setting): Promise<string> {
  const answer = await owner.post(`${HOME}/endpoints`, { url, event: 'payment.captured' });
  expect(answer.status).toBe(303);
  const { data } = await listEndpoints(world.deps, await shop.as('test'), { cursor: null, limit: 1 });
  expect(data[0]).toMatchObject({ url, events: ['payment.captured'], status: 'enabled' });
  return `${HOME}/endpoints/${data[0]?.id}`;
}

test('an endpoint is added, pinged, and the delivery shows what was sent and what came back', async () => {
  const setting = await receiving((response) => response.writeHead(200).end('{"taken":"<b>ping</b>"}'));
  const endpoint = await addEndpoint(setting);
  await setting.owner.post(`${endpoint}/ping`);
  const id = await setting.send();
  const { html } = await setting.owner.get(`${HOME}/deliveries/${id}`);
  for (const shown of [
    'HTTP 200',
    'webhook-signature: v1,',
    '&quot;type&quot;:&quot;ping&quot;',
    '&lt;b>ping',
  ])
    expect(html.replaceAll('&gt;', '>')).toContain(shown);
});

test('a resend goes out under the same webhook-id', async () => {
  const setting = await receiving((response) => response.writeHead(500).end('Traceback: no such table'));
  const endpoint = await addEndpoint(setting);
  await setting.owner.post(`${endpoint}/ping`);
  const first = await setting.send();
  expect((await setting.owner.get(`${HOME}/deliveries/${first}`)).html).toContain('Traceback: no such table');
  const again = await setting.owner.post(`${HOME}/deliveries/${first}/resend`);
  const second = await setting.send();
  expect(again.headers.get('Location')).toBe(`${HOME}/deliveries/${second}?done=resent`);
  expect(second).not.toBe(first);
  expect(setting.ids).toEqual([setting.ids[0], setting.ids[0]]);
});

test('one that answered 410 is disabled, says so, and is enabled again', async () => {
  const setting = await receiving((response) => response.writeHead(410).end());
  const endpoint = await addEndpoint(setting);
  await setting.owner.post(`${endpoint}/ping`);
  await setting.send();
  expect((await setting.owner.get(endpoint)).html).toContain(`action="${endpoint}/enable"`);
  await setting.owner.post(`${endpoint}/enable`);
  expect((await setting.owner.get(endpoint)).html).toContain(`action="${endpoint}/ping"`);
});

test('a deleted endpoint is gone and its deliveries stay, without a way to send them again', async () => {
  const setting = await receiving((response) => response.writeHead(204).end());
  const endpoint = await addEndpoint(setting);
  await setting.owner.post(`${endpoint}/ping`);
  const id = await setting.send();
  expect((await setting.owner.post(`${endpoint}/delete`)).status).toBe(303);
  expect((await setting.owner.get(endpoint)).status).toBe(404);
  const { html } = await setting.owner.get(`${HOME}/deliveries/${id}`);
  expect(html).toContain(setting.url);
  expect(html).not.toContain('/resend');
  expect((await setting.owner.post(`${HOME}/deliveries/${id}/resend`)).status).toBe(404);
});

test('deliveries are found by state, endpoint and event', async () => {
  const setting = await receiving((response) => response.writeHead(204).end());
  const endpoint = await addEndpoint(setting);
  await setting.owner.post(`${endpoint}/ping`);
  const done = await setting.send();
  await setting.owner.post(`${endpoint}/ping`);
  const rows = async (query: string) =>
    [
      ...(await setting.owner.get(`${HOME}/deliveries?${query}`)).html.matchAll(/deliveries\/(del_\w+)"/g),
    ].map(([, id]) => id);
  const all = await rows('');
  expect(all).toHaveLength(2);
  expect(await rows('status=delivered')).toEqual([done]);
  expect(await rows('status=failed')).toEqual([]);
  expect(await rows(`endpoint=${endpoint.split('/').at(-1)}`)).toEqual(all);
  expect(await rows('endpoint=we_unknown')).toEqual([]);
  const events = await setting.owner.get(`${HOME}/events?type=ping`);
  const [eventId = ''] = [...events.html.matchAll(/events\/(evt_\w+)"/g)].map(([, id]) => id);
  expect(await rows(`event=${eventId}`)).toEqual([all.find((id) => id !== done)]);
  expect((await setting.owner.get(`${HOME}/events?order=nothing`)).html).not.toContain('evt_');
});

test('a delivery older than what is kept of its try says so', async () => {
  const setting = await receiving((response) => response.writeHead(204).end());
  await setting.owner.post(`${await addEndpoint(setting)}/ping`);
  const id = await setting.send();
  await world.deps.db.update(deliveries).set({ lastTry: null });
  const { html, status } = await setting.owner.get(`${HOME}/deliveries/${id}?lang=en`);
  expect([status, html.includes('Not kept of deliveries as old as this')]).toEqual([200, true]);
});

test('an address that cannot be one comes back with what was typed', async () => {
  const owner = await visitor(world, await world.merchant());
  const { status, html } = await owner.post(`${HOME}/endpoints`, { url: 'ftp://shop.example/hook' });
  expect([status, html.includes('value="ftp://shop.example/hook"')]).toEqual([422, true]);
  const rows = await world.deps.db.select().from(webhookEndpoints);
  expect(rows.some(({ url }) => url.startsWith('ftp:'))).toBe(false);
});

test.each([
  ['a key of ours', 'key=sk_test_0123456789abcdefghjkmnpqrstvwxyz!', 'key=[secret]!'],
  ['a secret', 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8= is set', '[secret] is set'],
  ['a card number', 'card 4111 1111-1111 1111 declined', 'card [card number] declined'],
  ['other digits', 'order 20261123000001', 'order 20261123000001'],
  ['a NUL, which the database does not take', 'a\u0000b', 'a\u00b7b'],
  ['half a character at the cut', Buffer.from('あ').subarray(0, 2), '\ufffd'],
])('of an answer is kept: %s', (_, body, kept) => {
  expect(readableAnswer(Buffer.from(body as string))).toBe(kept);
});
