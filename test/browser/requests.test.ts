import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LANGUAGES } from '../../src/i18n/language.ts';
import { keepBatch } from '../../src/requests/import.ts';
import { type Listener, listen } from '../../src/roles/listen.ts';
import { requestRoutes } from '../../src/web/requests/routes.ts';
import { newOrderId } from '../support/api.ts';
import { launchBrowser } from '../support/browser.ts';
import { call } from '../support/call.ts';
import { mountConsole, visitor } from '../support/console.ts';
import { openWorld, type TestMerchant, type World } from '../support/world.ts';

/** The pages of payment requests, the shopper's and the merchant's, for everybody and on anything. */
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** A folder to put pictures of every page in, to look at. */
const SHOTS = process.env.CONSOLE_SHOTS ?? null;
let browser: Browser;
let world: World;
let listener: Listener;
let shop: TestMerchant;
const ids: Record<string, { id: string; path: string }> = {};

beforeAll(async () => {
  [browser, world] = await Promise.all([launchBrowser(), openWorld()]);
  mountConsole(world);
  world.app.route('/', requestRoutes(world.deps));
  listener = await listen(world.app.fetch, '127.0.0.1', 0);
  Object.assign(world.deps.config, { publicUrl: base() });
  shop = await world.merchant({ contact: { email: 'shop@example.com', phone: '03-1234-5678', url: null } });
  for (const name of ['open', 'sent', 'canceled']) {
    const body = {
      order_id: newOrderId(name),
      amount: 12_800,
      description: '11月のレッスン料(ピアノ、60分 × 4回)',
      message: '{name}様\n\nいつもありがとうございます。\n{due}までに、{amount}をお支払いください。',
      customer: { name: '髙橋 一郎', email: 'ichiro@example.com' },
      line_items: [{ name: 'ピアノ', quantity: 4, unit_amount: 3_200 }],
      remind_days: [3],
      send: name === 'sent',
    };
    const made = await call(world, 'POST /v1/payment-requests', { key: shop.keys.sk_test, body });
    ids[name] = { id: made.body.id, path: new URL(made.body.url).pathname };
  }
  await call(world, `POST /v1/payment-requests/${ids.canceled?.id}/cancel`, {
    key: shop.keys.sk_test,
    body: {},
  });
});
afterAll(async () => {
  await browser?.close();
  await listener?.close();
  await world?.close();
});

const base = () => `http://127.0.0.1:${listener.port}`;

async function faultsOf(page: Page, name: string): Promise<Record<string, unknown>> {
  await page.evaluate(AXE);
  const found = await page.evaluate(`axe.run(document, { resultTypes: ['violations'], iframes: false })
    .then(({ violations }) => violations.map(({ id, nodes }) => id + ' ' + nodes[0].target))`);
  const width = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
  const faults = [...(found as string[]), ...(Number(width) > 0 ? [`${width} px too wide`] : [])];
  if (SHOTS !== null)
    await page.screenshot({ path: `${SHOTS}/request-${name.replaceAll(/\W+/g, '-')}.png`, fullPage: true });
  return faults.length === 0 ? {} : { [name]: faults };
}

test.each(LANGUAGES)(
  'the page of a link and the check have no fault and fit 320 px: %s',
  async (language) => {
    const context = await browser.newContext({ bypassCSP: true, viewport: { width: 320, height: 800 } });
    const page = await context.newPage();
    const faults: Record<string, unknown> = {};
    const link = encodeURIComponent(`${base()}${ids.open?.path}`);
    const paths = {
      open: `${ids.open?.path}?`,
      canceled: `${ids.canceled?.path}?`,
      check: '/r/check?',
      genuine: `/r/check?link=${link}&`,
      foreign: '/r/check?link=https://evil.example/r/x&',
    };
    for (const [name, path] of Object.entries(paths)) {
      await page.goto(`${base()}${path}lang=${language}`);
      Object.assign(faults, await faultsOf(page, `${name} ${language}`));
    }
    expect(faults).toEqual({});
    await context.close();
  },
);

