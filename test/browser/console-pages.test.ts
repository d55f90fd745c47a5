import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type Listener, listen } from '../../src/roles/listen.ts';
import { CONSOLE_ROUTES } from '../../src/web/console/routes.ts';
import { launchBrowser } from '../support/browser.ts';
import { call } from '../support/call.ts';
import { mountConsole, type Visitor, visitor } from '../support/console.ts';
import { seedPayments } from '../support/seed-payments.ts';
import { openWorld, type TestMerchant, type World } from '../support/world.ts';

/** Every page of the console that has an address of its own, found in the table of routes: a new one is looked at too. */
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let browser: Browser;
let world: World;
let listener: Listener;
let merchant: TestMerchant;
let owner: Visitor;
let linkId: string;

beforeAll(async () => {
  [browser, world] = await Promise.all([launchBrowser(), openWorld()]);
  mountConsole(world);
  listener = await listen(world.app.fetch, '127.0.0.1', 0);
  merchant = await world.merchant({ methods: ['card', 'konbini'], shopName: 'うつわと道具 こはる' });
  owner = await visitor(world, merchant);
  const until = world.clock.now();
  const { merchantId } = merchant;
  await seedPayments(world.deps.raw, { merchantId, mode: 'test', count: 400, until, days: 20 });
  const body = {
    title: '陶芸教室 7月分の会費(土曜の部、材料と焼成の費用を含みます)',
    price: { type: 'fixed', amount: 3_000 },
    stock: 5,
  };
  const made = await call(world, 'POST /v1/payment-links', { key: merchant.keys.sk_test, body });
  linkId = String(made.body.id);
});
afterAll(async () => {
  await browser?.close();
  await listener?.close();
  await world?.close();
});

/** Not pages: files, and what stands in the frame of a preview. */
const NO_PAGE = /export|sample|preview|anchors|\.(csv|svg|png)$/;
const PATHS = CONSOLE_ROUTES.filter(({ method, path }) => method === 'get' && !path.includes(':'))
  .map(({ path }) => path)
  .filter((path) => !NO_PAGE.test(path));

test('there are many', () => {
  expect(PATHS.length).toBeGreaterThan(15);
});

test.each([
  ['ja', 390],
  ['en', 390],
  ['ja', 320],
  ['ja', 1280],
] as const)(
  'no page has a fault of accessibility, or runs off the screen: %s, %i px',
  async (language, width) => {
    const page = await openPage(width);
    const faults: Record<string, unknown> = {};
    for (const path of [...PATHS, `/console/links/${linkId}`, `/console/links/${linkId}/poster`]) {
      const answered = await page.goto(`${base()}${path}?lang=${language}`);
      // Some ask for the password first: that page is looked at in its place.
      if (answered?.status() !== 200) faults[path] = answered?.status();
      await page.evaluate(AXE);
      const { violations } = await page.evaluate<{ violations: { id: string; nodes: { html: string }[] }[] }>(
        'axe.run()',
      );
      const over = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
      if (violations.length > 0) faults[path] = violations.map(({ id, nodes }) => [id, nodes[0]?.html]);
      if (over > 0) faults[`${path} wide`] = over;
    }
    expect(faults).toEqual({});
  },
);

async function openPage(width: number): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height: 844 }, locale: 'ja-JP' });
  onTestFinished(() => context.close());
  const [name = '', value = ''] = owner.cookie.split('=');
  await context.addCookies([{ name, value, url: base() }]);
  return context.newPage();
}

function base(): string {
  return `http://127.0.0.1:${listener.port}`;
}
