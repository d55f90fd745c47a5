import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type ApiClient, apiClient, type Json } from '../support/api.ts';
import { launchBrowser } from '../support/browser.ts';
import { testPan } from '../support/cards.ts';
import { eventually } from '../support/eventually.ts';
import { type Stack, startStack } from '../support/processes.ts';

/** A customer with a phone, who scanned the poster. */
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let stack: Stack;
let api: ApiClient;
let browser: Browser;

beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack(), launchBrowser()]);
  api = apiClient(stack.baseUrl, stack.demo.secret_key);
});
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

const BODY = {
  title: '手びねりの器',
  description: '山口の窯から',
  price: {
    type: 'list',
    items: [
      { id: 'cup', name: '湯のみ', amount: 2_800 },
      { id: 'dish', name: '大皿', amount: 12_000 },
    ],
  },
  quantity: { least: 1, most: 3 },
  tax_rate: 10,
  collect: { name: 'required', email: 'required', address: 'optional' },
  fields: [{ id: 'engraving', label: '名入れ', type: 'choice', options: ['あり', 'なし'], required: true }],
  after: { type: 'message', text: 'ありがとうございます。\n3日以内に発送します。' },
};

async function openLink(script: boolean, body: Json = BODY): Promise<{ page: Page; link: Json }> {
  const { body: link } = await api('POST', '/v1/payment-links', body);
  const viewport = { width: 390, height: 844 };
  const context = await browser.newContext({ javaScriptEnabled: script, locale: 'ja-JP', viewport });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  await page.goto(link.url);
  return { page, link };
}

describe.each([{ script: true }, { script: false }])('JavaScript: $script', ({ script }) => {
  test('ordered, paid, thanked', async () => {
    const { page, link } = await openLink(script);
    await page.getByRole('button', { name: 'お支払いへ進む' }).click();
    await page.locator('#choice-error').waitFor();
    await page.getByLabel('湯のみ').check();
    await page.locator('[name=quantity]').fill('2');
    if (script) await expect.poll(() => page.locator('#sum').innerText()).toContain('5,600円');
    await page.locator('[name=name]').fill('髙橋 一郎');
    await page.locator('[name=email]').fill('ichiro@example.com');
    await page.locator('[name=own_engraving]').selectOption('あり');
    await page.getByRole('button', { name: 'お支払いへ進む' }).click();
    await page.locator('[name=number]').fill(testPan());
    await page.locator('[name=exp]').fill('12/30');
    await page.locator('[name=csc]').fill('123');
    await page.locator('[name=name]').fill('ICHIRO TAKAHASHI');
    expect(await page.locator('[name=email]').count()).toBe(0);
    await page.locator('.for-card button.primary').click();
    await page.locator('[data-outcome=paid]').waitFor();
    const said = await page.locator('main').innerText();
    for (const words of ['5,600', '3日以内に発送します', '領収書']) expect(said).toContain(words);
    expect(await page.locator('#return').count()).toBe(0);
    const { body } = await api('GET', '/v1/payments?limit=100');
    const payment = body.data.find(({ metadata }: Json) => metadata.payment_link === link.id);
    expect(payment).toMatchObject({ amount: 5_600, status: 'captured' });
  });

  test('who goes back begins again at the link, and the piece is there again', async () => {
    const { page, link } = await openLink(script, {
      title: '残り1点',
      price: { type: 'open', least: 500, most: 5_000 },
      stock: 1,
    });
    await page.locator('[name=amount]').fill('１，５００円');
    await page.getByRole('button', { name: 'お支払いへ進む' }).click();
    await page.getByRole('button', { name: '戻る' }).click();
    await page.locator('[data-outcome=shopperCanceled]').waitFor();
    await page.locator('.next a.primary').click();
    await page.waitForURL(link.url);
    await eventually('it can be bought again', async () => {
      const { body } = await api('GET', `/v1/payment-links/${link.id}`);
      return body.stock.left === 1;
    });
  });
});

test.each(['ja', 'en', 'zh-Hans', 'zh-Hant', 'ko'])(
  'no fault of accessibility, and nothing wider than 320 px: %s',
  async (language) => {
    const { page, link } = await openLink(true);
    await page.setViewportSize({ width: 320, height: 640 });
    const faults: unknown[] = [];
    for (const step of ['first', 'faulty']) {
      if (step === 'first') await page.goto(`${link.url}?lang=${language}`);
      else await page.locator('button.primary').click();
      await page.locator('h1').waitFor();
      await page.evaluate(AXE);
      const { violations } = await page.evaluate<Json>('axe.run()');
      faults.push(...violations.map(({ id, nodes }: Json) => [step, id, nodes[0]?.html]));
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
    }
    expect(faults).toEqual([]);
  },
);
