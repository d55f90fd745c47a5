import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { LANGUAGES } from '../../src/i18n/language.ts';
import { printedAs } from '../../src/web/pay/method-form.ts';
import { launchBrowser } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { FORM_VISITS, NUMBER_VISITS } from '../web/pay/number-visits.ts';
import { type Gallery, openGallery } from './gallery.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Every view of a payment by a number, in every language: `lawson-ko`. */
const VIEWS = Object.fromEntries(
  Object.entries({ ...NUMBER_VISITS, ...FORM_VISITS }).flatMap(([name, view]) =>
    LANGUAGES.map((language) => {
      const { visit, shown } = 'visit' in view ? view : { visit: view, shown: {} };
      return [`${name}-${language}`, { visit, shown: { ...shown, place: { language, chosen: true } } }];
    }),
  ),
);

let browser: Browser;
let gallery: Gallery;
beforeAll(async () => {
  [browser, gallery] = await Promise.all([launchBrowser(), openGallery(VIEWS)]);
});
afterAll(async () => {
  await browser?.close();
  await gallery?.close();
});

async function openTab(options: BrowserContextOptions = {}): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    locale: 'ja-JP',
    ...options,
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

/** Time stands still but for what the test lets pass. */
async function standStill(page: Page): Promise<void> {
  await page.clock.install({ time: 0 });
  await page.clock.pauseAt(1_000);
}

const atShop = async (page: Page) => new URL(page.url()).pathname === '/thanks' || null;

test.each([
  { language: 'ja', colorScheme: 'light' },
  { language: 'ja', colorScheme: 'dark' },
  { language: 'ko', colorScheme: 'light' },
] as const)(
  'no view has a fault of accessibility: $language, $colorScheme',
  async ({ language, ...options }) => {
    const { page } = await openTab(options);
    await page.addInitScript(`addEventListener('submit', (event) => event.preventDefault(), true)`);
    const faults: Record<string, string[]> = {};
    for (const name of Object.keys(VIEWS).filter((each) => each.endsWith(`-${language}`))) {
      await page.goto(gallery.at(name));
      await page.evaluate(AXE);
      const { violations } = await page.evaluate<{
        violations: { id: string; nodes: { html: string }[] }[];
      }>(
        `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`,
      );
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
      if (found.length > 0) faults[name] = found;
    }
    expect(faults).toEqual({});
  },
);

test.each([
  { text: '100%', languages: /-(ja|en|ko)$/ },
  { text: '200%', languages: /-en$/ },
])('no view scrolls sideways at 320 px with text of $text', async ({ text, languages }) => {
  const { page } = await openTab({ viewport: { width: 320, height: 640 } });
  await page.addInitScript(`addEventListener('submit', (event) => event.preventDefault(), true)`);
  const wide: string[] = [];
  for (const name of Object.keys(VIEWS).filter((each) => languages.test(each))) {
    await page.goto(gallery.at(name));
    const over = await page.evaluate<number>(`(() => {
      document.documentElement.style.fontSize = '${text}';
      return document.documentElement.scrollWidth - innerWidth;
    })()`);
    if (over > 0) wide.push(`${name}: ${over}`);
  }
  expect(wide).toEqual([]);
});

test('a number is copied as bare digits, and that is said aloud', async () => {
  const { page, complaints } = await openTab({ permissions: ['clipboard-read', 'clipboard-write'] });
  await page.goto(gallery.at('payeasy-ja'));
  const copy = page.getByRole('button', { name: 'コピー' });
  expect(await copy.count()).toBe(3);
  await copy.nth(1).focus();
  await page.keyboard.press('Enter');
  await page.getByText('コピーしました: 1234 5678').waitFor({ state: 'attached' });
  expect(await page.evaluate('navigator.clipboard.readText()')).toBe('12345678901234567890');
  expect(complaints).toEqual([]);
});

test('the page leads home after five seconds, once, and says so where it is seen', async () => {
  const { page, complaints } = await openTab();
  await standStill(page);
  await page.goto(gallery.at('lawson-ja'));
  const { height = 0, y = 0 } = (await page.locator('#soon').boundingBox()) ?? {};
  expect(Math.round(y + height)).toBe(844);
  await page.clock.runFor(5_100);
  await eventually('the shop', () => atShop(page));
  await page.goBack();
  await page.clock.runFor(20_000);
  expect(await page.textContent('.digits')).toBe('123456');
  await page.goto(gallery.at('lawson-ja'));
  await page.clock.runFor(20_000);
  expect(await page.isVisible('.digits')).toBe(true);
  expect(complaints).toEqual([]);
});

test.each<{ what: string; act: (page: Page) => Promise<void> }>([
  { what: 'touched', act: (page) => page.touchscreen.tap(200, 300) },
  { what: 'scrolled', act: (page) => page.mouse.wheel(0, 200) },
  { what: 'used by key', act: (page) => page.keyboard.press('Tab') },
])('a number page that is $what stays', async ({ act }) => {
  const { page } = await openTab({ hasTouch: true });
  await standStill(page);
  await page.goto(gallery.at('familymart-en'));
  await act(page);
  await page.getByText('You are staying on this page.').waitFor();
  await page.clock.runFor(20_000);
  expect(await page.isVisible('.digits')).toBe(true);
});

test('without JavaScript all of it is there, and nothing that needs it', async () => {
  const { page } = await openTab({ javaScriptEnabled: false });
  await page.goto(gallery.at('seven_eleven-ja'));
  const shown = await page.locator('main').innerText();
  for (const part of [
    '1234 5678 90123',
    '12,800円',
    '11月26日(木) 23:59',
    '山田',
    'インターネット代金の支払い',
  ])
    expect(shown).toContain(part);
  expect(await page.isVisible('.bars')).toBe(true);
  expect(await page.getByRole('button').allInnerTexts()).toEqual(['お店に戻る']);
});

