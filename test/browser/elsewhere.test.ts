import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type ApiClient, apiClient, type Json, sessionBody } from '../support/api.ts';
import { launchBrowser } from '../support/browser.ts';
import { testPan } from '../support/cards.ts';
import { eventually } from '../support/eventually.ts';
import { type Stack, startStack } from '../support/processes.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import { payAtRegister } from '../support/register.ts';
import { type ReturnSite, startReturnSite } from '../support/return-site.ts';
import { pay } from '../support/shopper.ts';

/** Every fate of money that is paid elsewhere, on a phone, and what the merchant sees of it: API, events, return. */
let stack: Stack;
let api: ApiClient;
let told: Receiver;
let shop: ReturnSite;
let browser: Browser;

beforeAll(async () => {
  [stack, shop, browser] = await Promise.all([startStack(), startReturnSite(), launchBrowser()]);
  api = apiClient(stack.baseUrl, stack.demo.secret_key);
  told = await startReceiver(() => stack.demo.webhook_secret);
  expect((await api('POST', '/v1/webhook-endpoints', { url: told.url })).status).toBe(201);
});
afterAll(async () => {
  await browser?.close();
  await Promise.all([stack?.stop(), shop?.close(), told?.close()]);
});

const ISSUED = ['payment.awaiting_payment', 'session.completed'];
const NUMBERS = [
  { method: 'konbini', withdrawable: true },
  { method: 'payeasy', withdrawable: false },
];
const SCRIPTS = [{ script: true }, { script: false }];

