import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { actionItems } from '../../src/db/schema.ts';
import { newId } from '../../src/lib/ids.ts';
import { indexPayments } from '../../src/payments/index-payments.ts';
import { type Listener, listen } from '../../src/roles/listen.ts';
import type { PaidOrder } from '../receipts/paid-orders.ts';
import { launchBrowser } from '../support/browser.ts';
import { mountConsole, visitor } from '../support/console.ts';
import { seedPayments } from '../support/seed-payments.ts';
import { openWorld, type TestMerchant, type World } from '../support/world.ts';
import { cardOrder, saidAcquirer } from '../web/console/card-order.ts';

/** Payments and home in a real browser: for everybody, on a phone and a desk, with and without JavaScript. */
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const WIDTHS = [390, 1280];
/** A folder to put pictures of every page in, to look at. */
const SHOTS = process.env.CONSOLE_SHOTS ?? null;
let browser: Browser;
let world: World;
let listener: Listener;
let merchant: TestMerchant;
let order: PaidOrder;
let held: PaidOrder;

beforeAll(async () => {
  [browser, world] = await Promise.all([
    launchBrowser(),
    openWorld({ acquirers: { test: saidAcquirer(), live: null } }),
  ]);
  mountConsole(world);
  listener = await listen(world.app.fetch, '127.0.0.1', 0);
  // Forms are compared with where we are reached.
  Object.assign(world.deps.config, { publicUrl: `http://127.0.0.1:${listener.port}` });
  merchant = await world.merchant();
  const until = new Date(world.clock.now().getTime() - 60_000);
  const sql = postgres(databaseUrl(), { max: 1, onnotice: () => {} });
  await seedPayments(sql, { merchantId: merchant.merchantId, mode: 'test', count: 400, until, days: 28 });
  await sql.end();
  const customer = { name: '佐藤 花子', email: 'hanako@example.com', phone: '+819012345678' };
  order = await cardOrder(world, merchant, {
    body: { order_id: 'mug-2026-0711', customer },
    payment: { late: true },
  });
  held = await cardOrder(world, merchant, {
    body: { order_id: 'room-318' },
    payment: { status: 'authorized', amountCaptured: 0, capturedAt: null, capture: 'manual' },
  });
  const id = newId('act', world.clock.now());
  await world.deps.db.insert(actionItems).values({
    ...{
      merchantId: merchant.merchantId,
      id,
      mode: 'test',
      kind: 'late_payment',
      subject: id,
      amount: 12_800,
    },
    ...{ sessionId: order.sessionId, paymentId: order.paymentId, createdAt: world.clock.now() },
  });
  while (await indexPayments(world.deps)) await Promise.resolve();
});
afterAll(async () => {
  await browser?.close();
  await listener?.close();
  await world?.close();
});

function databaseUrl(): string {
  const { host, port, user, pass, database } = world.deps.raw.options;
  return `postgres://${user}:${pass}@${host[0]}:${port[0]}/${database}`;
}

const base = () => `http://127.0.0.1:${listener.port}`;

async function contextOf(
  role: 'owner' | 'viewer',
  options: { javaScriptEnabled?: boolean } = {},
): Promise<BrowserContext> {
  const { cookie } = await visitor(world, merchant, role);
  const [name = '', value = ''] = cookie.split('=');
  const context = await browser.newContext({ ...options, locale: 'ja-JP', bypassCSP: true });
  await context.addCookies([{ name, value, url: base() }]);
  return context;
}

async function faultsOf(page: Page, name: string): Promise<Record<string, unknown>> {
  await page.evaluate(AXE);
  const found = await page.evaluate(`axe.run(document, { resultTypes: ['violations'] })
    .then(({ violations }) => violations.map(({ id, nodes }) => id + ' ' + nodes[0].target))`);
  const width = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
  const faults = [...(found as string[]), ...(Number(width) > 0 ? [`${width} px too wide`] : [])];
  if (SHOTS !== null)
    await page.screenshot({ path: `${SHOTS}/${name.replaceAll(/\W+/g, '-')}.png`, fullPage: true });
  return faults.length === 0 ? {} : { [name]: faults };
}

test.each(WIDTHS)(
  'no fault of accessibility, and nothing too wide at %i px, in both languages',
  async (width) => {
    const context = await contextOf('owner');
    const page = await context.newPage();
    await page.setViewportSize({ width, height: 900 });
    const faults: Record<string, unknown> = {};
    const paths: Record<string, string> = {
      home: '/console?',
      list: '/console/payments?',
      filtered: '/console/payments?q=佐藤&status=captured&status=failed&least=100',
      nothing: '/console/payments?q=五十嵐',
      payment: `/console/payments/${order.paymentId}?`,
      personal: `/console/payments/${order.paymentId}?personal=1`,
      held: `/console/payments/${held.paymentId}?`,
      ask: `/console/payments/${order.paymentId}/refund?`,
      confirm: `/console/payments/${order.paymentId}/refund?amount=1000&reason=破損`,
      fault: `/console/payments/${order.paymentId}/refund?amount=x`,
      capture: `/console/payments/${held.paymentId}/capture?amount=100`,
      cancel: `/console/payments/${held.paymentId}/cancel?`,
    };
    for (const [name, path] of Object.entries(paths))
      for (const language of ['ja', 'en']) {
        await page.goto(`${base()}${path}&lang=${language}`);
        await page.evaluate('document.querySelectorAll("details").forEach((one) => { one.open = true; })');
        Object.assign(faults, await faultsOf(page, `${name} ${language} ${width}`));
      }
    expect(faults).toEqual({});
    await context.close();
  },
  180_000,
);

test('without JavaScript, on a phone: found by a name, looked at, refunded in part after a second look', async () => {
  const context = await contextOf('owner', { javaScriptEnabled: false });
  const page = await context.newPage();
  await page.setViewportSize({ width: 390, height: 800 });
  await page.goto(`${base()}/console/payments`);
  await page.fill('#q', '花子');
  await page.fill('#from', '2026-07-01');
  await page.locator('.payments-filters button').click();
  await page.locator('th a', { hasText: 'mug-2026-0711' }).click();
  await page.getByRole('link', { name: '返金する' }).click();
  await page.fill('#amount', '1500');
  await page.getByRole('button', { name: '確認へ進む' }).click();
  expect(await page.textContent('.second-look')).toContain('mug-2026-0711');
  await page.getByRole('button', { name: '1,500円を返金する' }).click();
  expect(await page.textContent('[role=status]')).toContain('1,500円を返金しました');
  await page.getByRole('link', { name: '決済の一覧へ戻る' }).click();
  expect(await page.locator('#q').isVisible()).toBe(true);
  await context.close();
});

test('an export comes down as a file with the filters of the list', async () => {
  const context = await contextOf('owner');
  const page = await context.newPage();
  await page.goto(`${base()}/console/payments?q=花子`);
  await page.locator('details.csv summary').click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: '書き出す' }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^payments-test-\d{4}-\d{2}-\d{2}\.csv$/);
  const text = readFileSync((await download.path()) ?? '', 'utf8');
  expect(text).toContain('mug-2026-0711');
  await context.close();
});
