import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiClient, apiClient, sessionBody } from '../support/api.ts';
import { launchBrowser } from '../support/browser.ts';
import { testPan } from '../support/cards.ts';
import { eventually } from '../support/eventually.ts';
import { type Stack, startStack } from '../support/processes.ts';
import { type ReturnSite, startReturnSite } from '../support/return-site.ts';
import { verifyResult } from '../support/verify.ts';

/** A shopper at phone width, over a real site boundary: our pages on localhost, bank and shop on 127.0.0.1. */
let stack: Stack;
let api: ApiClient;
let shop: ReturnSite;
let browser: Browser;

beforeAll(async () => {
  [stack, shop, browser] = await Promise.all([startStack(), startReturnSite(), launchBrowser()]);
  api = apiClient(stack.baseUrl, stack.demo.secret_key);
});

afterAll(async () => {
  await browser?.close();
  await shop?.close();
  await stack?.stop();
});

const WAYS = [true, false].flatMap((javascript) =>
  (['frictionless', 'challenge'] as const).flatMap((kind) =>
    (['post', 'get'] as const).map((method) => ({ javascript, kind, method })),
  ),
);

test.each(WAYS)(
  'JavaScript $javascript, $kind, by $method: back at the shop with a result that both checks accept',
  async (way) => {
    const context = await phone(way.javascript);
    const page = await context.newPage();
    const crossing = watchCookies(page);
    await page.goto(`${shop.url}/`);
    const { body: session } = await api(
      'POST',
      '/v1/sessions',
      sessionBody({ return_url: `${shop.url}/return`, return_method: way.method }),
    );
    await page.goto(session.url);
    await fillCard(page, way.kind === 'challenge' ? testPan('01') : testPan());
    if (way.kind === 'challenge') await answerChallenge(page, way.javascript);
    await comeBack(page);
    const back = shop.returns.at(-1);
    expect(back).toMatchObject({ method: way.method.toUpperCase() });
    if (way.method === 'post') expect(back?.cookie).toBeNull();
    expect(crossing()).toEqual([]);
    const event = await verifyResult(stack.demo, back?.fields ?? {});
    expect(event).toMatchObject({
      type: 'session.completed',
      data: { session: { id: session.id, payment_status: 'paid' } },
    });
    await refuseCopies(back?.fields ?? {});
    await context.close();
  },
);

test.each([true, false])('a card that is kept pays the next time (JavaScript %s)', async (javascript) => {
  const context = await phone(javascript);
  const page = await context.newPage();
  const asking = {
    return_url: `${shop.url}/return`,
    customer: { reference: `member-${javascript}`, email: 'taro@example.com' },
    card: { save: 'ask' },
  };
  const { body: first } = await api('POST', '/v1/sessions', sessionBody(asking));
  await page.goto(first.url);
  await page.getByRole('checkbox').check();
  await fillCard(page, testPan('01'));
  await answerChallenge(page, javascript);
  await comeBack(page);
  const { body: second } = await api('POST', '/v1/sessions', sessionBody(asking));
  await page.goto(second.url);
  await page.locator('[autocomplete="cc-csc"]').fill('123');
  await page.locator('#card .for-card button.primary').click();
  await answerChallenge(page, javascript);
  await comeBack(page);
  const event = await verifyResult(stack.demo, shop.returns.at(-1)?.fields ?? {});
  const { body: cards } = await api('GET', `/v1/saved-cards?customer_reference=member-${javascript}`);
  expect(event).toMatchObject({
    data: { session: { id: second.id }, payment: { status: 'captured', saved_card: cards.data[0].id } },
  });
  await context.close();
});

