import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type ApiClient, apiClient, sessionBody } from '../support/api.ts';
import { launchBrowser } from '../support/browser.ts';
import { type Stack, startStack } from '../support/processes.ts';
import { payAtRegister } from '../support/register.ts';
import { type ReturnSite, startReturnSite } from '../support/return-site.ts';

/** A shopper with a phone, who pays elsewhere: at the simulated centre's register. */
let stack: Stack;
let api: ApiClient;
let shop: ReturnSite;
let browser: Browser;

beforeAll(async () => {
  [stack, shop, browser] = await Promise.all([startStack(), startReturnSite(), launchBrowser()]);
  api = apiClient(stack.baseUrl, stack.demo.secret_key);
});

afterAll(async () => {
  await browser?.close();
  await shop?.close();
  await stack?.stop();
});

async function openPage(javaScriptEnabled: boolean): Promise<Page> {
  const context = await browser.newContext({
    ...{ javaScriptEnabled, locale: 'ja-JP', viewport: { width: 390, height: 844 } },
  });
  onTestFinished(() => context.close());
  const body = sessionBody({ return_url: `${shop.url}/return`, customer: {} });
  const { body: session } = await api('POST', '/v1/sessions', body);
  const page = await context.newPage();
  await page.goto(session.url);
  return page;
}

async function numberOn(page: Page): Promise<string> {
  await page.locator('.digits').first().waitFor();
  return (await page.locator('.digits').first().getAttribute('data-digits')) ?? '';
}

const focused = (page: Page) => page.evaluate<string>('document.activeElement.name');

test('by keyboard alone: a number, and once it is paid at the register its page says so', async () => {
  const page = await openPage(true);
  await page.locator('[value=card]').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Tab');
  for (const _ of ['familymart', 'lawson']) await page.keyboard.press('ArrowDown');
  const typed: Record<string, string> = { konbini_name: '髙橋 一郎', konbini_phone: '090-1234-5678' };
  for (const field of ['konbini_name', 'konbini_phone']) {
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe(field);
    await page.keyboard.insertText(typed[field] ?? '');
  }
  await page.getByText('印字されるお名前: 高橋　一郎').waitFor();
  await page.keyboard.press('Enter');
  const number = await numberOn(page);
  expect(number).toMatch(/^\d{6}$/);
  await page.keyboard.press('Tab');
  const shown = await page.locator('#number').innerText();
  for (const part of ['ローソン', '090 1234 5678', '12,800円', '高橋　一郎', '日本時間'])
    expect(shown).toContain(part);
  await payAtRegister(stack, number);
  await expect
    .poll(
      async () => {
        await page.evaluate(`document.dispatchEvent(new Event('visibilitychange'))`).catch(() => null);
        return page.locator('h1').textContent();
      },
      { timeout: 15_000 },
    )
    .toBe('お支払いが完了しました');
  expect(await page.textContent('.receipt')).toContain('コンビニ払い / ローソン');
});

test('without JavaScript: a slip to show at the register, and its barcode', async () => {
  const page = await openPage(false);
  await page.locator('[value=konbini]').check();
  await page.locator('[value=seven_eleven]').check();
  await page.locator('#konbini_name').fill('Taro Yamada');
  await page.getByRole('button', { name: '支払い番号を受け取る' }).click();
  const number = await numberOn(page);
  expect(number).toMatch(/^\d{13}$/);
  expect(await page.isVisible('.bars')).toBe(true);
  expect(await page.textContent('.slip .code')).toMatch(/^\(91\)[\d-]+$/);
  expect(await page.locator('#number').innerText()).toContain('Ｔａｒｏ　Ｙａｍａｄａ');
  await payAtRegister(stack, number);
  await expect
    .poll(
      async () => {
        await page.reload();
        return page.locator('h1').textContent();
      },
      { timeout: 15_000 },
    )
    .toBe('お支払いが完了しました');
});

test('a bank is opened from its page, and what was chosen can be changed', async () => {
  const page = await openPage(true);
  await page.locator('[value=netbank]').check();
  await page.getByLabel('みずほ銀行').check();
  await page.locator('#netbank_name').fill('山田 太郎');
  await page.locator('#netbank_kana').fill('やまだ たろう');
  await page.getByRole('button', { name: '銀行の画面へ進む' }).click();
  await page.getByText('みずほ銀行').waitFor();
  expect(await page.getByRole('link', { name: '銀行の画面を開く' }).getAttribute('href')).toContain('/bank/');
  await page.getByRole('button', { name: '別の方法で支払う' }).click();
  await page.locator('[value=konbini]').waitFor();
});
