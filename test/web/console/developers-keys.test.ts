import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { auditEntries } from '../../../src/db/schema.ts';
import { authenticate } from '../../../src/merchants/keys.ts';
import { listApiKeys } from '../../../src/merchants/manage-keys.ts';
import { listSecrets } from '../../../src/merchants/manage-secrets.ts';
import { activeSecrets } from '../../../src/merchants/secrets.ts';
import { signEvent } from '../../../src/notify/sign-event.ts';
import { mountConsole, type Visitor, visitor } from '../../support/console.ts';
import { openWorld, type TestMerchant, type World } from '../../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  mountConsole(world);
});
afterAll(() => world.close());

const HOME = '/console/developers';
const HOUR = 3_600_000;
const MODES = ['test', 'live'] as const;

/** The hidden id of a form. */
async function workOf(who: Visitor, path: string): Promise<string> {
  return /name="work" value="(\w+)"/.exec((await who.get(path)).html)?.[1] ?? '';
}

function textIn(html: string): string {
  const text = /id="shown"[^>]* value="([^"]+)"/.exec(html)?.[1] ?? '';
  return text.replaceAll('&#x2B;', '+').replaceAll('&#43;', '+').replaceAll('&#x3D;', '=');
}

async function makeKey(who: Visitor, kind: 'secret' | 'publishable'): Promise<string> {
  const form = { work: await workOf(who, HOME), kind, label: '本店サーバー' };
  return textIn((await who.post(`${HOME}/keys`, form)).html);
}

async function idOfKey(shop: TestMerchant, mode: 'test' | 'live', key: string): Promise<string> {
  const rows = await listApiKeys(world.deps, await shop.as(mode));
  return rows.find(({ hint }) => hint?.endsWith(key.slice(14, 18)))?.id ?? '';
}

const works = async (key: string) => (await authenticate(world.deps, key)) !== null;

describe.each(MODES)('in %s mode', (mode) => {
  test('a key is made once however often the button is pressed, told once, and works', async () => {
    const shop = await world.merchant();
    const owner = await visitor(world, shop, 'owner', mode);
    const before = (await listApiKeys(world.deps, await shop.as(mode))).length;
    const form = { work: await workOf(owner, HOME), kind: 'secret', label: '' };
    const [first, second] = [await owner.post(`${HOME}/keys`, form), await owner.post(`${HOME}/keys`, form)];
    const key = textIn(first.html);
    expect(key).toMatch(new RegExp(`^sk_${mode}_[0-9a-z]{32}$`));
    expect(first.headers.get('Cache-Control')).toBe('no-store');
    expect(textIn(second.html)).toBe('');
    expect(await listApiKeys(world.deps, await shop.as(mode))).toHaveLength(before + 1);
    expect((await authenticate(world.deps, key))?.merchant.mode).toBe(mode);
    const secret = key.slice(14);
    expect((await owner.get(HOME)).html).not.toContain(secret);
    expect(world.logged.join()).not.toContain(secret);
    expect(JSON.stringify(await world.deps.db.select().from(auditEntries))).not.toContain(secret);
  });

  test.each([0, 1, 168])('a rotated key goes on for %d hours, and not a moment more', async (hours) => {
    const shop = await world.merchant();
    const owner = await visitor(world, shop, 'owner', mode);
    const old = await makeKey(owner, 'publishable');
    const path = `${HOME}/keys/${await idOfKey(shop, mode, old)}/rotate`;
    const form = { work: await workOf(owner, path), overlap: String(hours) };
    const fresh = textIn((await owner.post(path, form)).html);
    expect(fresh).toMatch(new RegExp(`^pk_${mode}_`));
    expect([await works(old), await works(fresh)]).toEqual([hours > 0, true]);
    if (hours > 0) world.clock.advance(hours * HOUR - 1);
    expect(await works(old)).toBe(hours > 0);
    world.clock.advance(1);
    expect([await works(old), await works(fresh)]).toEqual([false, true]);
  });

  test('what is revoked is refused from the next request on', async () => {
    const shop = await world.merchant();
    const owner = await visitor(world, shop, 'owner', mode);
    const key = await makeKey(owner, 'secret');
    const ask = () => world.app.request('/v1/events', { headers: { Authorization: `Bearer ${key}` } });
    expect((await ask()).status).toBe(200);
    const path = `${HOME}/keys/${await idOfKey(shop, mode, key)}/revoke`;
    expect((await owner.get(path)).html).toContain(key.slice(14, 18));
    expect((await owner.post(path)).headers.get('Location')).toBe(`${HOME}?done=revoked`);
    expect((await ask()).status).toBe(401);
  });
});

