import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Browser, Frame } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { ROOT } from '../../src/lib/root.ts';
import { TOKEN_SCRIPTS } from '../../src/web/fields/script.ts';
import { launchBrowser } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { type FieldsWorld, GOOD, mounting, openFieldsWorld, openShopTab, type } from './fields-world.ts';

/** The card fields in the page of a shop on another site, whose policy allows our origin and nothing inline. */
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let browser: Browser;
let fields: FieldsWorld;
beforeAll(async () => {
  [browser, fields] = await Promise.all([launchBrowser(), openFieldsWorld()]);
});
afterAll(async () => {
  await browser?.close();
  await fields?.close();
});
beforeEach(() => {
  Object.assign(fields.shop, { early: '', script: mounting(), lang: 'ja' });
});

test('a card that is typed on the shop’s page becomes a token; the shop’s policy has nothing to block', async () => {
  const { page, frame, saw, all, complaints } = await openShopTab(browser, fields.shop);
  await saw('ready');
  await type(frame, GOOD);
  await page.click('#pay');
  const { token, expiresAt } = await saw('token');
  expect(token).toMatch(/^tok_[0-9a-z]+$/);
  expect(Date.parse(String(expiresAt)) - Date.now()).toBeGreaterThan(14 * 60_000);
  const changes = (await all()).filter((each) => each.type === 'change');
  expect(changes).toEqual([
    { type: 'change', brand: null, complete: false, empty: false },
    { type: 'change', brand: 'amex', complete: false, empty: false },
    { type: 'change', brand: 'amex', complete: true, empty: false },
  ]);
  expect(complaints).toEqual([]);
});

test('a release pinned by its hash, in a page that is cross-origin isolated', async () => {
  const newest = TOKEN_SCRIPTS.at(-1);
  const pinned = `src="${fields.origin}${newest?.href}" crossorigin="anonymous" integrity="${newest?.integrity}"`;
  const shop = await fields.openShop(fields.merchant);
  Object.assign(shop, {
    script: mounting(),
    tag: `<script defer ${pinned}></script>`,
    headers: {
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
    },
  });
  const { page, frame, saw, complaints } = await openShopTab(browser, shop);
  await saw('ready');
  expect(await page.evaluate('crossOriginIsolated')).toBe(true);
  await type(frame, GOOD);
  await page.click('#pay');
  await saw('token');
  expect(complaints).toEqual([]);
});

test.each([
  { lang: 'ja', text: 'カード番号を入力してください。', title: 'カード情報の入力' },
  { lang: 'en', text: 'Please enter the card number.', title: 'Card details' },
  { lang: 'zh-CN', text: '请输入卡号。', title: '填写银行卡信息' },
  { lang: 'zh-TW', text: '請輸入卡號。', title: '輸入卡片資料' },
  { lang: 'ko-KR', text: '카드 번호를 입력해 주세요.', title: '카드 정보 입력' },
  { lang: 'fr', text: 'Please enter the card number.', title: 'Card details' },
])('in a page in $lang faults are told there and to the shop, the first has the focus', async (told) => {
  fields.shop.lang = told.lang;
  const { page, frame, saw } = await openShopTab(browser, fields.shop, { locale: 'fr-FR' });
  await saw('ready');
  await page.click('#pay');
  const error = await saw('error');
  expect(error).toMatchObject({ name: 'PayResortError', code: 'invalid_fields' });
  expect(error.errors).toMatchObject([
    { field: 'number', code: 'missing', message: told.text },
    { field: 'exp', code: 'missing' },
    { field: 'csc', code: 'missing' },
    { field: 'name', code: 'missing' },
  ]);
  expect(await frame.textContent('#number-error')).toBe(told.text);
  expect(await page.locator('#card iframe').getAttribute('title')).toBe(told.title);
  await eventually('the first field has the focus', async () => (await focused(frame)) === 'number');
  expect(await page.evaluate('document.activeElement.tagName')).toBe('IFRAME');
});

test('what only the server can know is told at its field, and mended', async () => {
  const { page, frame, saw, all } = await openShopTab(browser, fields.shop);
  await saw('ready');
  await type(frame, { ...GOOD, number: '4242424242424242', csc: '123' });
  await page.click('#pay');
  expect((await saw('error')).errors).toMatchObject([{ field: 'number', code: 'not_a_test_card' }]);
  expect(await frame.getAttribute('#number', 'aria-invalid')).toBe('true');
  await frame.fill('#number', '4111111111111111');
  await page.click('#pay');
  await saw('token');
  expect((await all()).filter((each) => each.type === 'error')).toHaveLength(1);
});