test('bars are whole pixels of the screen, black on white also in the dark', async () => {
  const { page } = await openTab({
    deviceScaleFactor: 3,
    colorScheme: 'dark',
    viewport: { width: 430, height: 900 },
  });
  await page.goto(gallery.at('seven_eleven-ja'));
  const { width = 0 } = (await page.locator('.bars').boundingBox()) ?? {};
  expect((width * 3) % 308).toBeCloseTo(0, 3);
  expect(width).toBeGreaterThanOrEqual(308);
  const colours = await page.evaluate<string[]>(`[
    getComputedStyle(document.querySelector('.bars')).fill,
    getComputedStyle(document.querySelector('.slip')).backgroundColor,
  ]`);
  expect(colours).toEqual(['rgb(0, 0, 0)', 'rgb(255, 255, 255)']);
});

test.each([
  { paper: 'A4', width: 794, steps: true },
  { paper: 'a receipt', width: 302, steps: false },
])('on $paper stands the number and nothing that is of no use there', async ({ width, steps }) => {
  const { page } = await openTab({ viewport: { width, height: 900 } });
  await page.goto(gallery.at('seven_eleven-ja'));
  await page.emulateMedia({ media: 'print' });
  const shown = await page.locator('body').innerText();
  for (const part of ['うつわと道具 こはる', '1234 5678 90123', '12,800円', '11月26日(木)'])
    expect(shown).toContain(part);
  for (const part of ['コピー', 'お店に戻る', '特定商取引', 'テスト環境']) expect(shown).not.toContain(part);
  expect(await page.getByRole('button').count()).toBe(0);
  expect(await page.isVisible('.how')).toBe(steps);
  // 308 modules of 0.2083 mm: the symbol is 60 mm wide.
  const { width: bars = 0 } = (await page.locator('.bars').boundingBox()) ?? {};
  expect((bars / 96) * 25.4).toBeCloseTo(64.17, 1);
});

const FORM_KONBINI = 'formKonbini-ja';

test('the telephone number is asked for by the chains that need it, without JavaScript too', async () => {
  const { page } = await openTab({ javaScriptEnabled: false });
  await page.goto(gallery.at(FORM_KONBINI));
  const phone = page.locator('#konbini_phone');
  const asked: Record<string, boolean> = {};
  for (const chain of await page.locator('[name=konbini_chain]').all()) {
    await chain.check();
    asked[(await chain.getAttribute('value')) ?? ''] = await phone.isVisible();
  }
  expect(asked).toEqual({
    ...{ seven_eleven: false, familymart: false, daily_yamazaki: false },
    ...{ lawson: true, ministop: true, seicomart: true },
  });
});

test('a konbini payment is sent although the card fields are empty', async () => {
  const { page, complaints } = await openTab();
  await page.goto(gallery.at('formOfMethods-ja'));
  await page.getByLabel('コンビニ払い').check();
  await page.getByLabel('セブン-イレブン').check();
  await page.getByLabel('お名前', { exact: true }).and(page.locator('#konbini_name')).fill('髙橋 一郎');
  gallery.posted.length = 0;
  await page.getByRole('button', { name: '支払い番号を受け取る' }).click();
  await page.waitForSelector('#answer');
  const { form } = gallery.posted.at(-1) ?? {};
  expect([form?.get('method'), form?.get('konbini_chain'), form?.get('konbini_name')]).toEqual([
    'konbini',
    'seven_eleven',
    '髙橋 一郎',
  ]);
  expect(complaints).toEqual([]);
});

test('while a name is typed the page shows how it will be printed', async () => {
  const { page, complaints } = await openTab();
  await page.route('**/printed', (route) => {
    const typed = new URLSearchParams(route.request().postData() ?? '').get('name') ?? '';
    return route.fulfill({ json: { name: printedAs('name', typed), kana: '' } });
  });
  await page.goto(gallery.at(FORM_KONBINI));
  await page.locator('#konbini_name').pressSequentially('山﨑 𠮷子');
  await page.getByText('印字されるお名前: 山崎　吉子').waitFor();
  await page.locator('#konbini_name').fill('');
  await page.locator('.konbini_name .printed:empty').waitFor({ state: 'attached' });
  expect(complaints).toEqual([]);
});

test('after a failure the message has the focus, and the other ways are named', async () => {
  const { page } = await openTab();
  await page.goto(gallery.at('formDeclinedOfMethods-en'));
  expect(await page.evaluate('document.activeElement.dataset.code')).toBe('card_declined');
  expect(await page.textContent('.notice')).toContain('You can also pay by: Convenience store, Pay-easy');
});

test('a way that the amount is too much for is named with its limit, and cannot be chosen', async () => {
  const { page } = await openTab();
  await page.goto(gallery.at('formTooMuchForKonbini-ja'));
  expect(await page.textContent('.too-much')).toContain('300,000円までのご注文でお使いいただけます');
  expect(await page.locator('[value=konbini]').count()).toBe(0);
});

test.each(LANGUAGES)('a first visit with every method is at most 14 KB, %s', async (language) => {
  const { page } = await openTab();
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  let bytes = 0;
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  await page.goto(gallery.at(`formOfMethods-${language}`), { waitUntil: 'networkidle' });
  expect(bytes).toBeGreaterThan(4_000);
  expect(bytes).toBeLessThanOrEqual(14 * 1024);
});
