import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '../../src/lib/ids.ts';
import { listApiKeys } from '../../src/merchants/manage-keys.ts';
import { rotateSecret } from '../../src/merchants/manage-secrets.ts';
import { startConformance } from '../../src/notify/conformance.ts';
import { deliver } from '../../src/notify/deliver.ts';
import { createEndpoint, listDeliveries, pingEndpoint } from '../../src/notify/endpoints.ts';
import { type Listener, listen } from '../../src/roles/listen.ts';
import { launchBrowser } from '../support/browser.ts';
import { testClock } from '../support/clock.ts';
import { mountConsole, type Visitor, visitor } from '../support/console.ts';
import { openWorld, type World } from '../support/world.ts';

/** The pages of the developers' corner, full of what they show. */
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const WIDTHS = [320, 390, 1280];
const HOME = '/console/developers';
let browser: Browser;
let world: World;
let listener: Listener;
let owner: Visitor;
let paths: string[];

beforeAll(async () => {
  [browser, world] = await Promise.all([launchBrowser(), openWorld({ clock: testClock(new Date()) })]);
  mountConsole(world);
  listener = await listen(world.app.fetch, '127.0.0.1', 0);
  const shop = await world.merchant();
  owner = await visitor(world, shop);
  const merchant = await shop.as('test');
  for (const overlapHours of [24, 24]) {
    const workId = newId('key', world.clock.now());
    await rotateSecret(world.deps, merchant, { workId, kind: 'signing', overlapHours });
  }
  const endpoint = await createEndpoint(world.deps, merchant, {
    url: `http://127.0.0.1:${listener.port}/a-rather-long-path-of-a-shop/webhooks/payresort/notifications`,
    events: ['payment.captured', 'payment.refunded'],
  });
  const event = await pingEndpoint(world.deps, merchant, endpoint.id);
  const { data } = await listDeliveries(world.deps, merchant, { cursor: null, limit: 1 });
  const delivery = data[0]?.id ?? '';
  await deliver(world.deps, { merchant_id: shop.merchantId, delivery_id: delivery });
  await startConformance(world.deps, merchant, endpoint.id);
  await world.deps.background.drained();
  const [key] = await listApiKeys(world.deps, merchant);
  paths = [
    '',
    `/keys/${key?.id}/rotate`,
    `/keys/${key?.id}/revoke`,
    '/secrets/entry/rotate',
    '/endpoints',
    `/endpoints/${endpoint.id}`,
    `/endpoints/${endpoint.id}/delete`,
    `/endpoints/${endpoint.id}/conformance`,
    '/deliveries',
    `/deliveries/${delivery}`,
    '/events',
    `/events/${event.id}`,
    `/debugger?delivery=${delivery}`,
    '/testing?seconds=86400',
    '/start',
  ];
});
afterAll(async () => {
  await browser?.close();
  await listener?.close();
  await world?.close();
});

async function newPage(): Promise<Page> {
  const context = await browser.newContext({ locale: 'ja', viewport: { width: 390, height: 844 } });
  const [name = '', value = ''] = owner.cookie.split('=');
  await context.addCookies([{ name, value, url: `http://127.0.0.1:${listener.port}` }]);
  return context.newPage();
}

test.each(['ja', 'en'])('no fault of accessibility, and nothing wider than a phone: %s', async (language) => {
  const page = await newPage();
  const faults: Record<string, unknown> = {};
  for (const path of paths) {
    const address = new URL(`http://127.0.0.1:${listener.port}${HOME}${path}`);
    address.searchParams.set('lang', language);
    await page.goto(address.href);
    Object.assign(faults, await faultsOf(page, path));
  }
  expect(faults).toEqual({});
  await page.context().close();
});

test('a new key is shown once, can be copied by hand, and is found without fault', async () => {
  const page = await newPage();
  await page.goto(`http://127.0.0.1:${listener.port}${HOME}`);
  await page.locator('summary').last().click();
  await page.locator('form[action$="/keys"] button').click();
  const shown = page.locator('#shown');
  expect(await shown.inputValue()).toMatch(/^sk_test_[0-9a-z]{32}$/);
  expect(await faultsOf(page, 'shown')).toEqual({});
  await page.reload({ waitUntil: 'load' });
  expect(await shown.count()).toBe(0);
  await page.context().close();
});

async function faultsOf(page: Page, name: string): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    const over = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
    if (over > 0) found[`${name} at ${width}`] = `${over} px too wide`;
  }
  await page.evaluate(AXE);
  const { violations } = await page.evaluate<{ violations: { id: string; nodes: { html: string }[] }[] }>(
    'axe.run()',
  );
  for (const { id, nodes } of violations) found[`${name}: ${id}`] = nodes.map(({ html }) => html);
  return found;
}