test('payee, amount and due date come first; the check tells whose link it is, and knows what is not ours', async () => {
  const page = await (await browser.newContext({ javaScriptEnabled: false, locale: 'ja-JP' })).newPage();
  await page.goto(`${base()}${ids.open?.path}`);
  const text = (await page.locator('main').innerText()).replaceAll('\n', ' ');
  const places = [
    `Shop ${shop.merchantId}`,
    '12,800',
    '日本時間',
    '支払いに進む',
    '髙橋 一郎様',
    'ピアノ',
  ].map((part) => text.indexOf(part));
  expect(places.every((place) => place >= 0)).toBe(true);
  expect([...places].sort((a, b) => a - b)).toEqual(places);
  const ask = async (pasted: string) => {
    await page.goto(`${base()}/r/check`);
    await page.locator('textarea').fill(pasted);
    await page.locator('button.primary').click();
    return page.locator('main').innerText();
  };
  const good = await ask(`お支払いはこちら\n${base()}${ids.open?.path}\nよろしくお願いします`);
  expect(good).toContain(`Shop ${shop.merchantId}`);
  expect(good).not.toMatch(/12,800|髙橋/);
  expect(await ask(`${base()}/r/${'0'.repeat(32)}`)).toContain('見つかりません');
  for (const evil of [
    `https://evil.example${ids.open?.path}`,
    `http://127.0.0.1:${listener.port}@evil.example${ids.open?.path}`,
    `${base()}${ids.open?.path} https://evil.example/`,
  ])
    expect(await ask(evil)).toContain('このサービスのリンクではありません');
  expect(await ask('こんにちは')).toContain('リンクが見つかりません');
});

test.each([390, 1280])(
  'the console has no fault of accessibility, and nothing too wide at %i px',
  async (width) => {
    const { cookie } = await visitor(world, shop, 'owner');
    const [name = '', value = ''] = cookie.split('=');
    const context = await browser.newContext({
      locale: 'ja-JP',
      bypassCSP: true,
      viewport: { width, height: 900 },
    });
    await context.addCookies([{ name, value, url: base() }]);
    const page = await context.newPage();
    const merchant = await shop.as('test');
    const rows = ['a', 'b'].map((email) => ({
      ...{
        orderId: newOrderId(),
        amount: 8_800,
        description: null,
        name: '山田 花子',
        email: `${email}@example.com`,
      },
      ...{ language: 'ja' as const, subject: null, message: null, remindDays: [], sendAt: null },
      dueAt: merchant.clock.now().toISOString(),
    }));
    const batch = await keepBatch(world.deps, merchant, { name: '11月のレッスン料', rows });
    const paths = {
      list: '/console/requests?',
      new: '/console/requests/new?',
      draft: `/console/requests/${ids.open?.id}?done=saved&`,
      sent: `/console/requests/${ids.sent?.id}?`,
      send: `/console/requests/${ids.open?.id}/send?`,
      cancel: `/console/requests/${ids.sent?.id}/cancel?`,
      file: '/console/requests/file?',
      batch: `/console/requests/file/${batch.id}?`,
      templates: '/console/requests/templates?',
      template: '/console/requests/templates/new?',
    };
    const faults: Record<string, unknown> = {};
    for (const [each, path] of Object.entries(paths))
      for (const language of ['ja', 'en']) {
        await page.goto(`${base()}${path}lang=${language}`);
        Object.assign(faults, await faultsOf(page, `${each} ${language} ${width}`));
      }
    // A file with faults, and the preview that follows what is typed.
    await page.goto(`${base()}/console/requests/file?lang=ja`);
    const csv = Buffer.from('注文番号,金額,メールアドレス\nA-1,百円,taro@\nA 2,100,b@example.com\n');
    await page.locator('#file').setInputFiles({ name: 'lessons.csv', mimeType: 'text/csv', buffer: csv });
    await page.locator('form[enctype] button.first').click();
    await page.locator('text=このファイルは取り込めません').first().waitFor();
    Object.assign(faults, await faultsOf(page, `bad file ${width}`));
    await page.goto(`${base()}/console/requests/new?lang=ja`);
    await page.locator('#amount').fill('8800');
    await page.locator('#message').fill('月謝のお願いです');
    await page.frameLocator('iframe[name=preview]').locator('text=月謝のお願いです').waitFor();
    Object.assign(faults, await faultsOf(page, `preview ${width}`));
    expect(faults).toEqual({});
    await context.close();
  },
  120_000,
);