describe.each(SCRIPTS)('JavaScript: $script', ({ script }) => {
  describe.each(NUMBERS)('$method', ({ method, withdrawable }) => {
    test('paid', async () => {
      const { page, session } = await openPage(script);
      await payAtRegister(stack, await getNumber(page, method));
      await shows(page, 'paid');
      await merchantSees(session, method, 'captured', [...ISSUED, 'payment.captured']);
      await returns(page, session, 'session.completed');
    });

    test('taken back, where the centre can', async () => {
      const { page, session } = await openPage(script);
      await getNumber(page, method);
      const { payment } = await sessionOf(session);
      const answer = await api('POST', `/v1/payments/${payment.id}/cancel`, {});
      expect(answer.status).toBe(withdrawable ? 200 : 409);
      await shows(page, withdrawable ? 'numberWithdrawn' : 'numberIssued');
      const events = [...ISSUED, ...(withdrawable ? ['payment.voided'] : [])];
      await merchantSees(session, method, withdrawable ? 'voided' : 'awaiting_payment', events);
      await returns(page, session, 'session.completed');
    });

    test('lapsed, and paid all the same', async () => {
      const { page, session } = await openPage(script);
      const number = await getNumber(page, method);
      const { payment } = await sessionOf(session);
      expect((await api('POST', `/v1/test/payments/${payment.id}/expire`)).status).toBe(200);
      await shows(page, 'numberExpired');
      await merchantSees(session, method, 'expired', [...ISSUED, 'payment.expired']);
      await payAtRegister(stack, number);
      await shows(page, 'paid');
      const events = [...ISSUED, 'payment.expired', 'payment.captured'];
      expect(await merchantSees(session, method, 'captured', events)).toMatchObject({ late: true });
      await returns(page, session, 'session.completed');
    });

    test('paid twice', async () => {
      const { page, session } = await openPage(script);
      const number = await getNumber(page, method);
      await payAtRegister(stack, number);
      await payAtRegister(stack, number);
      await shows(page, 'paid');
      const events = [...ISSUED, 'payment.captured', 'payment.captured'];
      const first = await merchantSees(session, method, 'captured', events);
      expect(first).toMatchObject({ late: false, duplicate: false });
      const { body } = await api('GET', `/v1/payments?order_id=${session.order_id}`);
      expect(body.data.map(({ duplicate }: Json) => duplicate).sort()).toEqual([false, true]);
    });
  });

  describe('netbank', () => {
    const PAID = ['payment.captured', 'session.completed'];

    test('paid, and back by itself', async () => {
      const { page, session } = await openPage(script);
      await toBank(page);
      await atBank(page, 'pay');
      await shows(page, 'paid');
      await merchantSees(session, 'netbank', 'captured', PAID);
      await returns(page, session, 'session.completed');
    });

    test('paid, and the browser never comes back', async () => {
      const { page, session } = await openPage(script);
      await toBank(page);
      await atBank(page, 'pay_and_close');
      await merchantSees(session, 'netbank', 'captured', PAID);
      await page.goto(session.url);
      await shows(page, 'paid');
      await returns(page, session, 'session.completed');
    });

    test.each([
      { action: 'decline', code: 'bank_declined' },
      { action: 'cancel', code: 'bank_canceled' },
    ])('$action, and then by card', async ({ action, code }) => {
      const { page, session } = await openPage(script);
      await toBank(page);
      await atBank(page, action);
      await page.locator(`.notice[data-code=${code}]`).waitFor();
      await pay(session.url, { number: testPan() }, { javascript: script });
      await merchantSees(session, 'card', 'captured', ['payment.attempt_failed', ...PAID]);
    });

    test('never paid: the attempt lapses and another way is offered', async () => {
      const { page, session } = await openPage(script);
      await toBank(page);
      const { payment } = await sessionOf(session);
      expect((await api('POST', `/v1/test/payments/${payment.id}/expire`)).status).toBe(200);
      await page.goto(session.url);
      await page.locator('[value=konbini]').waitFor();
      await merchantSees(session, 'netbank', 'requires_method', ['payment.attempt_failed']);
    });

    test('paid late, when the session has ended', async () => {
      const { page, session } = await openPage(script);
      await toBank(page);
      const { payment } = await sessionOf(session);
      await api('POST', `/v1/test/payments/${payment.id}/expire`);
      await page.goto(session.url);
      await page.getByRole('button', { name: '戻る' }).click();
      await page.locator('[data-outcome=shopperCanceled]').waitFor();
      expect((await api('POST', `/v1/test/payments/${payment.id}/pay`)).status).toBe(200);
      const events = ['payment.attempt_failed', 'session.canceled', 'payment.captured'];
      expect(await merchantSees(session, 'netbank', 'captured', events)).toMatchObject({ late: true });
    });

    test('paid twice', async () => {
      const { page, session } = await openPage(script);
      await toBank(page);
      await atBank(page, 'pay');
      await shows(page, 'paid');
      const { payment } = await sessionOf(session);
      expect((await api('POST', `/v1/test/payments/${payment.id}/pay`)).status).toBe(200);
      await merchantSees(session, 'netbank', 'captured', [...PAID, 'payment.captured']);
      const { body } = await api('GET', '/v1/action-items?open=true&limit=100');
      const kinds = body.data.filter(({ session_id }: Json) => session_id === session.id);
      expect(kinds).toMatchObject([{ kind: 'duplicate_payment', amount: 12_800 }]);
    });
  });
});

test('test mode settles nothing that has no number, and expires nothing that is over', async () => {
  const { body: card } = await api('POST', '/v1/sessions', sessionBody());
  await pay(card.url, { number: testPan() }, { javascript: true });
  const byCard = (await sessionOf(card)).payment.id;
  for (const verb of ['pay', 'expire'])
    expect(await api('POST', `/v1/test/payments/${byCard}/${verb}`)).toMatchObject({
      status: 409,
      body: { code: 'not_supported' },
    });
  const { page, session } = await openPage(false);
  await getNumber(page, 'konbini');
  const { payment } = await sessionOf(session);
  expect(await api('POST', `/v1/test/payments/${payment.id}/pay`)).toMatchObject({
    status: 200,
    body: { status: 'captured', late: false },
  });
  expect(await api('POST', `/v1/test/payments/${payment.id}/expire`)).toMatchObject({
    status: 409,
    body: { code: 'invalid_state', payment_status: 'captured' },
  });
});

