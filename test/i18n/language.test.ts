import { expect, test } from 'vitest';
import { en } from '../../src/i18n/en.ts';
import { formatMoney, formatTime } from '../../src/i18n/format.ts';
import { ja } from '../../src/i18n/ja.ts';
import { chooseLanguage } from '../../src/i18n/language.ts';

test.each([
  { wish: {}, language: 'ja', why: 'a browser that says nothing' },
  { wish: { acceptLanguage: 'ja,en;q=0.8' }, language: 'ja', why: 'the browser wants Japanese' },
  { wish: { acceptLanguage: 'en-US,ja;q=0.9' }, language: 'en', why: 'the browser wants English more' },
  { wish: { acceptLanguage: 'en;q=0.3, ja;q=0.9' }, language: 'ja', why: 'weights count, not the order' },
  { wish: { acceptLanguage: 'fr-FR,ja;q=0.5' }, language: 'ja', why: 'the best that has texts' },
  { wish: { acceptLanguage: 'fr,de' }, language: 'en', why: 'none of them has texts' },
  { wish: { acceptLanguage: 'ja;q=0,en' }, language: 'en', why: 'what is refused is not taken' },
  { wish: { locale: 'en', acceptLanguage: 'ja' }, language: 'en', why: "the merchant's choice" },
  { wish: { locale: 'ko', acceptLanguage: 'ja' }, language: 'en', why: 'no Korean texts yet' },
  { wish: { locale: 'zh-Hant' }, language: 'en', why: 'no Chinese texts yet' },
  { wish: { locale: 'en', chosen: 'ja' }, language: 'ja', why: "the shopper's choice stands above it" },
  { wish: { locale: 'ja', chosen: 'xx' }, language: 'ja', why: 'a choice that is none' },
])('the page is in $language: $why', ({ wish, language }) => {
  expect(chooseLanguage({ chosen: undefined, locale: 'auto', acceptLanguage: undefined, ...wish })).toBe(
    language,
  );
});

test('amounts are written as each language writes them', () => {
  expect(formatMoney('ja', 12_800)).toBe('12,800円');
  expect(formatMoney('en', 99_999_999)).toBe('¥99,999,999');
});

test('times are told in Japan time, named, with the year only where it is another', () => {
  const at = new Date('2026-11-23T06:30:00Z');
  const nextYear = new Date('2027-01-02T15:05:00Z');
  expect(formatTime('ja', at, at)).toBe('11月23日 15:30(日本時間)');
  expect(formatTime('en', at, at)).toBe('23 Nov, 15:30 JST');
  expect(formatTime('ja', nextYear, at)).toBe('2027年1月3日 00:05(日本時間)');
  expect(formatTime('en', nextYear, at)).toBe('3 Jan 2027, 00:05 JST');
});

test('both languages say everything, and whatever failed they say that nothing was charged', () => {
  const keys = (value: object): string[] =>
    Object.entries(value).flatMap(([key, inner]) =>
      inner !== null && typeof inner === 'object' ? keys(inner).map((below) => `${key}.${below}`) : [key],
    );
  expect(keys(ja)).toEqual(keys(en));
  for (const { text } of Object.values(ja.failures)) expect(text).toContain('請求はされていません。');
  for (const { text } of Object.values(en.failures)) expect(text).toContain('not been charged');
});
