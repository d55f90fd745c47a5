import { expect, test } from 'vitest';
import type { CardOptions, PaymentTypeContract } from '../../src/db/schema.ts';
import { wordOf } from '../../src/lib/payment-type.ts';
import { allowedTypes } from '../../src/payments/payment-types.ts';

const ALL: PaymentTypeContract = {
  installments: [2, 3, 6, 12],
  revolving: true,
  bonus: true,
  bonusInstallments: [6],
};
const NONE: PaymentTypeContract = { installments: [], revolving: false, bonus: false, bonusInstallments: [] };
const ASKED: CardOptions = {
  installments: [12, 3, 3, 24],
  revolving: true,
  bonus: true,
  bonus_installments: [6],
};
const IN_SEASON = '2026-10-01T00:00:00Z';
const BETWEEN = '2026-11-23T00:00:00Z';

test.each([
  ['nothing asked', {}, ALL, IN_SEASON, ''],
  [
    'everything, sorted and once',
    ASKED,
    ALL,
    IN_SEASON,
    'installments_3 installments_12 revolving bonus bonus_installments_6',
  ],
  ['no contract', ASKED, NONE, IN_SEASON, ''],
  ['between the seasons', ASKED, ALL, BETWEEN, 'installments_3 installments_12 revolving'],
  ['refused by the session', { installments: [], revolving: false, bonus: false }, ALL, IN_SEASON, ''],
  [
    'a contract without revolving',
    ASKED,
    { ...ALL, revolving: false },
    BETWEEN,
    'installments_3 installments_12',
  ],
] as const)('%s', (_, asked, contract, at, besides) => {
  const words = allowedTypes(asked as CardOptions, contract, new Date(at)).map(wordOf);
  expect(words.join(' ')).toBe(`lump_sum ${besides}`.trim());
});