test('by keyboard only: card, code and back', async () => {
  const context = await phone(true);
  const page = await context.newPage();
  const { body: session } = await api(
    'POST',
    '/v1/sessions',
    sessionBody({ return_url: `${shop.url}/return` }),
  );
  await page.goto(session.url);
  for (let presses = 0; presses < 40 && (await focused(page)) !== 'cc-number'; presses += 1) {
    await page.keyboard.press('Tab');
  }
  const typed = { 'cc-number': testPan('01'), 'cc-exp': '1230', 'cc-csc': '123', 'cc-name': 'TARO YAMADA' };
  for (let fields = 0; fields < 4; fields += 1) {
    const name = await focused(page);
    const value = typed[name as keyof typeof typed];
    expect(value, `focus is on ${name}`).toBeDefined();
    await page.keyboard.type(value);
    if (fields < 3) await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  const frame = await eventually('the bank', async () =>
    page.frames().find((each) => each.url().includes('/acs/challenge')),
  );
  const code = frame.locator('input[autocomplete="one-time-code"]');
  await code.waitFor();
  await code.focus();
  await page.keyboard.type('123456');
  await page.keyboard.press('Enter');
  await comeBack(page);
  await verifyResult(stack.demo, shop.returns.at(-1)?.fields ?? {});
  await context.close();
});

test('the plug pulled in the middle: the page shows what became of it after the service is back', {
  timeout: 120_000,
}, async () => {
  const context = await phone(true);
  const page = await context.newPage();
  const { body: session } = await api(
    'POST',
    '/v1/sessions',
    sessionBody({ return_url: `${shop.url}/return` }),
  );
  await page.goto(session.url);
  await fillCard(page, testPan('01'));
  await eventually('the bank', async () =>
    page.frames().some((each) => each.url().includes('/acs/challenge')),
  );
  await stack.kill('SIGKILL');
  await stack.restart();
  await page.goto(session.url);
  await answerChallenge(page, true);
  await comeBack(page);
  expect(await verifyResult(stack.demo, shop.returns.at(-1)?.fields ?? {})).toMatchObject({
    type: 'session.completed',
  });
  await context.close();
});

/** The autocomplete token of the field that has the focus. */
async function focused(page: Page): Promise<string> {
  return String(await page.evaluate("document.activeElement?.getAttribute('autocomplete') ?? ''"));
}

function phone(javaScriptEnabled: boolean): Promise<BrowserContext> {
  return browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'ja-JP', javaScriptEnabled });
}

async function fillCard(page: Page, number: string): Promise<void> {
  await page.locator('input[autocomplete~="cc-number"]').fill(number);
  await page.locator('input[autocomplete~="cc-exp"]').fill('12/30');
  await page.locator('input[autocomplete~="cc-csc"]').fill('123');
  await page.locator('input[autocomplete~="cc-name"]').fill('TARO YAMADA');
  await page.locator('form[action*="/pay"] button[type=submit]:visible').first().click();
}

async function answerChallenge(page: Page, javascript: boolean): Promise<void> {
  if (!javascript) {
    await page.locator('form:has(input[name="creq"]) button').first().click();
  }
  const frame = javascript
    ? await eventually('the bank in its frame', async () =>
        page.frames().find((each) => each.url().includes('/acs/challenge')),
      )
    : page.mainFrame();
  const code = frame.locator('input[autocomplete="one-time-code"]');
  await code.fill('123456');
  await code.press('Enter');
  if (!javascript) await page.locator('form:has(input[name="cres"]) button').first().click();
}

/** From the result back to the shop, by the button or link that stands first. */
async function comeBack(page: Page): Promise<void> {
  const before = shop.returns.length;
  const onward = page.locator('form:has(input[name="signature"]) button, a[rel~="next"]').first();
  await onward.waitFor({ timeout: 30_000 });
  await onward.click();
  await eventually('the shop has its result', async () => shop.returns.length > before);
}

/** Every request with a cookie to the 3-D Secure callbacks: there must be none. */
function watchCookies(page: Page): () => string[] {
  const seen: string[] = [];
  page.on('request', async (request) => {
    const cookie = await request.headerValue('cookie').catch(() => null);
    if (cookie !== null && /\/3ds\/|\/p\//.test(request.url())) seen.push(request.url());
  });
  return () => seen;
}

/** Tampered, stale, and signed by another key: none of them is accepted. */
async function refuseCopies(fields: Record<string, string>): Promise<void> {
  const stale = String(Number(fields.timestamp) - 301);
  const copies = [
    { ...fields, payload: fields.payload?.replace('"amount":12800', '"amount":1') ?? '' },
    { ...fields, timestamp: stale },
    { ...fields, id: `${fields.id}x` },
    { ...fields, signature: `v1,${Buffer.alloc(32).toString('base64')}` },
  ];
  for (const copy of copies) await expect(verifyResult(stack.demo, copy)).rejects.toThrow();
  const other = { ...stack.demo, merchant_id: 'A199999999' };
  await expect(verifyResult(other, fields)).rejects.toThrow();
}
