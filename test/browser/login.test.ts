import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type Listener, listen } from '../../src/roles/listen.ts';
import { issueLink, linkOf } from '../../src/users/tokens.ts';
import { launchBrowser } from '../support/browser.ts';
import { mountConsole } from '../support/console.ts';
import { codeAt, PASSWORD, person } from '../support/people.ts';
import { openWorld, type TestMerchant, type World } from '../support/world.ts';

/** Logging in as people do: on a telephone, without JavaScript, with a passkey. */
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PHONE = { width: 390, height: 844 };
const SHOTS = process.env.SHOTS;
let browser: Browser;
let world: World;
let listener: Listener;
let merchant: TestMerchant;
let base: string;

beforeAll(async () => {
  browser = await launchBrowser();
  let port = 0;
  const probe = await listen(() => new Response(), '127.0.0.1', 0);
  port = probe.port;
  await probe.close();
  base = `http://localhost:${port}`;
  world = await openWorld({ environment: { PUBLIC_URL: base, OLDER_SERVICE_URL: 'https://older.example' } });
  mountConsole(world);
  listener = await listen(world.app.fetch, '127.0.0.1', port);
  merchant = await world.merchant();
});
afterAll(async () => {
  await browser?.close();
  await listener?.close();
  await world?.close();
});

test('without JavaScript, at 390 px: merchant ID, password, code', async () => {
  const user = await person(world, merchant, { login: 'taro', role: 'owner' });
  const { page } = await open({ javaScriptEnabled: false });
  await page.goto(`${base}/console/payments`);
  await page.getByLabel('加盟店ID').fill(user.merchantId);
  await page.getByLabel('ユーザー名').fill('taro');
  await page.getByLabel('パスワード').fill(PASSWORD);
  await page.getByRole('button', { name: 'ログイン' }).click();
  await page.locator('[autocomplete=one-time-code]').fill(codeAt(world.clock.now()));
  await page.getByRole('button', { name: '確認' }).click();
  await page.waitForURL(`${base}/console/payments`);
  await page.getByRole('button', { name: 'ログアウト' }).click();
  expect(await page.locator('[role=status]').textContent()).toContain('ログアウトしました');
});

test('an invitation to the first look around, with an app, and then by passkey', async () => {
  world.clock.advance(60_000);
  const user = await person(world, merchant, {
    login: 'hanako',
    role: 'owner',
    status: 'invited',
    passwordHash: null,
    totp: false,
  });
  const link = await issueLink(world.deps.db, world.deps, user, 'invitation');
  const { page, context } = await open();
  await withAuthenticator(context, page);
  await page.goto(linkOf(world.deps.config, user.merchantId, 'invitation', link.seed));
  await look(page, 'join');
  await page.getByLabel('新しいパスワード').fill(PASSWORD);
  await page.getByRole('button', { name: '始める' }).click();
  await page.waitForURL('**/console/login/enrol');
  await look(page, 'enrol');
  const secret = (await page.locator('code.key').textContent()) ?? '';
  await page.getByLabel('確認コード').fill(codeAt(world.clock.now(), secret.replaceAll(' ', '')));
  await page.getByRole('button', { name: '登録する', exact: true }).click();
  await page.locator('#codes').waitFor();
  await look(page, 'codes');
  await page.getByRole('link', { name: '控えました' }).click();

  await page.goto(`${base}/console/account`);
  await page.getByRole('link', { name: 'パスキーを追加' }).click();
  await look(page, 'confirm');
  await page.getByLabel('パスワード').fill(PASSWORD);
  await page.getByRole('button', { name: '続ける' }).click();
  await page.waitForURL('**/console/account/passkeys');
  await look(page, 'passkey');
  await page.getByLabel('名前').fill('お店のスマートフォン');
  await page.getByRole('button', { name: 'パスキーを追加' }).click();
  await page.waitForURL('**/console/account?done=passkey');
  expect(await page.locator('[role=status]').textContent()).toContain('追加しました');
  await look(page, 'account');

  await page.getByRole('button', { name: 'ログアウト' }).click();
  await page.getByLabel('加盟店ID').fill(`${user.merchantId}/hanako`);
  await page.getByLabel('パスワード').fill(PASSWORD);
  await page.getByRole('button', { name: 'ログイン' }).click();
  await look(page, 'second');
  await page.getByRole('button', { name: 'パスキーで続ける' }).click();
  await page.waitForURL(`${base}/console`);
  await page.goto(`${base}/console/users`);
  await look(page, 'users');
  await page.getByRole('link', { name: '招待する' }).click();
  await look(page, 'invite');
  await page.getByRole('button', { name: '招待を送る' }).click();
  await look(page, 'invite-faults');
  await person(world, merchant, { login: 'jiro', name: '佐藤 次郎', totp: true });
  await page.goto(`${base}/console/users`);
  await page.getByRole('link', { name: '佐藤 次郎' }).click();
  await look(page, 'user');
});

test('the first second factor may be a passkey', async () => {
  const user = await person(world, merchant, { login: 'keiko', totp: false });
  const { page, context } = await open();
  await withAuthenticator(context, page);
  await page.goto(`${base}/console/login?lang=en`);
  await page.getByLabel('Merchant ID').fill(user.merchantId);
  await page.getByLabel('User name').fill('keiko');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('button', { name: /パスキーを登録する|Set up a passkey/ }).click();
  await page.locator('#codes').waitFor();
  await page.goto(`${base}/console/account`);
  expect(await page.locator('.keys input[name=name]').count()).toBe(1);
});

test('the pages before the login', async () => {
  const { page } = await open();
  await page.goto(`${base}/console/login`);
  await look(page, 'login');
  await page.getByLabel('加盟店ID').fill('B1');
  await page.getByRole('button', { name: 'ログイン' }).click();
  await look(page, 'login-faults');
  await page.goto(`${base}/console/login`);
  await page.getByLabel('加盟店ID').fill('D100000001');
  await page.getByLabel('パスワード').fill('x');
  await page.getByRole('button', { name: 'ログイン' }).click();
  await look(page, 'older');
  await page.goto(`${base}/console/forgot`);
  await look(page, 'forgot');
  await page.goto(`${base}/console/join/nothing`);
  await look(page, 'over');
});

async function open(
  more: { javaScriptEnabled?: boolean } = {},
): Promise<{ page: Page; context: BrowserContext }> {
  const context = await browser.newContext({ viewport: PHONE, locale: 'ja-JP', ...more });
  onTestFinished(() => context.close());
  return { context, page: await context.newPage() };
}

/** A telephone with a screen lock, as Chromium plays it. */
async function withAuthenticator(context: BrowserContext, page: Page): Promise<void> {
  const devtools = await context.newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

/** No fault of accessibility, and nothing beyond the edge, on phone and desktop. */
async function look(page: Page, name: string): Promise<void> {
  for (const width of [1280, 390, 320]) {
    await page.setViewportSize({ width, height: 844 });
    const over = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
    expect([name, width, over > 0]).toEqual([name, width, false]);
    await page.evaluate(AXE);
    const faults = await page.evaluate<string[]>(
      `axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map((n) => n.html).join(' ')))`,
    );
    expect([name, width, faults]).toEqual([name, width, []]);
    if (SHOTS !== undefined && width !== 320)
      await page.screenshot({ path: `${SHOTS}/${name}-${width}.png`, fullPage: true });
  }
  await page.setViewportSize(PHONE);
}
