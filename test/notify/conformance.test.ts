import { createPublicKey, verify } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createShop } from '../../demo/shop/app.ts';
import { openOrderBook } from '../../demo/shop/order-book.ts';
import { readKeys } from '../../demo/shop/published-keys.ts';
import { events, payments, sessions } from '../../src/db/schema.ts';
import { verifyHmac } from '../../src/lib/sign.ts';
import { createSecret } from '../../src/merchants/secrets.ts';
import { judge, startConformance } from '../../src/notify/conformance.ts';
import { CHECK_NAMES } from '../../src/notify/conformance-checks.ts';
import { syntheticPayload } from '../../src/notify/conformance-events.ts';
import { createEndpoint, loadEndpoint } from '../../src/notify/endpoints.ts';
import { jwks } from '../../src/notify/jwks.ts';
import { type Listener, listen } from '../../src/roles/listen.ts';
import { Notification } from '../../src/web/api/objects.ts';
import { testClock } from '../support/clock.ts';
import { startReceiver } from '../support/receiver.ts';
import { openWorld, type TestMerchant, type World } from '../support/world.ts';

let world: World;
const closing: (() => Promise<void>)[] = [];
beforeAll(async () => {
  world = await openWorld({ clock: testClock(new Date()) });
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});
afterAll(() => world.close());

async function newShop(): Promise<{ shop: TestMerchant; secret: string }> {
  const shop = await world.merchant();
  const owner = { merchantId: shop.merchantId, mode: 'test', kind: 'signing' } as const;
  return { shop, secret: await createSecret(world.deps, owner) };
}

/** Names of the checks that did not pass, with their outcome. */
async function failing(shop: TestMerchant, url: string): Promise<Record<string, string>> {
  const merchant = await shop.as('test');
  const { id } = await createEndpoint(world.deps, merchant, { url, events: null });
  expect(await startConformance(world.deps, merchant, id)).toBe('started');
  await world.deps.background.drained();
  const { conformance } = await loadEndpoint(world.deps, merchant, id);
  expect(conformance?.endedAt).not.toBeNull();
  expect(conformance?.checks.map(({ name }) => name)).toEqual([...CHECK_NAMES]);
  const others = conformance?.checks.filter(({ outcome }) => outcome !== 'pass') ?? [];
  return Object.fromEntries(others.map(({ name, outcome }) => [name, outcome]));
}

type Answer = (body: string, headers: Record<string, string>) => number;

/** A receiver that answers what this says; whatever it throws is a 400. */
async function receiving(answer: Answer): Promise<string> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    try {
      response.writeHead(answer(Buffer.concat(chunks).toString(), plain(request.headers))).end('{"seen":1}');
    } catch {
      response.writeHead(400).end();
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  closing.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
}

