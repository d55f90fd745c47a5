import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { testPan } from '../support/cards.ts';
import { type Gallery, openGallery } from './gallery.ts';

/** The payment types on the card form, with our script: by brand, and nothing chosen behind the shopper's back. */
let browser: Browser;
let gallery: Gallery;
beforeAll(async () => {
  [browser, gallery] = await Promise.all([launchBrowser(), openGallery()]);
});
afterAll(async () => {
  await browser?.close();
  await gallery?.close();
});

async function openForm(name: 'formWithPlans' | 'formWrongPlan' | 'formPlanDeclined'): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'ja-JP' });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  page.on('pageerror', (error) => {
    throw error;
  });
  await page.goto(gallery.at(name));
  return page;
}

const offered = (page: Page) => page.locator('#payment_type option').allTextContents();
const chosen = (page: Page) => page.locator('#payment_type option:checked').textContent();
const told = (page: Page) => page.locator('#payment_type-error').textContent();

const ALL = ['1回払い', '3回払い', '6回払い', 'リボ払い'];

test('a lump sum is chosen, and each brand has what it takes', async () => {
  const page = await openForm('formWithPlans');
  expect([await offered(page), await chosen(page)]).toEqual([ALL, '1回払い']);
  for (const [brand, expected] of [
    ['visa', ALL],
    ['amex', ALL.slice(0, 3)],
    ['diners', ['1回払い', 'リボ払い']],
    ['jcb', ALL],
  ] as const) {
    await page.fill('#number', testPan('00', '00', brand));
    expect(await offered(page), brand).toEqual(expected);
  }
});

test('a choice that the brand does not take is told, and comes back with a brand that does', async () => {
  const page = await openForm('formWithPlans');
  await page.getByLabel('お支払い回数').selectOption('リボ払い');
  await page.locator('#number').pressSequentially('3782');
  expect(await chosen(page)).toBe('1回払い');
  expect(await told(page)).toContain('American Expressのカードでは「リボ払い」をお使いいただけません。');
  await page.fill('#number', '4');
  expect([await chosen(page), await told(page)]).toEqual(['リボ払い', '']);
  await page.fill('#number', '3782');
  await page.getByLabel('お支払い回数').selectOption('6回払い');
  expect(await told(page)).toBe('');
  await page.fill('#number', '4');
  expect(await chosen(page)).toBe('6回払い');
});

test('a fault from the server goes when something else is chosen', async () => {
  const page = await openForm('formWrongPlan');
  expect(await page.getAttribute('#payment_type', 'aria-invalid')).toBe('true');
  expect(await chosen(page)).toBe('リボ払い');
  await page.getByLabel('お支払い回数').selectOption('3回払い');
  expect([await page.getAttribute('#payment_type', 'aria-invalid'), await told(page)]).toEqual([null, '']);
});

test('after a failed attempt its payment type is chosen again, and it is what is sent', async () => {
  const page = await openForm('formPlanDeclined');
  expect(await chosen(page)).toBe('6回払い');
  await page.fill('#number', testPan());
  await page.fill('#exp', '12/30');
  await page.fill('#csc', '123');
  await page.fill('#name', 'TARO YAMADA');
  await page.getByRole('button', { name: '12,800円を支払う' }).click();
  await page.waitForLoadState('networkidle');
  expect(gallery.posted.at(-1)?.form.get('payment_type')).toBe('installments_6');
});
