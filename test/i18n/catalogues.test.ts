import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LANGUAGES, TEXTS } from '../../src/i18n/language.ts';
import { LINK_TEXTS } from '../../src/i18n/link/link-texts.ts';
import { MAIL_TEXTS } from '../../src/i18n/mail/mail-texts.ts';
import { NUMBER_TEXTS } from '../../src/i18n/number/number-texts.ts';
import { RECEIPT_TEXTS } from '../../src/i18n/receipt/receipt-texts.ts';
import { REQUEST_TEXTS } from '../../src/i18n/request/request-texts.ts';
import { LEGAL_TEXTS } from '../../src/i18n/shop/legal-texts.ts';
import type { Language } from '../../src/i18n/texts.ts';
import { ROOT } from '../../src/lib/root.ts';
import { METHODS } from '../../src/methods/methods.ts';
import { CHOICE_MISSING, FAILURE_WORDS, INPUT_WORDS, METHOD_BUTTONS } from '../../src/methods/words.ts';
import { TOKEN_SCRIPTS } from '../../src/web/fields/script.ts';
import { sourceFiles } from '../house/source.ts';
import { type Leaf, leavesOf } from './leaves.ts';

/** Everything that shoppers read, by language. Whoever makes a further catalogue adds it here. */
const CATALOGUES: Record<string, Record<Language, object>> = {
  page: TEXTS,
  receipts: RECEIPT_TEXTS,
  numbers: NUMBER_TEXTS,
  mails: MAIL_TEXTS,
  legal: LEGAL_TEXTS,
  requests: REQUEST_TEXTS,
  links: LINK_TEXTS,
  methods: inEachLanguage({ METHODS, INPUT_WORDS, CHOICE_MISSING, FAILURE_WORDS, METHOD_BUTTONS }),
};

/** Words stand in one place for all languages: one catalogue of them for each. */
function inEachLanguage(words: object): Record<Language, object> {
  return { ja: only(words, 'ja'), en: only(words, 'en'), ...chineseAndKorean(words) };
}

function chineseAndKorean(words: object) {
  return { 'zh-Hans': only(words, 'zh-Hans'), 'zh-Hant': only(words, 'zh-Hant'), ko: only(words, 'ko') };
}

/** The same, with one language's text where there was one of each; what is no text is left out. */
function only(words: object, language: Language): object {
  return Object.fromEntries(
    Object.entries(words).flatMap(([key, value]) => {
      if (value === null || typeof value !== 'object') return [];
      return [[key, LANGUAGES.some((each) => each in value) ? value[language] : only(value, language)]];
    }),
  );
}

const EVERY = Object.entries(CATALOGUES).flatMap(([name, catalogue]) =>
  LANGUAGES.map((language) => ({ name, language, leaves: leavesOf(catalogue[language]), catalogue })),
);

test.each(EVERY)('$name in $language says all that is said in Japanese, of the same things', (each) => {
  const marksOf = (text: string) => [...new Set(text.match(/⟦\d⟧/g) ?? [])].sort();
  const shape = (leaves: Leaf[]) =>
    Object.fromEntries(leaves.map(({ path, text }) => [path, marksOf(text)] as const));
  expect(shape(each.leaves)).toEqual(shape(leavesOf(each.catalogue.ja)));
  expect(each.leaves.filter(({ text }) => text.trim() === '' || /undefined|null|NaN/.test(text))).toEqual([]);
  expect(each.leaves.length).toBeGreaterThan(10);
});

/** Characters that are written otherwise in the other script, or only in Japan. */
const SIMPLIFIED =
  /[订单发页码银钱错键长门问间闻关电脑网络购买卖费资质输转载边达远进连迟选还这过运余额顺预领题颜类验东车书画图团园国圆场块护择换损据数断无时显标样档业严个临为义们会传伤价众优储儿兑内册写净减几击别办务动劳协]/u;
const TRADITIONAL =
  /[訂單發頁碼銀錢錯鍵長門問間聞關電腦網絡購買賣費資質輸轉載邊達遠進連遲選還這過運餘額順預領題顏類驗東車書畫圖團園國圓場塊護擇換損據數斷無時顯標樣檔業嚴個臨為義們會傳傷價眾優儲兒兌內冊寫淨減幾擊別辦務動勞協]/u;
