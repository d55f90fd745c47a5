import { expect, test } from 'vitest';
import { formatMoney, formatTime } from '../../src/i18n/format.ts';
import { chooseLanguage, LANGUAGES } from '../../src/i18n/language.ts';
import type { Language } from '../../src/i18n/texts.ts';

test.each([
  { wish: {}, language: 'ja', why: 'a browser that says nothing' },
  { wish: { acceptLanguage: 'ja,en;q=0.8' }, language: 'ja', why: 'the browser wants Japanese' },
  { wish: { acceptLanguage: 'en-US,ja;q=0.9' }, language: 'en', why: 'the browser wants English more' },
  { wish: { acceptLanguage: 'en;q=0.3, ja;q=0.9' }, language: 'ja', why: 'weights count, not the order' },
  { wish: { acceptLanguage: 'fr-FR,ja;q=0.5' }, language: 'ja', why: 'the best that has texts' },
  { wish: { acceptLanguage: 'fr,de' }, language: 'en', why: 'none of them has texts' },
  { wish: { acceptLanguage: 'ja;q=0,en' }, language: 'en', why: 'what is refused is not taken' },
  { wish: { locale: 'en', acceptLanguage: 'ja' }, language: 'en', why: "the merchant's choice" },
  { wish: { locale: 'ko', acceptLanguage: 'ja' }, language: 'ko', why: 'and so in Korean' },
  { wish: { locale: 'zh-Hant' }, language: 'zh-Hant', why: 'and so in Chinese' },
  { wish: { locale: 'en', chosen: 'ja' }, language: 'ja', why: "the shopper's choice stands above it" },
  { wish: { locale: 'ja', chosen: 'xx' }, language: 'ja', why: 'a choice that is none' },
  { wish: { locale: 'ja', chosen: 'zh-TW' }, language: 'zh-Hant', why: 'a choice by another name of it' },
  { wish: { locale: 'ja', chosen: '' }, language: 'ja', why: 'an empty choice' },
  { wish: { acceptLanguage: '*' }, language: 'ja', why: 'anything will do' },
  { wish: { acceptLanguage: 'xx,*;q=0.1' }, language: 'en', why: 'none of them, or anything' },
  { wish: { acceptLanguage: 'JA-jp' }, language: 'ja', why: 'tags know no case' },
  { wish: { acceptLanguage: 'ko-KR,ko;q=0.9,en-US;q=0.8' }, language: 'ko', why: 'a region of Korean' },
  { wish: { acceptLanguage: 'zh' }, language: 'zh-Hans', why: 'Chinese and no more' },
  { wish: { acceptLanguage: 'zh-CN,zh;q=0.9,en;q=0.8' }, language: 'zh-Hans', why: 'mainland China' },
  { wish: { acceptLanguage: 'zh-SG' }, language: 'zh-Hans', why: 'Singapore' },
  { wish: { acceptLanguage: 'zh-TW,zh;q=0.9,en;q=0.8' }, language: 'zh-Hant', why: 'Taiwan' },
  { wish: { acceptLanguage: 'zh-HK' }, language: 'zh-Hant', why: 'Hong Kong' },
  { wish: { acceptLanguage: 'zh-MO' }, language: 'zh-Hant', why: 'Macau' },
  { wish: { acceptLanguage: 'zh-Hant-HK' }, language: 'zh-Hant', why: 'the script is named' },
  {
    wish: { acceptLanguage: 'zh-Hans-TW' },
    language: 'zh-Hans',
    why: 'the script counts more than the region',
  },
  { wish: { acceptLanguage: 'fr,zh-TW;q=0.7,zh-CN;q=0.6' }, language: 'zh-Hant', why: 'the one wanted more' },
  { wish: { acceptLanguage: 'kok,jam,enm' }, language: 'en', why: 'what only begins like one of ours' },
])('the page is in $language: $why', ({ wish, language }) => {
  expect(chooseLanguage({ chosen: undefined, locale: 'auto', acceptLanguage: undefined, ...wish })).toBe(
    language,
  );
});

test('amounts are written as each language writes them', () => {
  expect(formatMoney('ja', 12_800)).toBe('12,800円');
  expect(formatMoney('en', 99_999_999)).toBe('¥99,999,999');
  expect(formatMoney('zh-Hans', 12_800)).toBe('12,800日元');
  expect(formatMoney('zh-Hant', 12_800)).toBe('12,800日圓');
  expect(formatMoney('ko', 12_800)).toBe('12,800엔');
});

test('times are told in Japan time, named, with the year only where it is another', () => {
  const now = new Date('2026-11-23T06:30:00Z');
  const nextYear = new Date('2027-01-02T15:05:00Z');
  const told = (language: Language) => [
    formatTime(language, now, now),
    formatTime(language, nextYear, now, true),
  ];
  expect(Object.fromEntries(LANGUAGES.map((language) => [language, told(language)]))).toEqual({
    ja: ['11月23日 15:30(日本時間)', '2027年1月3日 00:05、日本時間'],
    en: ['23 Nov, 15:30 JST', '3 Jan 2027, 00:05 JST'],
    'zh-Hans': ['11月23日 15:30（日本时间）', '2027年1月3日 00:05，日本时间'],
    'zh-Hant': ['11月23日 15:30（日本時間）', '2027年1月3日 00:05，日本時間'],
    ko: ['11월 23일 15:30(일본 시간)', '2027년 1월 3일 00:05, 일본 시간'],
  });
});
