import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { apiClient } from '../support/api.ts';
import { launchBrowser } from '../support/browser.ts';
import { testPan } from '../support/cards.ts';
import { eventually } from '../support/eventually.ts';
import { type Stack, startStack } from '../support/processes.ts';

/** The demo shop as it is shipped, with the whole machine around it. */
let stack: Stack;
let browser: Browser;

beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack(), launchBrowser()]);
});

afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

const WAYS = [
  { way: 'api', method: 'post', capture: 'automatic', javascript: true },
  { way: 'entry', method: 'get', capture: 'manual', javascript: false },
] as const;

test.each(WAYS)(
  'bought by $way, back by $method, capture $capture, JavaScript $javascript',
  async (chosen) => {
    const page = await shopper(chosen.javascript);
    await choose(page, chosen);
    await page.getByRole('button', { name: '今すぐ購入' }).first().click();
    if (chosen.way === 'entry') await page.getByRole('button', { name: 'お支払いへ進む' }).click();
    await payByCard(page);
    await backToShop(page);
    const title = chosen.capture === 'manual' ? 'ご注文を承りました' : 'お支払いが完了しました';
    expect(await page.locator('h1').textContent()).toBe(title);
    const types = await eventually('both events, and the return', async () => {
      await page.reload();
      await page.locator('#checked').evaluate("(details) => details.setAttribute('open', '')");
      const receipts = await page.locator('.receipts > li').count();
      return receipts >= 3 && page.locator('.events h3 code').allTextContents();
    });
    const first = chosen.capture === 'manual' ? 'payment.authorized' : 'payment.captured';
    expect(types).toEqual([first, 'session.completed']);
    if (chosen.capture === 'manual') {
      await page.getByRole('button', { name: '売上を確定する' }).click();
      expect(await page.locator('h1').textContent()).toBe('お支払いが完了しました');
    }
    await page.locator('input[name=amount]').fill('850');
    await page.getByRole('button', { name: '返金する' }).click();
    expect(await page.locator('h1').textContent()).toBe('一部を返金しました');
    await page.getByRole('button', { name: '返金する' }).click();
    expect(await page.locator('h1').textContent()).toBe('全額を返金しました');
    expect(await page.context().cookies()).toEqual([]);
    await page.context().close();
  },
);

test('forged copies of a real result are refused, the real one again changes nothing', async () => {
  const page = await shopper(true);
  await page.getByRole('button', { name: '今すぐ購入' }).first().click();
  await payByCard(page);
  await backToShop(page);
  const order = page.url();
  for (const [copy, told] of [
    ['金額を1円に書き換えた写し', 'この結果は受け付けられません'],
    ['時刻が古い写し', 'この結果は受け付けられません'],
    ['同じものをもう一度', 'お支払いが完了しました'],
  ]) {
    await page.goto(order);
    await page.locator('summary').click();
    await page.getByRole('button', { name: copy }).click();
    expect(await page.locator('h1').textContent()).toBe(told);
  }
  await page.context().close();
});

test('in three payments: chosen on the payment page, and told by the shop', async () => {
  const page = await shopper(false);
  await page.locator('summary').click();
  await page.locator('input[name=plans][value=all]').check();
  await page.getByRole('button', { name: '今すぐ購入' }).first().click();
  await page.getByLabel('お支払い回数').selectOption('3回払い');
  await payByCard(page);
  await backToShop(page);
  expect(await page.locator('.order .facts').textContent()).toContain('お支払い回数3回払い');
  await page.context().close();
});

test('left without paying: back at the shop with nothing charged, and a second try pays', async () => {
  const page = await shopper(true);
  await page.getByRole('button', { name: 'カートに入れる' }).first().click();
  await page.getByRole('button', { name: 'ひとつ増やす' }).click();
  await page.getByRole('button', { name: 'ご購入手続きへ' }).click();
  await page.getByRole('button', { name: '戻る' }).first().click();
  await backToShop(page);
  expect(await page.locator('h1').textContent()).toBe('お支払いは行われていません');
  await page.getByRole('button', { name: 'もう一度お支払いへ' }).click();
  await payByCard(page);
  await backToShop(page);
  expect(await page.locator('h1').textContent()).toBe('お支払いが完了しました');
  await page.context().close();
});

test('its endpoint is registered once, also after a restart, and orders are still there', async () => {
  const page = await shopper(true);
  await page.getByRole('button', { name: '今すぐ購入' }).first().click();
  await payByCard(page);
  await backToShop(page);
  const order = page.url();
  expect(await stack.kill('SIGTERM')).toBe(0);
  await stack.restart();
  await page.goto(order);
  expect(await page.locator('h1').textContent()).toBe('お支払いが完了しました');
  const api = apiClient(stack.baseUrl, stack.demo.secret_key);
  const endpoints = await api('GET', '/v1/webhook-endpoints');
  expect(endpoints.body.data.map(({ url }: { url: string }) => url)).toEqual([
    `${stack.demo.shop_url}/webhooks`,
  ]);
  await page.context().close();
});

async function shopper(javaScriptEnabled: boolean): Promise<Page> {
  const viewport = { width: 390, height: 844 };
  const context = await browser.newContext({ viewport, locale: 'ja-JP', javaScriptEnabled });
  const page = await context.newPage();
  await page.goto(`${stack.baseUrl}/demo`);
  return page;
}

async function choose(page: Page, { way, method, capture }: (typeof WAYS)[number]): Promise<void> {
  await page.locator('summary').click();
  await page.locator(`input[name=way][value=${way}]`).check();
  await page.locator(`input[name=return_method][value=${method}]`).check();
  await page.locator(`input[name=capture][value=${capture}]`).check();
}

async function payByCard(page: Page): Promise<void> {
  await page.locator('input[autocomplete~="cc-number"]').fill(testPan());
  await page.locator('input[autocomplete~="cc-exp"]').fill('12/30');
  await page.locator('input[autocomplete~="cc-csc"]').fill('123');
  const name = page.locator('input[autocomplete~="cc-name"]');
  await name.fill('HANAKO YAMADA');
  await name.press('Enter');
}

async function backToShop(page: Page): Promise<void> {
  const onward = page.locator('form:has(input[name="signature"]) button, a[rel~="next"]').first();
  await onward.waitFor({ timeout: 30_000 });
  await onward.click();
  await page.waitForURL('**/orders/**');
}
