import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../../../src/lib/root.ts';
import { NOTHING_KEPT } from '../../../src/web/pay/card-form.ts';
import { UNTOUCHED } from '../../../src/web/pay/pages.ts';
import { formsOf } from '../../support/html.ts';
import {
  type GalleryName,
  galleryNames,
  galleryPage,
  messagePages,
  pageFor,
  TOKEN,
  visitWith,
} from './visits.ts';

const PAGE = `http://localhost:3000/p/${TOKEN}`;
const pathsOf = (html: string) =>
  formsOf(html, PAGE).map(({ action }) => new URL(action).pathname.split('/').at(-1));

test('only layouts and parts get into a page unescaped', () => {
  const folder = join(ROOT, 'views/pay');
  const raw = readdirSync(folder).flatMap((name) =>
    [...readFileSync(join(folder, name), 'utf8').matchAll(/<%~([^%]*)%>/g)]
      .map(([, code = '']) => code.trim())
      .filter((code) => code !== 'it.body' && !/^include\('\.\/[a-z]+'/.test(code)),
  );
  expect(raw).toEqual([]);
});

test.each([...galleryNames(), ...Object.keys(messagePages())])(
  '%s is a whole page with nothing inline',
  (name) => {
    const all: Record<string, { html: string }> = {
      ...Object.fromEntries(galleryNames().map((each) => [each, galleryPage(each)])),
      ...messagePages(),
    };
    const html = all[name]?.html ?? '';
    expect(html).toMatch(/^<!doctype html>\n<html lang="(ja|en)">/);
    expect(html.match(/<h1/g)).toHaveLength(1);
    expect(html).not.toMatch(/undefined|\[object|NaN|<style|\sstyle=|\son\w+=/);
    expect(html).not.toMatch(/<script(?![^>]* src=)/);
    for (const [tag] of html.matchAll(/<script[^>]*>|<link rel="stylesheet"[^>]*>/g)) {
      expect(tag).toMatch(/integrity="sha384-|\/static\/brand\//);
    }
  },
);

test('what a merchant or a shopper typed is text, never markup', () => {
  const html = pageFor(
    visitWith({
      merchant: { name: '<b>"shop"</b>' },
      session: { description: '<script>alert(1)</script>', orderId: 'x' },
    }),
    { state: { ...UNTOUCHED, kept: { ...NOTHING_KEPT, name: '"><img src=x>' } } },
  ).html;
  expect(html).not.toMatch(/<b>|<script>|<img/);
  expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
});

test.each<{ name: GalleryName; forms: string[] }>([
  { name: 'form', forms: ['pay', 'leave'] },
  { name: 'preparing', forms: ['continue', 'abandon', 'leave'] },
  { name: 'challenge', forms: ['challenge', 'abandon', 'leave'] },
  { name: 'waitingForIssuer', forms: ['abandon'] },
  { name: 'confirming', forms: [] },
  { name: 'paid', forms: ['thanks'] },
  { name: 'paidByGet', forms: [] },
  { name: 'canceled', forms: ['thanks'] },
])('on $name what goes on comes first: $forms', ({ name, forms }) => {
  expect(pathsOf(galleryPage(name).html)).toEqual(forms);
});

test('the card form has the labels and autofill tokens of the contract', () => {
  const { html } = galleryPage('form');
  for (const token of ['cc-number', 'cc-exp', 'cc-csc', 'cc-name', 'email']) {
    expect(html).toContain(`autocomplete="${token}"`);
  }
  const [card] = formsOf(html, PAGE);
  const scripted = ['js', 'java', 'lang', 'depth', 'width', 'height', 'tz'];
  expect(card?.names).toEqual(['method', 'number', 'exp', 'csc', 'name', 'email', ...scripted]);
  expect(card?.fields.method).toBe('card');
  for (const name of ['number', 'exp', 'csc', 'name', 'email'])
    expect(html).toContain(`<label for="${name}">`);
  expect(galleryPage('formKnownCustomer').html).not.toContain('autocomplete="email"');
});

test('faults stand at their fields, the first one has the focus', () => {
  const { html, status } = galleryPage('formInvalid');
  expect(status).toBe(422);
  expect(html.match(/aria-invalid="true"/g)).toHaveLength(5);
  expect(html.match(/ autofocus/g)).toHaveLength(1);
  expect(html).toMatch(/<input id="number"[^>]* autofocus/);
  expect(html).toContain('data-code="check_digit"');
});

test('a failed attempt is told with what is left and what the issuer says', () => {
  const { html } = galleryPage('formDeclined');
  expect(html).toContain('カード会社の本人認証が完了しませんでした。');
  expect(html).toContain('あと1回お試しいただけます。');
  expect(html).toContain('詳しくはカード裏面の番号へお電話ください。');
});

test('an expired page says when, in the words of the house', () => {
  expect(galleryPage('timedOut').html).toContain('お支払いの期限(11月23日 15:30、日本時間)を過ぎました。');
});

test('the receipt tells the money that moved: a part that was captured, then what is left of it', () => {
  const visit = (status: 'captured' | 'partially_refunded' | 'refunded', amountRefunded: number) =>
    pageFor(
      visitWith({
        session: { status: 'complete', endedReason: 'paid', endedAt: new Date('2026-11-23T06:12:00Z') },
        payment: { status, amount: 12_800, amountCaptured: 5_000, amountRefunded },
        attempts: [{ status: 'succeeded', phase: null }],
      }),
    ).html.replace(/<[^>]*>/g, '');
  const taken = visit('captured', 0);
  expect(taken).toMatch(/5,000円/);
  expect(taken).toMatch(/ご注文金額\s*12,800円/);
  expect(visit('partially_refunded', 2_000)).toMatch(/うち返金済み\s*2,000円/);
  const back = visit('refunded', 5_000);
  expect(back).toMatch(/返金されました[\s\S]{0,80}5,000円/);
  expect(back).not.toContain('うち返金済み');
});

test('the challenge carries both session data: for the whole page, and for our frame', () => {
  const [form] = formsOf(galleryPage('challenge').html, PAGE);
  expect(form?.action).toBe('https://acs.example/challenge');
  expect(form?.fields.threeDSSessionData).toBe('full-page');
  expect(galleryPage('challenge').html).toContain('data-framed="framed"');
});

test('the result is posted byte for byte, or followed by a link; both also without JavaScript', () => {
  const [form] = formsOf(galleryPage('paid').html, PAGE);
  expect(Object.keys(form?.fields ?? {})).toEqual(['id', 'timestamp', 'signature', 'payload']);
  expect(form?.fields.payload).toBe('{"type":"session.completed","note":"\\u3042 <&> \' quotes"}');
  const byLink = galleryPage('paidByGet').html;
  expect(byLink).toMatch(new RegExp(`<a id="return"[^>]* rel="next" href="/p/${TOKEN}/return"`));
  expect(byLink).toContain(
    `<noscript><meta http-equiv="refresh" content="5;url=/p/${TOKEN}/return"></noscript>`,
  );
  expect(byLink.indexOf('<a ', byLink.indexOf('<body'))).toBe(byLink.indexOf('<a id="return"'));
});

test('who stays is not taken anywhere', () => {
  const { html } = galleryPage('paidAndStaying');
  expect(html).not.toContain('id="soon"');
  expect(html).not.toContain('http-equiv="refresh"');
});

test('a chosen language stays on the way', () => {
  const { html } = galleryPage('formEnglish');
  expect(html).toContain(`action="/p/${TOKEN}/pay?lang=en"`);
  expect(html).toContain('Pay ¥12,800');
});
