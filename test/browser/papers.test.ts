import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { LANGUAGES } from '../../src/i18n/language.ts';
import type { MailKind } from '../../src/i18n/mail/texts.ts';
import { composeMail } from '../../src/mail/compose.ts';
import type { MailRow } from '../../src/mail/send.ts';
import { type Listener, listen } from '../../src/roles/listen.ts';
import { receiptRoutes } from '../../src/web/receipts/routes.ts';
import { staticRoutes } from '../../src/web/static.ts';
import { type PaidOrder, paidOrder } from '../receipts/paid-orders.ts';
import { launchBrowser } from '../support/browser.ts';
import { openWorld, type TestMerchant, type World } from '../support/world.ts';

/** What the shopper keeps: receipts and mails, to be read by everybody on anything. */
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const WIDTHS = [320, 1280];
let browser: Browser;
let world: World;
let listener: Listener;
let merchant: TestMerchant;
let order: PaidOrder;

beforeAll(async () => {
  [browser, world] = await Promise.all([launchBrowser(), openWorld()]);
  world.app.route('/', staticRoutes());
  world.app.route('/', receiptRoutes(world.deps));
  listener = await listen(world.app.fetch, '127.0.0.1', 0);
  merchant = await world.merchant({
    registrationNumber: 'T8040001999013',
    issuer: { name: 'うつわと道具 こはる', address: '東京都江東区木場1-5-25' },
  });
  order = await paidOrder(world, merchant);
  await order.refund(1_000);
});
afterAll(async () => {
  await browser?.close();
  await listener?.close();
  await world?.close();
});

test.each(LANGUAGES)('receipts have no fault of accessibility and fit 320 px: %s', async (language) => {
  const page = await newPage();
  const faults: Record<string, unknown> = {};
  const look = async (name: string) => Object.assign(faults, await faultsOf(page, name));
  await page.goto(`http://127.0.0.1:${listener.port}${order.path}?lang=${language}`);
  await look('asked or issued');
  const typed = page.locator('input[name=addressee]').first();
  if (await typed.isVisible()) {
    await typed.fill('髙橋 一郎');
    await page.locator('main form button, form button.primary').first().click();
    await page.waitForURL(/\/\d+/);
  }
  await look('document');
  expect(faults).toEqual({});
});

const KINDS: Record<MailKind, Partial<MailRow['facts']>> = {
  number_issued: numbered(),
  number_reminder: numbered(),
  number_paid: { choice: 'lawson' },
  number_expired: { choice: 'lawson' },
  card_paid: { method: 'card' },
  refunded: { method: 'card' },
  payment_request: requested(),
  payment_request_reminder: requested(),
  payment_request_canceled: { ...requested(), link: null },
  user_invited: userMail('invitation'),
  user_reset: userMail('reset'),
  user_password_changed: userMail(null),
  user_factor_changed: userMail(null),
  staff_paid: { method: 'card' },
  staff_late: { choice: 'lawson' },
  staff_duplicate: { choice: 'lawson' },
  staff_endpoint_failing: {
    orderId: null,
    amount: null,
    method: null,
    endpoint: 'https://shop.example/hook',
  },
};

test.each(LANGUAGES)('mails have no fault of accessibility and fit 320 px: %s', async (language) => {
  const page = await newPage();
  const faults: Record<string, unknown> = {};
  const who = await merchant.as('test');
  for (const [kind, more] of Object.entries(KINDS) as [MailKind, Partial<MailRow['facts']>][]) {
    const facts = { ...FACTS, ...more };
    const { html, text } = composeMail(who, { kind, language, facts, mode: 'test' }, 'https://pay.example');
    await page.setContent(html);
    Object.assign(faults, await faultsOf(page, kind));
    // One link, and the plain text has it too.
    const links = await page.evaluate<string[]>('[...document.links].map((a) => a.href)');
    expect(links.length).toBeLessThanOrEqual(1);
    for (const link of links) expect(text).toContain(link);
  }
  expect(faults).toEqual({});
});

const FACTS: MailRow['facts'] = {
  orderId: 'K-1042',
  amount: 12_800,
  method: 'konbini',
  choice: null,
  parts: null,
  payBy: null,
  link: 'https://pay.example/p/0000',
  endpoint: null,
};

function userMail(kind: 'invitation' | 'reset' | null): Partial<MailRow['facts']> {
  const link = kind === null ? null : { kind, seed: 's', until: '2026-11-23T14:59:59Z' };
  const user = { login: 'hanako', link };
  return { orderId: null, amount: null, method: null, user };
}

function numbered(): Partial<MailRow['facts']> {
  const parts = { receipt_number: '123456', phone: '09012345678' };
  return { choice: 'lawson', parts, payBy: '2026-11-23T14:59:59Z' };
}

function requested(): Partial<MailRow['facts']> {
  const message = 'いつもありがとうございます。\n{order}の代金{amount}を、{due}までにお支払いください。';
  const request = { name: '髙橋 一郎', description: '11月のレッスン料', subject: null, message };
  return { method: null, payBy: '2026-11-30T14:59:59Z', request };
}

async function newPage(): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  onTestFinished(() => context.close());
  return context.newPage();
}

async function faultsOf(page: Page, name: string): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    const over = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
    if (over > 0) found[`${name} at ${width}`] = `${over} px too wide`;
  }
  await page.evaluate(AXE);
  const { violations } = await page.evaluate<{ violations: { id: string; nodes: { html: string }[] }[] }>(
    'axe.run()',
  );
  for (const { id, nodes } of violations) found[`${name}: ${id}`] = nodes.map(({ html }) => html);
  return found;
}
