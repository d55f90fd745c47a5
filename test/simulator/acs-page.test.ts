import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testPan } from '../../src/simulator/test-cards.ts';
import { launchBrowser } from '../support/browser.ts';
import { areq, decoded, type Message, send } from './threeds-client.ts';
import { openWorld, type World } from './world.ts';

let world: World;
let browser: Browser;
beforeAll(async () => {
  [world, browser] = await Promise.all([openWorld(), launchBrowser()]);
});
afterAll(() => Promise.all([world.close(), browser.close()]));

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Opens a challenge as a shop's page does: by posting the CReq. */
async function openChallenge(page: Page): Promise<void> {
  const ares = await send(
    `${world.simulator.httpUrl}/ds/visa`,
    areq(testPan('visa', '01', '00'), { threeDSServerURL: world.results.url }),
  );
  const { messageVersion, threeDSServerTransID, acsTransID } = ares;
  const ids = { messageVersion, threeDSServerTransID, acsTransID };
  const creq = Buffer.from(JSON.stringify({ messageType: 'CReq', ...ids, challengeWindowSize: '02' }));
  await page.setContent(
    `<form method="post" action="${ares.acsURL}"><input name="creq" value="${creq.toString('base64url')}"><button>go</button></form>`,
  );
  await Promise.all([page.waitForURL('**/acs/challenge'), page.click('button')]);
}

/** Stands in for the 3DS Server's notification URL: keeps the CRes that the browser brings. */
async function collectReturn(page: Page): Promise<() => Message> {
  let body: string | null = null;
  await page.route('http://localhost:3000/**', (route) => {
    body = route.request().postData();
    return route.fulfill({ contentType: 'text/html', body: 'back at the shop' });
  });
  return () => decoded(new URLSearchParams(body ?? '').get('cres'));
}

describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
  test.each([320, 390, 1280])('the page is accessible and fits %i px', async (width) => {
    const page = await browser.newPage({
      colorScheme,
      locale: 'ja-JP',
      viewport: { width, height: 844 },
      bypassCSP: true,
    });
    await openChallenge(page);
    await page.fill('#otp', '000000');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('ja');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    await page.evaluate(axe);
    expect(await page.evaluate('axe.run().then(({ violations }) => violations.map(({ id }) => id))')).toEqual(
      [],
    );
    await page.close();
  });
});

test.each([true, false])(
  'by keyboard alone the shopper comes back, JavaScript: %s',
  async (javaScriptEnabled) => {
    const page = await browser.newPage({ javaScriptEnabled, locale: 'en-GB' });
    const returned = await collectReturn(page);
    await openChallenge(page);
    await page.keyboard.press('Tab');
    await page.keyboard.type('123456');
    await page.keyboard.press('Enter');
    if (!javaScriptEnabled) {
      await page.getByRole('button', { name: 'Continue' }).waitFor();
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
    }
    await page.waitForURL('http://localhost:3000/3ds/notification');
    expect(returned()).toMatchObject({ messageType: 'CRes', transStatus: 'Y' });
    await page.close();
  },
);
