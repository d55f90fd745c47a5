import { expect, test } from 'vitest';
import { LANGUAGES, TEXTS } from '../../../src/i18n/language.ts';
import { formatDeadline, NUMBER_TEXTS } from '../../../src/i18n/number/number-texts.ts';
import { PLACES } from '../../../src/i18n/number/texts.ts';
import { numberView } from '../../../src/web/pay/number-page.ts';
import { STEP_DRAWINGS } from '../../../src/web/pay/number-steps.ts';
import { formsOf } from '../../support/html.ts';
import { ISSUED_NUMBERS, PAY_BY, SETTLED_NUMBERS } from './number-visits.ts';
import { NOW, pageFor, TOKEN } from './visits.ts';

const PAGE = `http://localhost:3000/p/${TOKEN}`;
const DAY_MS = 86_400_000;

test.each([
  ['seven_eleven', ['1234 5678 90123']],
  ['familymart', ['20020', '1234 5678 9012']],
  ['lawson', ['123456', '090 1234 5678']],
  ['ministop', ['123456', '03 1234 5678']],
  ['daily_yamazaki', ['1234 5678901']],
  ['payeasy', ['58191', '1234 5678 9012 3456 7890', '123456']],
])('at %s the parts stand in groups, in the order in which they are typed', (place, values) => {
  const visit = ISSUED_NUMBERS[place];
  const view = visit === undefined ? null : numberView(visit, TEXTS.ja);
  expect(view?.parts.map(({ value }) => value)).toEqual(values);
  for (const { value, digits } of view?.parts ?? []) expect(value.replaceAll(' ', '')).toBe(digits);
});

test.each(LANGUAGES)('every step has a drawing, and every machine its own words: %s', (language) => {
  for (const place of PLACES) {
    const { steps } = NUMBER_TEXTS[language];
    expect([place, steps[place].length]).toEqual([place, STEP_DRAWINGS[place].length]);
    // What is read off the machine is the same in every language.
    const labels = (sentences: readonly string[]) =>
      sentences.flatMap((sentence) => sentence.match(/(?<=[「“‘])[^」”’]+(?=[」”’])/g) ?? []);
    const known = new Set([...labels(NUMBER_TEXTS.ja.steps[place]), '申込券']);
    expect(labels(steps[place]).filter((label) => !known.has(label))).toEqual([]);
  }
});

test.each([
  ['ja', '11月26日(木) 23:59(日本時間)', '2027年1月1日(金) 23:59(日本時間)'],
  ['en', 'Thursday 26 November, 23:59 JST', 'Friday 1 January 2027, 23:59 JST'],
  ['zh-Hans', '11月26日（星期四）23:59（日本时间）', '2027年1月1日（星期五）23:59（日本时间）'],
  ['zh-Hant', '11月26日（星期四）23:59（日本時間）', '2027年1月1日（星期五）23:59（日本時間）'],
  ['ko', '11월 26일(목) 23:59(일본 시간)', '2027년 1월 1일(금) 23:59(일본 시간)'],
] as const)(
  'a deadline has its weekday and zone in %s, and the year when it is another',
  (language, near, far) => {
    expect(formatDeadline(language, PAY_BY, NOW)).toBe(near);
    expect(formatDeadline(language, new Date('2027-01-01T14:59:59Z'), NOW)).toBe(far);
  },
);

test('before there is anything to press stands the number; the first thing to press leads to the shop', () => {
  const { html } = pageFor(ISSUED_NUMBERS.lawson ?? SETTLED_NUMBERS.numberPaid);
  const [first] = formsOf(html, PAGE);
  expect(new URL(first?.action ?? PAGE).pathname).toBe('/thanks');
  const main = html.slice(html.indexOf('<main'));
  const pressed = main.search(/<(a|button|input)\b/);
  expect(main.indexOf('class="digits"')).toBeLessThan(pressed);
  expect(main.slice(pressed)).toMatch(/^<input type="hidden" name="id"/);
});

test('a number that is looked up again later is not left by itself', () => {
  const { lawson } = ISSUED_NUMBERS;
  if (lawson === undefined) throw new Error('no sample');
  expect(pageFor(lawson).html).toContain('id="soon"');
  const endedAt = new Date(NOW.getTime() - DAY_MS);
  expect(pageFor({ ...lawson, session: { ...lawson.session, endedAt } }).html).not.toContain('id="soon"');
});

test.each([
  ['numberPaid', 'お支払いが完了しました'],
  ['numberPaidLate', '期限を過ぎてからのお支払いでした。'],
  ['numberExpired', 'この番号ではお支払いいただけません'],
  ['numberWithdrawn', 'このお支払い番号は取り消されました'],
] as const)('%s: nobody is shown a number to pay with any more', (name, said) => {
  const { html } = pageFor(SETTLED_NUMBERS[name]);
  expect(html).toContain(said);
  expect(html).not.toContain('class="digits"');
});

test('more than an ATM takes in cash is said', () => {
  const said = (name: string) => {
    const visit = ISSUED_NUMBERS[name];
    return visit !== undefined && pageFor(visit).html.includes('10万円まで');
  };
  expect([said('payeasy'), said('payeasyLarge'), said('lawson')]).toEqual([false, true, false]);
});