test('pressed twice, one token is made', async () => {
  const { page, frame, saw, all } = await openShopTab(browser, fields.shop);
  await saw('ready');
  await type(frame, GOOD);
  let requests = 0;
  page.on('request', (request) => {
    if (request.url().endsWith('/v1/tokens')) requests += 1;
  });
  await page.evaluate("for (const _ of [1, 2, 3]) document.querySelector('#pay').click()");
  await saw('token');
  const tokens = (await all()).filter((each) => each.type === 'token');
  expect([requests, new Set(tokens.map(({ token }) => token)).size]).toEqual([1, 1]);
});

test('by keyboard alone: into the frame, through it, out to the button; Enter is told to the shop', async () => {
  const { page, frame, saw } = await openShopTab(browser, fields.shop);
  await saw('ready');
  for (const [name, text] of Object.entries(GOOD)) {
    await page.keyboard.press('Tab');
    expect(await focused(frame)).toBe(name);
    await page.keyboard.type(text);
  }
  await page.keyboard.press('Enter');
  await saw('submit');
  await page.keyboard.press('Tab');
  expect(await page.evaluate('document.activeElement.id')).toBe('pay');
  await page.keyboard.press('Enter');
  await saw('token');
});

test.each(['ja', 'en'])('neither fields nor faults have a fault of accessibility, %s', async (lang) => {
  fields.shop.lang = lang;
  const { page, frame, saw } = await openShopTab(browser, fields.shop, { bypassCSP: true });
  await saw('ready');
  expect(await axeFaults(frame)).toEqual([]);
  await page.click('#pay');
  await saw('error');
  expect(await axeFaults(frame)).toEqual([]);
  await page.evaluate("fields.update({ style: { scheme: 'dark' } })");
  // The ground is the shop's: a dark one here, that axe cannot see from within the frame.
  await frame.evaluate("document.body.style.background = '#17211d'");
  await eventually('dark', async () => (await tokenOf(frame, '--ink')) === '#e7efeb');
  expect(await axeFaults(frame)).toEqual([]);
});

test.each([
  { width: 320, text: '100%' },
  { width: 390, text: '200%' },
  { width: 1280, text: '100%' },
])('the frame is as high as what is in it, at $width px with text of $text', async ({ width, text }) => {
  const { page, frame, saw } = await openShopTab(browser, fields.shop, { viewport: { width, height: 800 } });
  await saw('ready');
  await frame.evaluate(`document.documentElement.style.fontSize = '${text}'`);
  for (const step of ['empty', 'faulty']) {
    if (step === 'faulty') await page.click('#pay');
    await eventually(`it fits, ${step}`, async () => {
      const over = await frame.evaluate<number[]>(`(() => {
        const { scrollWidth, clientWidth, scrollHeight, clientHeight } = document.documentElement;
        return [scrollWidth - clientWidth, scrollHeight - clientHeight, clientHeight - document.body.offsetHeight];
      })()`);
      return over.every((pixels) => pixels <= 1) || null;
    });
  }
});

test('style options are values of a short list; what is none is left out, and changes nothing', async () => {
  const wild = `{ style: { colorText: '#0b1f3a', colorBackground: '#ffffff', radius: 2, fontSize: 18, font: 'serif',
    colorBorder: 'red;}body{background:url(/leak)}', colorMuted: 'url(/leak)', radius_: 1, toString: '#000000',
    colorDanger: '#ffff00', __proto__: null } }`;
  fields.shop.script = mounting(wild);
  const { frame, saw, complaints } = await openShopTab(browser, fields.shop);
  await saw('ready');
  expect(await tokenOf(frame, '--ink')).toBe('rgb(11,31,58)');
  expect(await tokenOf(frame, '--radius')).toBe('2px');
  expect(await tokenOf(frame, '--field')).toBe('#7d8f87');
  expect(await frame.evaluate('document.documentElement.style.fontSize')).toBe('112.5%');
  // Yellow on white cannot be read: it is darkened until it can.
  const [r = 0, g = 0] = (await tokenOf(frame, '--danger')).match(/\d+/g)?.map(Number) ?? [];
  expect(r).toBeLessThan(160);
  expect(g).toBeLessThan(160);
  expect(complaints.join()).toContain('style options left out: colorBorder, colorMuted, radius_, toString');
  expect(fields.shop.log.filter((line) => line.includes('leak'))).toEqual([]);
});

test('without a field for the name the shop gives it, and hears what is wrong with it', async () => {
  fields.shop.script = `${mounting('{ askName: false }')}
    window.make = (name) => fields.createToken({ name }).then(({ token }) => token, ({ errors }) => errors);`;
  const { page, frame, saw } = await openShopTab(browser, fields.shop);
  await saw('ready');
  expect(await frame.locator('input').count()).toBe(3);
  const { name: _, ...rest } = GOOD;
  await type(frame, { ...rest } as typeof GOOD);
  expect(await page.evaluate("make('山田 太郎')")).toMatchObject([
    { field: 'name', code: 'invalid_characters' },
  ]);
  expect(await page.evaluate("make('Taro Yamada')")).toMatch(/^tok_/);
});

