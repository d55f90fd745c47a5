import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { testPan } from '../support/cards.ts';
import { type Gallery, openGallery } from './gallery.ts';

/** Kept cards in a real browser, with our script and without: what is shown, what is sent, what is taken away. */
let browser: Browser;
let gallery: Gallery;
beforeAll(async () => {
  [browser, gallery] = await Promise.all([launchBrowser(), openGallery()]);
});
afterAll(async () => {
  await browser?.close();
  await gallery?.close();
});

async function openForm(
  name: 'formWithKeptCards' | 'formAskingToKeep',
  javaScriptEnabled: boolean,
): Promise<Page> {
  const viewport = { width: 390, height: 844 };
  const context = await browser.newContext({ viewport, locale: 'ja-JP', javaScriptEnabled });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  await page.goto(gallery.at(name));
  return page;
}

async function sent(page: Page): Promise<{ path: string; form: Record<string, string> }> {
  await page.waitForSelector('#answer');
  const last = gallery.posted.at(-1);
  if (last === undefined) throw new Error('nothing was posted');
  return { path: last.path.replace(/.*\//, ''), form: Object.fromEntries(last.form) };
}

const SCRIPT = [true, false];

test.each(SCRIPT)('a kept card asks for its security code alone (script: %s)', async (script) => {
  const page = await openForm('formWithKeptCards', script);
  expect(
    await page
      .getByLabel(/Visa.*0002/)
      .first()
      .isChecked(),
  ).toBe(true);
  for (const label of ['カード番号', 'カード名義']) {
    expect(await page.getByLabel(label).isVisible()).toBe(false);
  }
  expect(await page.getByRole('radio', { name: /American Express.*有効期限切れ/ }).isDisabled()).toBe(true);
  await page.getByLabel('セキュリティコード').fill('123');
  await page.keyboard.press('Enter');
  const { path, form } = await sent(page);
  expect([path, form.use, form.csc, form.charge]).toEqual(['pay', 'sc_1', '123', undefined]);
});

test.each(SCRIPT)('another card may be typed instead (script: %s)', async (script) => {
  const page = await openForm('formWithKeptCards', script);
  await page.getByRole('radio', { name: '別のカードを使う' }).check();
  await page.getByLabel('カード番号').fill(testPan());
  await page.getByRole('textbox', { name: '有効期限' }).fill('12/30');
  await page.getByLabel('セキュリティコード').fill('123');
  await page.getByLabel('カード名義').fill('TARO YAMADA');
  await page.getByRole('checkbox', { name: /カードを保存する/ }).check();
  await page.getByRole('button', { name: /を支払う/ }).click();
  const { path, form } = await sent(page);
  expect([path, form.use, form.save, form.charge]).toEqual(['pay', 'new', '1', undefined]);
});

test.each(SCRIPT)('a kept card is taken away in two steps (script: %s)', async (script) => {
  const page = await openForm('formWithKeptCards', script);
  const removal = page.getByRole('button', { name: /0008を削除する/ });
  expect(await removal.isVisible()).toBe(false);
  await page.locator('summary', { hasText: '保存したカードを削除' }).click();
  await removal.click();
  expect(await sent(page)).toEqual({ path: 'forget', form: { card: 'sc_2' } });
});

test('what is asked is unticked, in words of its own, and says what will be charged', async () => {
  const page = await openForm('formAskingToKeep', true);
  const boxes = page.getByRole('checkbox');
  expect(await boxes.count()).toBe(2);
  for (const box of await boxes.all()) expect(await box.isChecked()).toBe(false);
  expect(await page.getByRole('checkbox', { name: /うつわと道具 こはるが.*会費 3,000円/ }).count()).toBe(1);
});
