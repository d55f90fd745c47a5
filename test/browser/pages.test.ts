import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { LANGUAGES } from '../../src/i18n/language.ts';
import { launchBrowser } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { galleryNames } from '../web/pay/visits.ts';
import { type Gallery, openGallery } from './gallery.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let browser: Browser;
let gallery: Gallery;
beforeAll(async () => {
  [browser, gallery] = await Promise.all([launchBrowser(), openGallery()]);
});
afterAll(async () => {
  await browser?.close();
  await gallery?.close();
});

interface Tab {
  page: Page;
  /** What the browser complained about: scripts, policies, missing files. */
  complaints: string[];
}

async function openTab(options: BrowserContextOptions = {}): Promise<Tab> {
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

/** Pages that go on by themselves are looked at without going. */
async function still(page: Page): Promise<void> {
  await page.addInitScript(`addEventListener('submit', (event) => event.preventDefault(), true)`);
}

async function axeFaults(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate<{ violations: { id: string; nodes: { html: string }[] }[] }>(
    `axe.run(document, { iframes: false, runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`,
  );
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

const NAMES = [...galleryNames(), 'notFound', 'busy', 'refused'];

test.each(['light', 'dark'] as const)('no view has a fault of accessibility, %s', async (colorScheme) => {
  const { page } = await openTab({ colorScheme });
  await still(page);
  const faults: Record<string, string[]> = {};
  for (const name of NAMES) {
    await page.goto(`${gallery.origin}/view/${name}`);
    const found = await axeFaults(page);
    if (found.length > 0) faults[name] = found;
  }
  expect(faults).toEqual({});
});

test.each([...LANGUAGES.map((language) => ({ width: 320, language })), { width: 1280, language: 'ja' }])(
  'no view scrolls sideways at $width px, nor with text of 200%, in $language',
  async (wish) => {
    const { page } = await openTab({ viewport: { width: wish.width, height: 640 } });
    await still(page);
    const wide: string[] = [];
    for (const name of NAMES) {
      await page.goto(`${gallery.origin}/view/${name}?lang=${wish.language}`);
      const over = await page.evaluate<number[]>(`['100%', '200%'].map((size) => {
      document.documentElement.style.fontSize = size;
      return document.documentElement.scrollWidth - innerWidth;
    })`);
      if (Math.max(...over) > 0) wide.push(`${name}: ${over}`);
    }
    expect(wide).toEqual([]);
  },
);

test('another language is chosen by keyboard, without JavaScript, from names that each can read', async () => {
  const { page } = await openTab({ viewport: { width: 320, height: 640 }, javaScriptEnabled: false });
  gallery.stand('form');
  await page.goto(gallery.pageUrl);
  const links = page.getByRole('navigation', { name: '言語' }).getByRole('link');
  expect(await links.allTextContents()).toEqual(['日本語', 'English', '简体中文', '繁體中文', '한국어']);
  expect(await page.locator('nav [aria-current]').allTextContents()).toEqual(['日本語']);
  const korean = page.getByRole('link', { name: '한국어' });
  expect([await korean.getAttribute('lang'), await korean.getAttribute('hreflang')]).toEqual(['ko', 'ko']);
  await korean.focus();
  await page.keyboard.press('Enter');
  await page.waitForURL('**?lang=ko');
  expect(await page.locator('html').getAttribute('lang')).toBe('ko');
  await page.getByRole('navigation', { name: '언어' }).getByRole('link', { name: '日本語' }).waitFor();
});

test('what is pressed is at least 48 px high on the pay form', async () => {
  const { page } = await openTab();
  await page.goto(gallery.at('formWithPlans'));
  const low = await page.evaluate<
    string[]
  >(`[...document.querySelectorAll('.languages a, main button, main label.method-head, main summary, .box input, .box select')]
    .filter((each) => each.getBoundingClientRect().height < 48).map((each) => each.outerHTML)`);
  expect(low).toEqual([]);
});

test.each([
  { name: 'form', language: 'ja' },
  ...LANGUAGES.map((language) => ({ name: 'formWithPlans' as const, language })),
] as const)('a first visit ($name, $language) is at most 14 KB on the wire', async ({ name, language }) => {
  const { page, complaints } = await openTab();
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  let bytes = 0;
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  await page.goto(`${gallery.at(name)}?lang=${language}`, { waitUntil: 'networkidle' });
  expect(bytes).toBeGreaterThan(4_000);
  expect(bytes).toBeLessThanOrEqual(14 * 1024);
  expect(complaints).toEqual([]);
});

test('a number is grouped by its brand, and the code is asked for where the card has it', async () => {
  const { page, complaints } = await openTab();
  await page.goto(gallery.at('form'));
  await page.getByLabel('カード番号').pressSequentially('378282246310005');
  expect(await page.inputValue('#number')).toBe('3782 822463 10005');
  expect(await page.textContent('#csc-hint')).toBe('表面の4桁');
  await page.fill('#number', '４１１１１１１１１１１１１１１１');
  expect(await page.inputValue('#number')).toBe('4111 1111 1111 1111');
  expect(await page.textContent('#csc-hint')).toBe('裏面の3桁');
  await page.locator('#exp').pressSequentially('829');
  expect(await page.inputValue('#exp')).toBe('08/29');
  expect(complaints).toEqual([]);
});

test('the caret stays where digits are put in or taken out', async () => {
  const { page } = await openTab();
  await page.goto(gallery.at('form'));
  const number = page.locator('#number');
  await number.pressSequentially('41111111');
  for (const _ of ' 1111') await number.press('ArrowLeft');
  await number.press('Backspace');
  await number.pressSequentially('52');
  expect(await page.inputValue('#number')).toBe('4115 2111 1');
});

test('a fault is told when its field is left, and gone when it is mended', async () => {
  const { page } = await openTab();
  await page.goto(gallery.at('form'));
  await page.fill('#number', '4111 1111 1111 1112');
  await page.focus('#exp');
  expect(await page.textContent('#number-error')).toBe('カード番号に打ち間違いがないかご確認ください。');
  expect(await page.getAttribute('#number', 'aria-invalid')).toBe('true');
  expect(await page.getAttribute('#exp', 'aria-invalid')).toBeNull();
  await page.fill('#number', '4111 1111 1111 1111');
  expect(await page.isVisible('#number-error')).toBe(false);
});

test('an incomplete form is not sent: the first fault has the focus', async () => {
  const { page } = await openTab();
  await page.goto(gallery.at('form'));
  await page.fill('#number', '4111111111111111');
  await page.click('#card .primary');
  expect(await page.evaluate('document.activeElement.id')).toBe('exp');
  expect(await page.textContent('#faults')).toContain('入力内容をご確認ください');
  expect(await page.locator('.error:visible').count()).toBe(4);
});

async function fillCard(page: Page): Promise<void> {
  await page.fill('#number', '4111111111111111');
  await page.fill('#exp', '12/30');
  await page.fill('#csc', '123');
  await page.fill('#name', 'taro yamada');
  await page.fill('#email', 'taro@example.com');
}

test('a form is sent once, with what the browser tells of itself', async () => {
  const { page } = await openTab();
  await page.goto(gallery.at('form'));
  await fillCard(page);
  const sent: URLSearchParams[] = [];
  await page.route('**/pay', (route) => {
    sent.push(new URLSearchParams(route.request().postData() ?? ''));
    // Never answered: the shopper presses again and again.
  });
  const label = await page.evaluate(`(() => {
    const button = document.querySelector('#card .primary');
    for (const _ of [1, 2, 3]) button.click();
    return button.textContent;
  })()`);
  expect(label).toBe('送信しています…');
  await eventually('a form', async () => sent.length > 0);
  expect(sent).toHaveLength(1);
  expect(Object.fromEntries(sent[0] ?? [])).toMatchObject({
    method: 'card',
    number: '4111 1111 1111 1111',
    js: '1',
    java: '0',
    lang: 'ja-JP',
    width: '390',
    height: '844',
  });
});

test('without JavaScript the form is sent as it is', async () => {
  const { page } = await openTab({ javaScriptEnabled: false });
  await page.goto(gallery.at('form'));
  await fillCard(page);
  gallery.posted.length = 0;
  await page.click('#card .primary');
  expect(gallery.posted.map(({ form }) => form.get('js'))).toEqual(['']);
});

test('nothing of the card is there when the shopper comes back', async () => {
  const { page } = await openTab();
  await page.goto(gallery.at('form'));
  await fillCard(page);
  await page.click('#card .primary');
  await page.waitForSelector('#answer');
  await page.goBack();
  expect(await page.inputValue('#number')).toBe('');
  expect(await page.inputValue('#csc')).toBe('');
});

test('the 3DS Method runs in a hidden frame, then the page goes on by itself', async () => {
  const { page, complaints } = await openTab();
  gallery.posted.length = 0;
  await page.goto(gallery.at('preparing'));
  await page.waitForSelector('#answer');
  expect(gallery.posted.map(({ path }) => path.split('/').at(-1))).toEqual([
    'method',
    'method-notification',
    'continue',
  ]);
  expect(gallery.posted[2]?.form.get('js')).toBe('1');
  expect(complaints).toEqual([]);
});

test('where an address is asked for, the page waits for it, and the 3DS Method runs meanwhile', async () => {
  const { page, complaints } = await openTab();
  gallery.posted.length = 0;
  await page.goto(gallery.at('preparingForEmail'));
  const done = () => gallery.posted.some(({ path }) => path.endsWith('/method-notification'));
  await eventually('the 3DS Method has run', async () => done());
  await page.getByLabel('メールアドレス').fill('taro@example.com');
  await page.getByRole('button', { name: '次へ進む' }).click();
  await page.waitForSelector('#answer');
  const sent = gallery.posted.at(-1);
  expect([sent?.path.split('/').at(-1), sent?.form.get('email')]).toEqual(['continue', 'taro@example.com']);
  expect(complaints).toEqual([]);
});

test('a 3DS Method that never comes back is waited for so long and no longer', async () => {
  const { page } = await openTab();
  await page.route('**/method', (route) => route.abort());
  gallery.posted.length = 0;
  await page.goto(gallery.at('preparing'));
  await page.waitForSelector('#answer');
  expect(gallery.posted.map(({ path }) => path.split('/').at(-1))).toEqual(['continue']);
});

test('without JavaScript the way on is a button', async () => {
  const { page } = await openTab({ javaScriptEnabled: false });
  gallery.posted.length = 0;
  await page.goto(gallery.at('preparing'));
  await page.getByRole('button', { name: '次へ進む' }).click();
  expect(gallery.posted[0]?.form.get('js')).toBe('');
  await page.goto(gallery.at('challenge'));
  await page.getByRole('button', { name: '本人認証へ進む' }).click();
  expect(new URL(page.url()).hostname).toBe('127.0.0.1');
  expect(gallery.posted.at(-1)?.form.get('threeDSSessionData')).toBe('full-page');
});

test('the challenge stands in a named frame below our header; when it is done the page moves on', async () => {
  const { page, complaints } = await openTab();
  gallery.stand('challenge');
  gallery.posted.length = 0;
  await page.goto(gallery.pageUrl);
  const frame = page.frameLocator('iframe[name="challenge"]');
  await frame.locator('#ok').waitFor();
  expect(gallery.posted[0]?.form.get('threeDSSessionData')).toBe('framed');
  const shown = page.locator('iframe[name="challenge"]');
  expect(await shown.getAttribute('title')).toBe('カード会社の本人認証の画面');
  expect(await shown.getAttribute('sandbox')).toBe(
    'allow-forms allow-scripts allow-same-origin allow-pointer-lock',
  );
  expect(await page.isVisible('.shop-name')).toBe(true);
  gallery.stand('confirming', '1');
  await frame.locator('[name=typed]').fill('123456');
  await frame.locator('#ok').click();
  await page.getByText('お支払いの結果を確認しています。').first().waitFor();
  expect(complaints).toEqual([]);
});

test('from the frame the challenge can still be opened on a full page', async () => {
  const { page } = await openTab();
  gallery.stand('challenge');
  await page.goto(gallery.pageUrl);
  await page.getByRole('button', { name: '全画面で開く' }).click();
  await page.locator('#ok').waitFor();
  expect(new URL(page.url()).hostname).toBe('127.0.0.1');
  expect(gallery.posted.at(-1)?.form.get('threeDSSessionData')).toBe('full-page');
});

test('a waiting page moves on when the session has', async () => {
  const { page } = await openTab();
  gallery.stand('confirming');
  await page.goto(gallery.pageUrl);
  gallery.stand('canceled', '2');
  await page.getByText('お支払いを中止しました').first().waitFor();
});

test('the end leads home after five seconds, unless the shopper stays', async () => {
  const { page, complaints } = await openTab();
  // Time stands still but for what the test lets pass.
  await page.clock.install({ time: 0 });
  await page.clock.pauseAt(1_000);
  await page.goto(gallery.at('paid'));
  await page.getByRole('link', { name: 'この画面にとどまる' }).click();
  await page.clock.runFor(20_000);
  expect(await page.textContent('#soon')).toBe('この画面にとどまっています。');
  await page.goto(gallery.at('paid'));
  await page.clock.runFor(4_900);
  expect(await page.isVisible('#return')).toBe(true);
  await page.clock.runFor(200);
  await eventually('the shop', async () => new URL(page.url()).pathname === '/thanks' || null);
  expect(gallery.posted.at(-1)?.form.get('payload')).toBe(
    '{"type":"session.completed","note":"\\u3042 <&> \' quotes"}',
  );
  expect(complaints).toEqual([]);
});
