import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BANK_TEXTS } from '../../src/simulator/bank-texts.ts';
import { launchBrowser } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { formsOf } from '../support/html.ts';
import { ask, type NoticeServer, newReference, numberRequest, openNoticeServer } from './voucher-client.ts';
import { openWorld, type World } from './world.ts';

let world: World;
let notices: NoticeServer;
let browser: Browser;
beforeAll(async () => {
  [world, notices, browser] = await Promise.all([openWorld(), openNoticeServer(), launchBrowser()]);
});
afterAll(() => Promise.all([world?.close(), notices?.close(), browser?.close()]));

const BACK = 'https://pay.example/p/t/returned?lang=en';

describe.each(['ja', 'en'] as const)('in %s', (language) => {
  const texts = BANK_TEXTS[language];

  test('the page says what is paid, and leads back to the shop', async () => {
    const { url } = await handedOver({ order_id: 'A<1>' });
    const { status, html, policy } = await open(url, language);
    expect(status).toBe(200);
    expect(html).toContain(`<html lang="${language}"`);
    expect(html).toContain(language === 'ja' ? '12,800円' : '¥12,800');
    expect(html).toContain('A&lt;1&gt;');
    for (const text of [texts.pay, texts.payAndClose, texts.decline, texts.cancel])
      expect(html).toContain(`>${text}</button>`);
    expect(policy).toContain("form-action 'self' https://pay.example");
  });

  test.each([
    ['pay', BACK, 1, 'issued', 'paid'],
    ['pay_and_close', null, 1, 'issued', 'paid'],
    ['decline', BACK, 0, 'declined', 'over'],
    ['cancel', BACK, 0, 'canceled', 'over'],
  ] as const)(
    '%s, once: a second click, of any button, changes nothing',
    async (action, to, paid, status, said) => {
      const { reference, url } = await handedOver();
      const first = await press(url, action, language);
      expect(first).toEqual({ status: 303, to: to ?? `${url}?lang=${language}` });
      const form = { status: 303, to: expect.any(String) };
      for (const again of ['pay', 'pay_and_close', 'decline', 'cancel'])
        expect(await press(url, again, language)).toEqual(form);
      const { body } = await ask(world, 'GET', `numbers/${reference}`);
      expect([body.status, body.deposits.length]).toEqual([status, paid]);
      const page = await open(url, language);
      expect(page.html).toContain(`<h1>${texts[said]}</h1>`);
      expect(page.html).toContain(`href="${BACK}"`);
      expect(formsOf(page.html, url)).toEqual([]);
      const told = await eventually('the notice', async () => {
        const mine = notices.received.filter((notice) => notice.reference === reference);
        return mine.length > 0 && mine;
      });
      expect(told.map(({ kind }) => kind)).toEqual([paid === 1 ? 'paid' : status]);
    },
  );

  test('an address that names no payment says so', async () => {
    const { reference } = await numbered('payeasy');
    for (const name of [newReference(), reference]) {
      const { status, html } = await open(`${world.simulator.httpUrl}/bank/${name}`, language);
      expect([status, html.includes(texts.unknown)]).toEqual([404, true]);
    }
  });
});

test('the language that is chosen on the page stays, whatever the browser prefers', async () => {
  const { url } = await handedOver();
  const { html } = await open(`${url}?lang=en`, 'ja');
  expect(html).toContain(BANK_TEXTS.en.title);
  const form = formsOf(html, url).find(({ fields }) => fields.action === 'pay_and_close');
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'accept-language': 'ja' },
    body: new URLSearchParams(form?.fields),
    redirect: 'manual',
  });
  expect(answer.headers.get('location')).toMatch(/\?lang=en$/);
});

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

test.each([
  ['the bank', 'ja-JP', 320],
  ['the bank', 'en-GB', 1280],
  ['the register', 'ja-JP', 320],
  ['the register', 'en-GB', 1280],
])('%s in %s is accessible, fits %i px, and works by keyboard', async (place, locale, width) => {
  const { reference, url } = await handedOver();
  const address = place === 'the bank' ? url : `${world.simulator.httpUrl}/register?reference=${reference}`;
  const page = await browser.newPage({ locale, viewport: { width, height: 844 }, bypassCSP: true });
  await page.goto(address);
  expect(await page.locator('html').getAttribute('lang')).toBe(locale.slice(0, 2));
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
  await page.evaluate(axe);
  expect(await page.evaluate('axe.run().then(({ violations }) => violations.map(({ id }) => id))')).toEqual(
    [],
  );
  await page.locator(place === 'the bank' ? 'button.leave >> nth=0' : 'form[method=post] button').focus();
  await Promise.all([page.waitForURL(/lang=/), page.keyboard.press('Enter')]);
  expect((await ask(world, 'GET', `numbers/${reference}`)).body.deposits).toHaveLength(1);
  await page.close();
});

async function numbered(service: 'payeasy' | 'bank_link', changes: Record<string, unknown> = {}) {
  const reference = newReference();
  const request = numberRequest(service, { notice_url: notices.url, ...changes });
  const { body } = await ask(world, 'PUT', `numbers/${reference}`, request);
  return { reference, url: String(body.url) };
}

function handedOver(changes: Record<string, unknown> = {}) {
  return numbered('bank_link', { return_url: BACK, ...changes });
}

async function open(url: string, language: string) {
  const response = await fetch(url, { headers: { 'accept-language': language } });
  const policy = response.headers.get('content-security-policy');
  return { status: response.status, html: await response.text(), policy };
}

async function press(url: string, action: string, language: string) {
  const body = new URLSearchParams({ lang: language, action });
  const headers = { 'accept-language': language };
  const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual' });
  const location = response.headers.get('location') ?? '';
  return { status: response.status, to: new URL(location, url).href };
}