const JAPANESE = /[発対応価変処図売読気帰広覧検録済実関収払込渋様続経戻円証]/u;
const KANA = /[\p{Script=Hiragana}\p{Script=Katakana}ー]/u;
const HAN = /\p{Script=Han}/u;
const HANGUL = /\p{Script=Hangul}/u;

const FOREIGN: Record<Language, RegExp[]> = {
  ja: [HANGUL],
  en: [HAN, KANA, HANGUL],
  'zh-Hans': [KANA, HANGUL, JAPANESE, TRADITIONAL],
  'zh-Hant': [KANA, HANGUL, JAPANESE, SIMPLIFIED],
  ko: [HAN, KANA],
};

/** What is quoted may be a word of the Japanese document. A language calls itself by its own name. */
const withoutQuotes = (text: string) => text.replace(/“[^”]*”|「[^」]*」|‘[^’]*’/gu, '');

test.each(EVERY)('$name in $language has no characters of another language', ({ leaves, language }) => {
  const strange = leaves.filter(({ text }) =>
    FOREIGN[language].some((script) => script.test(withoutQuotes(text))),
  );
  expect(strange).toEqual([]);
});

test.each(EVERY)('$name in $language is punctuated as that language is', ({ leaves, language }) => {
  const wrong: Record<Language, RegExp> = {
    ja: /[,;!?](?=[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])/u,
    en: /[、。，（）：！？]| {2}|\s$/u,
    'zh-Hans': /[\p{Script=Han}⟧][,;:!?()]|[,;!?()]\p{Script=Han}|、\s|。\s|「|」| {2}|\s$/u,
    'zh-Hant': /[\p{Script=Han}⟧][,;:!?()]|[,;!?()]\p{Script=Han}|、\s|。\s|“|”| {2}|\s$/u,
    ko: /[、。，（）：！？「」]| {2}|[.!?](?=\p{Script=Hangul})|\s$/u,
  };
  expect(leaves.filter(({ text }) => wrong[language].test(text))).toEqual([]);
});

test.each([
  ['ja', '請求はされていません。'],
  ['en', 'not been charged'],
  ['zh-Hans', '您未被扣款。'],
  ['zh-Hant', '您未被扣款。'],
  ['ko', '청구되지 않았습니다.'],
] as const)('whatever failed, in %s it says that nothing was charged', (language, said) => {
  const failed = [
    ...Object.values(TEXTS[language].failures),
    ...Object.values(FAILURE_WORDS).map(({ text }) => ({ text: text[language] })),
  ];
  expect(failed.filter(({ text }) => !text.includes(said))).toEqual([]);
});

test('every text of receipts, numbers and mails is named somewhere', () => {
  const folder = join(ROOT, 'views');
  const views = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(eta|js)$/.test(name))
    .map((name) => readFileSync(join(folder, name), 'utf8'));
  const sources = sourceFiles('src').filter(
    ({ path }) => !/^src\/(i18n\/.*\/|i18n\/(ja|en|zh|ko|texts))/.test(path),
  );
  const words = new Set([...sources.map(({ text }) => text), ...views].join('\n').match(/\w+/g));
  const unused = [...leavesOf(RECEIPT_TEXTS.ja), ...leavesOf(NUMBER_TEXTS.ja), ...leavesOf(MAIL_TEXTS.ja)]
    .map(({ path }) => path)
    .filter((path) => path.split('.').some((key) => !words.has(key)));
  expect(unused).toEqual([]);
});

test('the script that shops load says the same as the fields that it frames', () => {
  const script = readFileSync(join(ROOT, 'views', TOKEN_SCRIPTS.at(-1)?.href ?? ''), 'utf8');
  const said = LANGUAGES.map((language) => TEXTS[language].cardFields);
  expect(
    said.filter(({ title, unavailable }) => !script.includes(title) || !script.includes(unavailable)),
  ).toEqual([]);
});
