import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { TEXTS } from '../../src/i18n/language.ts';
import { CONSENT_VERSION, consentOf } from '../../src/payments/consent.ts';
import { visitWith } from '../web/pay/visits.ts';

/** What was agreed to is proved by its version: the words of a version never change. */
const WORDS: Record<string, string> = { '1': '555ba13f2782df9f' };

test('the words that a shopper agrees to are those of their version', () => {
  const words = Object.values(TEXTS).map(({ keeping }) => [
    keeping.save,
    keeping.saveHint,
    keeping.charge('{shop}'),
    keeping.chargeHint,
  ]);
  const digest = createHash('sha256').update(JSON.stringify(words)).digest('hex').slice(0, 16);
  expect(WORDS[CONSENT_VERSION]).toBe(digest);
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
