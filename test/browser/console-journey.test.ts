import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { testPan } from '../support/cards.ts';
import { eventually } from '../support/eventually.ts';
import { codeAt } from '../support/people.ts';
import { type Stack, startStack } from '../support/processes.ts';

/** Somebody who writes no code, with a phone: a link, a request, a batch of three, all paid; one given back; the day exported. */
let stack: Stack;
let browser: Browser;

beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

const CSV = `注文番号,金額,メールアドレス,お名前,内容
B-1,5500,a@example.com,山田 一郎,会費
B-2,5500,b@example.com,髙橋 二郎,会費
B-3,6600,c@example.com,﨑山 三郎,会費
`;

test('from the login to the export of the day, without a line of code', async () => {
  const page = await newTab();
  await logIn(page);

  await page.getByRole('link', { name: '決済リンク', exact: true }).click();
  await page.getByRole('link', { name: '新しいリンクを作る' }).click();
  await page.getByLabel('名称', { exact: true }).fill('陶芸教室 11月');
  await page.getByLabel('金額(税込、円)').fill('３，０００');
  await page.getByRole('button', { name: 'リンクを作る' }).click();
  const link = await page.locator('#address').innerText();
  await page.getByRole('link', { name: 'ポスターを印刷する' }).click();
  expect(await page.locator('.poster').innerText()).toContain('3,000円');

  await page.getByRole('link', { name: 'メールリンク', exact: true }).click();
  await page.goto(`${stack.baseUrl}/console/requests/new`);
  await page.locator('#order').fill('A-1');
  await page.locator('#amount').fill('8800');
  await page.locator('#name').fill('髙橋 花子');
  await page.locator('#email').fill('hanako@example.com');
  await page.locator('form button.first').click();
  await page.waitForURL(/preq_/);
  await page
    .getByRole('link', { name: /送/ })
    .or(page.getByRole('button', { name: /送/ }))
    .first()
    .click();
  if (await page.locator('form.panel button.first').count())
    await page.locator('form.panel button.first').first().click();

  await page.goto(`${stack.baseUrl}/console/requests/file`);
  await page
    .locator('#file')
    .setInputFiles({ name: '会費.csv', mimeType: 'text/csv', buffer: Buffer.from(CSV) });
  await page.locator('form.panel button.first').click();
  await page.locator('button[name=send][value="1"]').click();

  const requests = await eventually('four mails with links', async () => {
    const links = await mailedLinks();
    return links.length >= 4 ? links : undefined;
  });
  // Every other of them has JavaScript switched off.
  for (const [at, url] of requests.entries()) await payThrough(await newTab(at % 2 === 0), url);
  const tab = await newTab();
  await tab.goto(link);
  await tab.getByRole('button', { name: 'お支払いへ進む' }).click();
  await payByCard(tab);

  await page.goto(`${stack.baseUrl}/console/payments?q=B-2`);
  await page.getByRole('link', { name: 'B-2', exact: true }).click();
  await page.getByRole('link', { name: '返金' }).click();
  await page.locator('form button.first').click();
  await page.locator('.second-look button.danger').click();
  await page.getByText('返金').first().waitFor();
  await eventually('it is given back', async () => {
    await page.goto(`${stack.baseUrl}/console/payments?q=B-2`);
    return (await page.locator('.ledger').innerText()).includes('全額返金');
  });

  await page.goto(`${stack.baseUrl}/console/payments`);
  await page.locator('details.csv summary').click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.locator('details.csv button').click(),
  ]);
  const csv = readFileSync((await download.path()) ?? '', 'utf8');
  expect(csv.startsWith('\ufeff')).toBe(true);
  for (const order of ['A-1', 'B-1', 'B-2', 'B-3']) expect(csv).toContain(order);
  expect(csv.trim().split('\n')).toHaveLength(6);

  await page.goto(`${stack.baseUrl}/console/audit`);
  const audit = await page.locator('main').innerText();
  for (const words of ['返金', 'リンク', 'ログイン']) expect(audit).toContain(words);
});

async function newTab(javaScriptEnabled = true): Promise<Page> {
  const viewport = { width: 390, height: 844 };
  const context = await browser.newContext({ javaScriptEnabled, locale: 'ja-JP', viewport });
  onTestFinished(() => context.close());
  return context.newPage();
}

async function logIn(page: Page): Promise<void> {
  const { console: demo } = stack.demo;
  await page.goto(demo.url);
  await page.locator('[name=login_id]').fill(demo.login_id);
  await page.locator('[name=password]').fill(demo.password);
  await page.locator('form button.first').click();
  await page.locator('[name=code]').fill(codeAt(new Date(), demo.totp_secret));
  await page.locator('form button.first').click();
  await page.getByRole('heading', { level: 1, name: 'ホーム' }).waitFor();
}

/** The links of the requests that were caught. */
async function mailedLinks(): Promise<string[]> {
  const inbox = await (await fetch(`${stack.baseUrl}/demo/inbox`)).text();
  const ids = [...inbox.matchAll(/\/demo\/inbox\/(mail_\w+)/g)].map(([, id]) => id ?? '');
  const texts = await Promise.all(
    [...new Set(ids)].map(async (id) => (await fetch(`${stack.baseUrl}/demo/inbox/${id}`)).text()),
  );
  return [...new Set(texts.flatMap((text) => text.match(/http:\/\/localhost:\d+\/r\/[0-9a-z]{32}/g) ?? []))];
}

async function payThrough(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.locator('main form button.primary').click();
  await payByCard(page);
}

async function payByCard(page: Page): Promise<void> {
  await page.locator('[name=number]').fill(testPan());
  await page.locator('[name=exp]').fill('12/30');
  await page.locator('[name=csc]').fill('123');
  await page.locator('[name=name]').fill('TARO YAMADA');
  const email = page.locator('.for-card [name=email], #card [name=email]').first();
  if (await email.count()) await email.fill('taro@example.com');
  await page.locator('.for-card button.primary').click();
  const paid = page.locator('[data-outcome=paid]');
  const onward = page.getByRole('button', { name: '次へ進む' });
  await paid.or(onward).waitFor();
  // Without JavaScript the way on is a button.
  if (await onward.isVisible()) await onward.click();
  await paid.waitFor();
}