test('a key that is none is told to the shop, and there is nothing to type into', async () => {
  const { merchant } = fields;
  const none = merchant.keys.pk_test.replace(/.{6}$/, '000000');
  fields.shop.script = mounting().replace('PayResort(KEY)', `PayResort('${none}')`);
  const { page, frame, saw } = await openShopTab(browser, fields.shop);
  await eventually('the page in the frame', async () => (await frame.locator('.closed').count()) > 0);
  await page.click('#pay');
  expect(await saw('error')).toMatchObject({ code: 'invalid_key', errors: [] });
  expect(await frame.locator('input:visible').count()).toBe(0);
});

test('a shop with fields of its own makes the same token, straight from its page', async () => {
  const shop = await fields.openShop(fields.merchant);
  const { number, csc, name } = GOOD;
  const card = JSON.stringify({ card: { number, exp_month: 12, exp_year: 2030, csc, name } });
  shop.connect = fields.origin;
  shop.script = `${mounting()}
    fetch('${fields.origin}/v1/tokens', {
      method: 'POST',
      headers: { Authorization: 'Bearer ' + KEY, 'Content-Type': 'application/json' },
      body: '${card}',
    }).then(async (answer) => seen.push({ type: 'own', status: answer.status, ...(await answer.json()) }));`;
  const { saw, complaints } = await openShopTab(browser, shop);
  expect(await saw('own')).toMatchObject({
    status: 201,
    object: 'token',
    card: { brand: 'amex', last4: '0005' },
  });
  expect(complaints).toEqual([]);
});

test('only registered origins may frame the fields', async () => {
  const registered = await fields.world.merchant({ allowedOrigins: ['https://shop.example'] });
  const shop = await fields.openShop(registered);
  shop.script = mounting();
  const { page, frame, complaints, saw, all } = await openShopTab(browser, shop);
  await eventually('the browser has refused', async () => complaints.join().includes('frame-ancestors'));
  expect(await frame.locator('input').count()).toBe(0);
  expect(await all()).toEqual([]);
  await page.clock.install();
  await page.click('#pay');
  await page.clock.runFor(15_000);
  expect(await saw('error')).toMatchObject({ code: 'unavailable' });
  expect(complaints.at(-1)).toContain('is this origin registered?');
});

test('the types name what the script has, and no more', async () => {
  const types = readFileSync(join(ROOT, 'views/js/token.d.ts'), 'utf8');
  const block = /interface CardFields \{([\s\S]*?)\n {2}\}/.exec(types)?.[1] ?? '';
  const typed = [...block.matchAll(/^ {4}(\w+)[(<]/gm)].map((match) => match[1]);
  const { page, saw } = await openShopTab(browser, fields.shop);
  await saw('ready');
  const own = await page.evaluate<string[]>('Object.getOwnPropertyNames(Object.getPrototypeOf(fields))');
  expect(own.filter((name) => name !== 'constructor').sort()).toEqual(typed.sort());
  expect(await page.evaluate('Object.isFrozen(PayResort) && Object.keys(PayResort).sort().join()')).toBe(
    'CardError,version',
  );
});

test('moved in the page the fields come again; destroyed they are gone, and what waits is told', async () => {
  const { page, saw, all } = await openShopTab(browser, fields.shop);
  await saw('ready');
  await page.evaluate("document.querySelector('main').append(document.querySelector('#card'))");
  await eventually(
    'ready again',
    async () => (await all()).filter((each) => each.type === 'ready').length === 2,
  );
  const told = await page.evaluate(`(() => {
    const waiting = fields.createToken().catch(({ code }) => code);
    fields.destroy();
    fields.destroy();
    return Promise.all([waiting, fields.createToken().catch(({ code }) => code)]);
  })()`);
  expect(told).toEqual(['destroyed', 'destroyed']);
  expect(await page.locator('iframe').count()).toBe(0);
});

test('when we cannot be reached the shop hears so in words for the shopper', async () => {
  const { page, frame, saw } = await openShopTab(browser, fields.shop);
  await saw('ready');
  await type(frame, GOOD);
  await page.route('**/v1/tokens', (route) => route.abort());
  await page.click('#pay');
  expect(await saw('error')).toMatchObject({
    code: 'unavailable',
    message: 'ただいまカード情報を受け付けられません。少し待ってから、もう一度お試しください。',
  });
});

function focused(frame: Frame): Promise<string> {
  return frame.evaluate<string>('document.hasFocus() ? document.activeElement.id : ""');
}

function tokenOf(frame: Frame, name: string): Promise<string> {
  return frame.evaluate<string>(
    `getComputedStyle(document.documentElement).getPropertyValue('${name}').trim()`,
  );
}

async function axeFaults(frame: Frame): Promise<string[]> {
  await frame.evaluate(AXE);
  const { violations } = await frame.evaluate<{ violations: { id: string; nodes: { html: string }[] }[] }>(
    `axe.run(document, { iframes: false, runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })`,
  );
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}
