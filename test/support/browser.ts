import { type Browser, chromium } from 'playwright-core';
import { inject } from 'vitest';

/** A real Chromium. Close it in `afterAll`; it also ends with this process. */
export function launchBrowser(): Promise<Browser> {
  const chrome = inject('chrome');
  if (chrome === null)
    throw new Error('no browser for this platform: set CHROME_PATH to an installed Chrome');
  return chromium.launch({
    executablePath: chrome.executablePath,
    env: { ...process.env, ...chrome.env },
    // Nothing else: more flags would switch off the rules (sites, cookies, CSP) that the tests are about.
    args: ['--no-sandbox'],
  });
}
