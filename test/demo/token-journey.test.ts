import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, FrameLocator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { testPan } from '../support/cards.ts';
import { eventually } from '../support/eventually.ts';
import { type Stack, startStack } from '../support/processes.ts';

/** The demo shop that keeps its customers on its own page, as it is shipped, with the whole machine around it. */
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let stack: Stack;
let browser: Browser;

beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

const NUMBER = '3530111333300000';

test('the first shop leads to it; a card in its page pays; its server has a token and nothing else', async () => {
  const { page, complaints } = await phone();
  await page.goto(`${stack.baseUrl}/demo`);
  await page.locator('summary').click();
  await page.getByRole('link', { name: '同じお店のトークン型' }).click();
  expect(page.url()).toContain(stack.demo.token_shop_url);
  await buy(page);
  await typeCard(page, NUMBER);
  await page.getByRole('button', { name: /を支払う/ }).click();
  await backToShop(page);
  expect(await page.locator('h1').textContent()).toBe('お支払いが完了しました');
  expect(page.url()).toContain(stack.demo.token_shop_url);
  const received = await page.locator('.developers pre').first().textContent();
  expect(received).toMatch(/^token=tok_[0-9a-z]+$/);
  const logged = readFileSync(stack.outputFile, 'utf8').split('\n');
  const lines = logged.filter((line) => line.includes('"program":"shop"')).map((line) => JSON.parse(line));
  expect(lines).toContainEqual({
    program: 'shop',
    request: expect.stringMatching(/^POST \/orders\/[\w-]+\/token$/),
    body: received,
  });
  const digits = NUMBER.slice(0, 12);
  expect(logged.filter((line) => line.includes(digits))).toEqual([]);
  expect(readFileSync(`${stack.dataDir}/shop.json`, 'utf8')).not.toContain(digits);
  expect(complaints).toEqual([]);
});

test('in English, with a challenge; a way back in the middle leads on to where it was', async () => {
  const { page } = await phone('en-GB');
  await page.goto(stack.demo.token_shop_url);
  await buy(page, 'Buy now');
  const checkout = page.url();
  await typeCard(page, testPan('01'));
  await page.getByRole('button', { name: /^Pay / }).click();
  await bank(page);
  await page.goto(checkout);
  await typeCard(page, testPan('00'));
  await page.getByRole('button', { name: /^Pay / }).click();
  await page.waitForURL('**/p/**');
  const code = (await bank(page)).locator('input[autocomplete="one-time-code"]');
  await code.fill('123456');
  await code.press('Enter');
  await backToShop(page);
  expect(await page.locator('h1').textContent()).toBe('Thank you, your payment is complete');
});

test('what is missing is told in the fields; a card that is declined may be changed on our page', async () => {
  const { page } = await phone();
  await page.goto(stack.demo.token_shop_url);
  await buy(page);
  await page.getByRole('button', { name: /を支払う/ }).click();
  await fieldsOf(page).getByText('カード番号を入力してください。').waitFor();
  await typeCard(page, testPan('00', '51'));
  await page.getByRole('button', { name: /を支払う/ }).click();
  await page.getByText('このカードではお支払いを完了できませんでした。').first().waitFor();
  await page.getByLabel('カード番号').fill(testPan());
  await page.getByLabel('有効期限').fill('1230');
  await page.getByLabel('セキュリティコード').fill('123');
  await page.getByLabel('カード名義').fill('HANAKO YAMADA');
  await page.getByLabel('カード名義').press('Enter');
  await backToShop(page);
  expect(await page.locator('h1').textContent()).toBe('お支払いが完了しました');
});

test('a payment plan chosen on its own page is paid by; one that the card does not take is told', async () => {
  const { page } = await phone();
  await page.goto(stack.demo.token_shop_url);
  await page.locator('summary').click();
  await page.locator('input[name=plans][value=all]').check();
  await buy(page);
  for (const [plan, number] of [
    ['3回払い', testPan('00', '00', 'diners')],
    ['6回払い', testPan()],
  ] as const) {
    await typeCard(page, number);
    await page.getByLabel('お支払い回数').selectOption(plan);
    await fieldsOf(page).locator('input[autocomplete="cc-name"]').press('Enter');
    if (plan === '3回払い') await page.getByText('選んだお支払い回数をお使いいただけません。').waitFor();
  }
  await backToShop(page);
  expect(await page.locator('.order .facts').textContent()).toContain('お支払い回数6回払い');
});

test('without JavaScript the page says so and leads to the shop that needs none', async () => {
  const { page } = await phone('ja-JP', false);
  await page.goto(stack.demo.token_shop_url);
  await buy(page);
  await page.getByRole('link', { name: '決済会社の画面でのお支払い' }).click();
  expect(page.url()).toContain(stack.demo.shop_url);
});

test.each(['ja-JP', 'en-GB'])(
  'the checkout has no fault of accessibility and fits a small phone, %s',
  async (locale) => {
    const { page } = await phone(locale);
    await page.setViewportSize({ width: 320, height: 640 });
    await page.goto(stack.demo.token_shop_url);
    await page.locator('button[name=buy]').first().click();
    await page.waitForURL('**/card');
    await fieldsOf(page).locator('#number').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    await page.evaluate(AXE);
    const faults = await page.evaluate<string[]>(
      'axe.run(document, { iframes: false }).then(({ violations }) => violations.map(({ id }) => id))',
    );
    expect(faults).toEqual([]);
  },
);

async function phone(
  locale = 'ja-JP',
  javaScriptEnabled = true,
): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    locale,
    javaScriptEnabled,
  });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  return { page, complaints };
}

async function buy(page: Page, name = '今すぐ購入'): Promise<void> {
  await page.getByRole('button', { name }).first().click();
  await page.waitForURL('**/card');
}

function fieldsOf(page: Page): FrameLocator {
  return page.frameLocator('#card iframe');
}

async function typeCard(page: Page, number: string): Promise<void> {
  const fields = fieldsOf(page);
  const card = { 'cc-number': number, 'cc-exp': '1230', 'cc-csc': '123', 'cc-name': 'HANAKO YAMADA' };
  for (const [token, text] of Object.entries(card)) {
    await fields.locator(`input[autocomplete="${token}"]`).fill(text);
  }
}

function bank(page: Page) {
  return eventually('the bank in its frame', async () =>
    page.frames().find((each) => each.url().includes('/acs/challenge')),
  );
}

async function backToShop(page: Page): Promise<void> {
  const onward = page.locator('form:has(input[name="signature"]) button').first();
  await onward.click({ timeout: 30_000 });
  await page.waitForURL('**/orders/**');
}
