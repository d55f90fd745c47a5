import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type ApiClient, apiClient, sessionBody } from '../support/api.ts';
import { launchBrowser } from '../support/browser.ts';
import { testPan } from '../support/cards.ts';
import { eventually } from '../support/eventually.ts';
import { type Stack, startStack } from '../support/processes.ts';
import { type ShopSite, startShopSite } from '../support/shop-site.ts';
import { verifyResult } from '../support/verify.ts';
import { ATTACKS, TOOLS } from './fields-attacks.ts';
import { GOOD, mounting, openShopTab, type } from './fields-world.ts';

/**
 * A shop on another site, with a policy as strict as can be and scripts as hostile as can be, around the card fields of
 * the running service. Its server logs all that it gets.
 */
let stack: Stack;
let browser: Browser;
let shop: ShopSite;
let api: ApiClient;

beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack(), launchBrowser()]);
  shop = await startShopSite(stack.demo.base_url, stack.demo.publishable_key);
  api = apiClient(stack.baseUrl, stack.demo.secret_key);
});
afterAll(async () => {
  await browser?.close();
  await shop?.close();
  await stack?.stop();
});
beforeEach(() => {
  Object.assign(shop, { early: '', script: mounting(), lang: 'ja', trustedTypes: true });
});

/** Longer parts of the number do not come about by chance; the code is looked for where nothing stands around it. */
function cardDataIn(texts: readonly string[], { number, csc }: { number: string; csc: string }): string[] {
  const parts = Array.from({ length: number.length - 7 }, (_, at) => number.slice(at, at + 8));
  const telling = parts.filter((part) => new Set(part).size > 2);
  const code = new RegExp(`(?<![0-9a-z])${csc}(?![0-9a-z])`, 'i');
  return texts.filter((text) => {
    const digits = text.replace(/[\s"',:.%\\-]|\\u00[0-9a-f]{2}/g, '');
    return (
      [number, ...telling].some((part) => text.includes(part) || digits.includes(part)) || code.test(text)
    );
  });
}

test('a planted number or code would be found', () => {
  for (const text of ['3782 822463 10005', '["3","7","8","2","8","2","2","4","6"]', 'csc=9137', '"9137"']) {
    expect(cardDataIn([text], GOOD)).toEqual([text]);
  }
});

test.each(ATTACKS)('$name: the number is not among the loot', async ({ early, collect, alive, loose }) => {
  Object.assign(shop, { early: TOOLS + early, trustedTypes: loose !== true });
  shop.on('/worker.js', WORKER);
  const { page, frame, saw } = await openShopTab(browser, shop);
  await saw('ready');
  await type(frame, GOOD);
  await page.evaluate(`(async () => { ${collect} })()`);
  await page.evaluate("document.querySelector('#pay').click()");
  await saw('token');
  await page.evaluate(`(async () => { ${collect} })()`);
  const loot = await page.evaluate<string[]>(
    "fetch('/loot', { method: 'POST', body: loot.join('\\n') }).then(() => loot)",
  );
  expect(loot.join('\n')).toMatch(alive);
  expect(await frame.inputValue('#number')).toBe('3782 822463 10005');
  expect(cardDataIn([...loot, ...shop.log], GOOD)).toEqual([]);
  expect(shop.log.join('\n')).toContain('POST /loot');
});

const WORKER = async () => ({
  type: 'text/javascript',
  text: `self.addEventListener('install', () => self.skipWaiting());
    self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
    self.addEventListener('fetch', ({ request }) => self.clients.matchAll().then((all) => all.forEach((client) =>
      request.clone().text().then((body) => client.postMessage(request.method + ' ' + request.url + ' ' + body)))));`,
});

const CARDS = [
  {
    what: 'without a challenge',
    number: GOOD.number,
    csc: GOOD.csc,
    customer: { email: 'taro@example.com' },
  },
  { what: 'with a challenge, address asked for', number: testPan('01'), csc: '913', customer: {} },
];

test.each(CARDS)(
  'a card in the frame pays, $what: the shop’s log has a token, the end is signed',
  async (card) => {
    const returned: Record<string, string>[] = [];
    shop.script = PAYING;
    shop.on('/pay', async (body) => {
      const token = new URLSearchParams(body).get('token');
      const order = sessionBody({ return_url: `${shop.origin}/return`, customer: card.customer, token });
      const { status, body: payment } = await api('POST', '/v1/payments', order);
      expect([status, payment.status]).toEqual([201, 'requires_action']);
      return { location: payment.redirect_url };
    });
    shop.on('/return', async (body) => {
      returned.push(Object.fromEntries(new URLSearchParams(body)));
      return { text: 'Thank you' };
    });
    const { page, frame, complaints } = await openShopTab(browser, shop);
    const typed = { ...GOOD, number: card.number, csc: card.csc };
    await type(frame, typed);
    await page.click('#pay');
    if (!('email' in card.customer)) await giveAddress(page);
    if (card.what.includes('with a challenge')) await answerChallenge(page);
    const onward = page.locator('form:has(input[name="signature"]) button').first();
    await onward.click({ timeout: 30_000 });
    await eventually('the shop has its result', async () => returned.length > 0);
    const event = await verifyResult(stack.demo, returned[0] ?? {});
    expect(event).toMatchObject({ type: 'session.completed', data: { session: { payment_status: 'paid' } } });
    expect(event.data.payment.three_ds.trans_status).toBe('Y');
    expect(cardDataIn(shop.log, typed)).toEqual([]);
    expect(shop.log.filter((line) => line.startsWith('POST /pay')).join()).toMatch(/ token=tok_[0-9a-z]+$/);
    // Of the issuer's frame the browser says more than there is to it.
    expect(complaints.filter((text) => !text.includes('sandbox attribute'))).toEqual([]);
  },
);

/** The form of the guide: a hidden field with the token, sent as forms are. */
const PAYING = `const fields = PayResort(KEY).cardFields();
  fields.mount('#card');
  document.querySelector('#pay').addEventListener('click', async () => {
    const { token } = await fields.createToken();
    const form = Object.assign(document.createElement('form'), { method: 'post', action: '/pay' });
    form.append(Object.assign(document.createElement('input'), { type: 'hidden', name: 'token', value: token }));
    document.body.append(form);
    form.submit();
  });`;

async function giveAddress(page: Page): Promise<void> {
  await page.locator('input[autocomplete="email"]').fill('taro@example.com');
  await page.locator('form[action*="/continue"] button').click();
}

async function answerChallenge(page: Page): Promise<void> {
  const bank = await eventually('the bank in its frame', async () =>
    page.frames().find((each) => each.url().includes('/acs/challenge')),
  );
  const code = bank.locator('input[autocomplete="one-time-code"]');
  await code.fill('123456');
  await code.press('Enter');
}