test('a key that is ending is not rotated again', async () => {
  const shop = await world.merchant();
  const owner = await visitor(world, shop);
  const key = await makeKey(owner, 'secret');
  const path = `${HOME}/keys/${await idOfKey(shop, 'test', key)}/rotate`;
  await owner.post(path, { work: await workOf(owner, path), overlap: '24' });
  const again = await owner.post(path, { work: await workOf(owner, path), overlap: '0' });
  expect(textIn(again.html)).toBe('');
  expect(await works(key)).toBe(true);
});

test('the last use is written once a minute, to the right key', async () => {
  const shop = await world.merchant();
  const lastUse = async () => {
    await world.deps.background.drained();
    const rows = await listApiKeys(world.deps, await shop.as('test'));
    return rows.map(({ kind, lastUsedAt }) => [kind, lastUsedAt]).sort();
  };
  const first = world.clock.now();
  await works(shop.keys.sk_test);
  world.clock.advance(59_000);
  await works(shop.keys.sk_test);
  expect(await lastUse()).toEqual([
    ['publishable', null],
    ['secret', first],
  ]);
  world.clock.advance(1_000);
  await Promise.all([works(shop.keys.sk_test), works(shop.keys.sk_test)]);
  expect((await lastUse())[1]).toEqual(['secret', world.clock.now()]);
});

test('secrets: two sign while they overlap, the old one alone is not ended, none is shown again', async () => {
  const shop = await world.merchant();
  const owner = await visitor(world, shop);
  const path = `${HOME}/secrets/signing/rotate`;
  const make = async (overlap: string) =>
    textIn((await owner.post(path, { work: await workOf(owner, path), overlap })).html);
  const [first, second] = [await make('24'), await make('24')];
  expect([first, second].every((text) => text.startsWith('whsec_'))).toBe(true);
  expect(await make('24')).toBe('');
  const merchant = await shop.as('test');
  const id = 'evt_1';
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const signature = await signEvent(world.deps, merchant, { id, timestamp, payload: '{}' });
  const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature };
  for (const secret of [first, second]) expect(() => new Webhook(secret).verify('{}', headers)).not.toThrow();
  const html = (await owner.get(HOME)).html;
  for (const secret of [first, second]) {
    expect(html).not.toContain(secret.slice(6, 20));
    expect(world.logged.join()).not.toContain(secret.slice(6));
  }
  const rows = await listSecrets(world.deps, merchant);
  const older = rows.find(({ expiresAt }) => expiresAt !== null)?.id ?? '';
  const end = await owner.post(`${HOME}/secrets/${older}/end`);
  expect(end.headers.get('Location')).toBe(`${HOME}?done=secret_ended`);
  expect(await activeSecrets(world.deps, shop.merchantId, 'test', 'signing')).toEqual([second]);
  const last = rows.find(({ expiresAt }) => expiresAt === null)?.id ?? '';
  const kept = await owner.post(`${HOME}/secrets/${last}/end`);
  expect(kept.headers.get('Location')).toBe(`${HOME}?done=secret_last`);
  expect(await activeSecrets(world.deps, shop.merchantId, 'test', 'signing')).toEqual([second]);
});

test('who may only look finds nothing to press', async () => {
  const shop = await world.merchant();
  const manager = await visitor(world, shop, 'manager');
  const { html } = await manager.get(HOME);
  expect(html).toContain('sk_test_');
  expect(html).not.toContain('name="work"');
  expect(html).not.toContain('/rotate');
});