function plain(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

function contentOf(payload: string, headers: Record<string, string>) {
  return { id: headers['webhook-id'] ?? '', timestamp: headers['webhook-timestamp'] ?? '', payload };
}

test('a receiver that verifies with the library passes, and so does the demo shop', async () => {
  const { shop, secret } = await newShop();
  const receiver = await startReceiver(() => secret);
  closing.push(receiver.close);
  expect(await failing(shop, receiver.url)).toEqual({});
  for (const { event } of receiver.received) expect(event.data.session.order_id).toMatch(/^conformance-/);
  const demo = await demoShop(shop, secret);
  expect(await failing(shop, `http://127.0.0.1:${demo.port}/webhooks`)).toEqual({});
});

async function demoShop({ merchantId, keys }: TestMerchant, secret: string): Promise<Listener> {
  const known = readKeys(jwks(world.deps.config));
  const publishedKeys = { known: async () => known, refreshed: async () => known };
  const account = {
    credentials: {
      base_url: 'http://localhost:9',
      merchant_id: merchantId,
      secret_key: keys.sk_test,
      publishable_key: keys.pk_test,
      entry_secret: `esec_${Buffer.alloc(32, 7).toString('base64')}`,
      webhook_secret: secret,
    },
    trust: { merchantId, mode: 'test', secrets: [secret], publishedKeys },
  };
  const app = createShop({
    url: 'http://127.0.0.1:9',
    book: openOrderBook(mkdtempSync(join(tmpdir(), 'shop-'))),
    account: () => account,
    now: () => new Date(),
    pattern: 'link',
    sister: 'http://127.0.0.1:10',
  });
  const listener = await listen(app.fetch, '127.0.0.1', 0);
  closing.push(() => listener.close());
  return listener;
}

const REFUSALS = ['late', 'future', 'tampered', 'wrong_secret', 'missing_signature', 'foreign_merchant'];
const all = (names: string[], outcome: string) => Object.fromEntries(names.map((name) => [name, outcome]));

test.each<[string, (secret: string) => Answer, Record<string, string>]>([
  ['checks nothing', () => () => 204, all(REFUSALS, 'fail')],
  [
    'does not look at the time',
    (secret) => (body, headers) =>
      verifyHmac(secret, contentOf(body, headers), headers['webhook-signature'] ?? '') ? 204 : 400,
    all(['late', 'future'], 'fail'),
  ],
  [
    'looks at the first signature alone',
    (secret) => (body, headers) => {
      const first = (headers['webhook-signature'] ?? '').split(' ')[0] ?? '';
      new Webhook(secret).verify(body, { ...headers, 'webhook-signature': first });
      return 204;
    },
    all(['rotated', 'unknown_scheme'], 'fail'),
  ],
  [
    'refuses what it knows already',
    (secret) => {
      const seen = new Set<string>();
      return (body, headers) => {
        new Webhook(secret).verify(body, headers);
        const id = headers['webhook-id'] ?? '';
        return seen.size === seen.add(id).size ? 409 : 204;
      };
    },
    all(['duplicate'], 'fail'),
  ],
  [
    'refuses types that it does not know',
    (secret) => (body, headers) => {
      new Webhook(secret).verify(body, headers);
      return body.includes('conformance_unknown') ? 422 : 204;
    },
    all(['unknown_type'], 'fail'),
  ],
  [
    'takes small bodies only',
    (secret) => (body, headers) => {
      new Webhook(secret).verify(body, headers);
      return body.length > 16_384 ? 413 : 204;
    },
    all(['big'], 'fail'),
  ],
  [
    'breaks instead of refusing',
    (secret) => (body, headers) => {
      try {
        new Webhook(secret).verify(body, headers);
        return 204;
      } catch {
        return 500;
      }
    },
    all(REFUSALS, 'warning'),
  ],
  [
    'believes our key whomever it speaks to',
    () => (body, headers) => {
      const { id, timestamp, payload } = contentOf(body, headers);
      const given = (headers['webhook-signature'] ?? '').split(' ').find((item) => item.startsWith('v1a,'));
      const age = Math.abs(Date.now() / 1_000 - Number(timestamp));
      const key = createPublicKey({ key: { ...jwks(world.deps.config).keys[0] }, format: 'jwk' });
      const bytes = Buffer.from(`${id}.${timestamp}.${payload}`);
      return given !== undefined &&
        age < 300 &&
        verify(null, bytes, key, Buffer.from(given.slice(4), 'base64'))
        ? 204
        : 400;
    },
    all(['foreign_merchant'], 'fail'),
  ],
  [
    'redirects',
    () => () => 302,
    {
      ...all(
        ['valid', 'duplicate', 'out_of_order', 'unknown_type', 'rotated', 'unknown_scheme', 'big'],
        'fail',
      ),
      ...all(REFUSALS, 'skipped'),
    },
  ],
])('one that %s is found out', async (_, answer, expected) => {
  const { shop, secret } = await newShop();
  const url = await receiving(answer(secret));
  expect(await failing(shop, url)).toEqual(expected);
});

test('where nobody listens the rest is not tried', async () => {
  const { shop } = await newShop();
  const rest = CHECK_NAMES.filter((name) => name !== 'valid');
  expect(await failing(shop, 'http://127.0.0.1:9/hook')).toEqual({ valid: 'fail', ...all(rest, 'skipped') });
});

test('nothing of a run is stored as the merchant’s', async () => {
  for (const table of [events, sessions, payments])
    expect(await world.deps.db.select().from(table)).toEqual([]);
});

test('there is one run at a time, and none without a secret', async () => {
  const { shop, secret } = await newShop();
  const url = await receiving((body, headers) => {
    new Webhook(secret).verify(body, headers);
    return 204;
  });
  const merchant = await shop.as('test');
  const { id } = await createEndpoint(world.deps, merchant, { url, events: null });
  const begun = await Promise.all([1, 2, 3].map(() => startConformance(world.deps, merchant, id)));
  expect(begun.sort()).toEqual(['running', 'running', 'started']);
  await world.deps.background.drained();
  expect(await startConformance(world.deps, merchant, id)).toBe('started');
  await world.deps.background.drained();
  const without = await (await world.merchant()).as('test');
  const other = await createEndpoint(world.deps, without, { url, events: null });
  expect(await startConformance(world.deps, without, other.id)).toBe('no_secret');
});

test('what is sent is of the documented shape, so that it is the signature that is tried', () => {
  const payload = syntheticPayload({ merchantId: 'A100000001' }, 'run', world.clock.now());
  expect(payload).toMatch(/^[\x20-\x7e]+$/);
  const event = JSON.parse(payload);
  // Events carry neither address.
  const session = { ...event.data.session, url: null };
  expect(Notification.safeParse({ ...event, data: { ...event.data, session } }).error ?? null).toBeNull();
});

test.each([
  ['taken', [204, 204], 'pass'],
  ['taken', [204, 500], 'fail'],
  ['taken', [410], 'fail'],
  ['refused', [400], 'pass'],
  ['refused', [null], 'warning'],
  ['refused', [200], 'fail'],
] as const)('%s, answered %j: %s', (expects, statuses, outcome) => {
  const answers = statuses.map((status) => ({ status, fault: null, tookMs: 1, body: '' }));
  expect(judge({ expects }, answers)).toBe(outcome);
});