async function openPage(javaScriptEnabled: boolean): Promise<{ page: Page; session: Json }> {
  const viewport = { width: 390, height: 844 };
  const context = await browser.newContext({ javaScriptEnabled, locale: 'ja-JP', viewport });
  onTestFinished(() => context.close());
  const { body: session } = await api(
    'POST',
    '/v1/sessions',
    sessionBody({ return_url: `${shop.url}/return` }),
  );
  const page = await context.newPage();
  await page.goto(session.url);
  return { page, session };
}

async function choose(page: Page, method: string, choice: string | null): Promise<void> {
  await page.locator(`[name=method][value=${method}]`).check();
  if (choice !== null) await page.locator(`[value="${choice}"]`).check();
  const part = page.locator(`li[data-method=${method}]`);
  const typed = { name: '髙橋 一郎', kana: 'たかはし いちろう', phone: '090-1234-5678' };
  for (const [field, value] of Object.entries(typed)) {
    const input = part.locator(`[name=${method}_${field}]`);
    if (await input.isVisible()) await input.fill(value);
  }
  await part.locator('button.primary').click();
}

async function getNumber(page: Page, method: string): Promise<string> {
  await choose(page, method, method === 'konbini' ? 'seven_eleven' : null);
  await page.locator('[data-outcome=numberIssued]').waitFor();
  // The shopper's own part: of Pay-easy the second of three.
  const own = page.locator('.digits').nth(method === 'payeasy' ? 1 : 0);
  return (await own.getAttribute('data-digits')) ?? '';
}

/** By the page's way to the bank, wherever that stands: it goes on by itself, or by its link. */
async function toBank(page: Page): Promise<void> {
  await choose(page, 'netbank', '0010');
  const open = page.locator('a[rel=next][href*="/bank/"]');
  await open.click();
  await page.locator('form:has(input[value=pay]) button').waitFor();
}

async function atBank(page: Page, action: string): Promise<void> {
  await page.locator(`form:has(input[name=action][value=${action}]) button`).click();
}

/** As one who comes back to the page and looks again. */
async function shows(page: Page, outcome: string): Promise<void> {
  await eventually(`the page shows ${outcome}`, async () => {
    if ((await page.locator(`[data-outcome=${outcome}]`).count()) > 0) return true;
    await page.reload();
    return false;
  });
}

async function sessionOf({ id }: Json): Promise<Json> {
  return (await api('GET', `/v1/sessions/${id}`)).body;
}

/** The same for every way to pay: one payment, and events that are counted without a hole. */
async function merchantSees(session: Json, method: string, status: string, events: string[]): Promise<Json> {
  const payment = await eventually(`payment ${status}`, async () => {
    const now = await sessionOf(session);
    return now.payment?.status === status ? now.payment : undefined;
  });
  expect(payment).toMatchObject({ method, order_id: session.order_id, amount: 12_800 });
  const mine = await eventually(`${events.length} events`, async () => {
    const of = told.received.map(({ event }) => event).filter(({ data }) => data.session?.id === session.id);
    return of.length >= events.length ? of.sort((a, b) => a.data.sequence - b.data.sequence) : undefined;
  });
  expect(mine.map(({ type }) => type)).toEqual(events);
  expect(mine.map(({ data }) => data.sequence)).toEqual(events.map((_, index) => index + 1));
  return payment;
}

async function returns(page: Page, session: Json, type: string): Promise<void> {
  if (!page.url().startsWith(shop.url)) {
    await page.locator('#return button').click();
    await page.waitForURL(`${shop.url}/**`);
  }
  const mine = shop.returns.map(({ fields }) => JSON.parse(fields.payload ?? '{}'));
  const event = mine.findLast(({ data }) => data.session.id === session.id);
  expect(event).toMatchObject({ type, data: { session: { order_id: session.order_id } } });
}
