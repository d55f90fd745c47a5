import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { LANGUAGES, TEXTS } from '../../src/i18n/language.ts';
import type { Language } from '../../src/i18n/texts.ts';
import { CONSENT_VERSION, consentOf } from '../../src/payments/consent.ts';
import { visitWith } from '../web/pay/visits.ts';

/** What was agreed to is proved by its version and language: the words of a version never change. */
const WORDS: Record<string, Record<Language, string>> = {
  '1': {
    ja: '2257d0587c7da41a',
    en: '678743a13346ca40',
    'zh-Hans': '3015833a8b375260',
    'zh-Hant': '07bb942a39bef3b9',
    ko: '0e7418d94ec9ff71',
  },
};

test.each(LANGUAGES)('the words that a shopper agrees to are those of their version, %s', (language) => {
  const { save, saveHint, charge, chargeHint } = TEXTS[language].keeping;
  const words = JSON.stringify([save, saveHint, charge('{shop}'), chargeHint]);
  const digest = createHash('sha256').update(words).digest('hex').slice(0, 16);
  expect(WORDS[CONSENT_VERSION]?.[language]).toBe(digest);
});

const asking = (card: object) => visitWith({ session: { customer: { reference: 'member-77' }, card } });
const mandate = { description: '毎月の会費' };
const BOTH = { save: true, charge: true };

test.each([
  ['what is not asked cannot be agreed to', {}, BOTH, null],
  ['asked to keep it', { save: 'ask' }, BOTH, ['next_time']],
  ['asked for both', { save: 'ask', mandate }, BOTH, ['next_time', 'merchant_charges']],
  ['each by itself', { save: 'ask', mandate }, { save: false, charge: true }, ['merchant_charges']],
  ['nothing ticked', { save: 'ask', mandate }, { save: false, charge: false }, null],
] as const)('%s', (_, card, ticked, purposes) => {
  expect(consentOf(asking(card), ticked, 'ja')?.purposes ?? null).toEqual(purposes);
});

test('without a customer there is nobody to agree', () => {
  expect(consentOf(visitWith({ session: { customer: {}, card: { save: 'ask' } } }), BOTH, 'ja')).toBeNull();
});
