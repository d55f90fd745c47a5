import { expect, test } from 'vitest';
import { BRANDS } from '../../src/lib/card.ts';
import { bonusMonth, brandTakes, PAYMENT_TYPES, type PaymentType } from '../../src/lib/payment-type.ts';

test.each([
  ['2026-01-01T00:00:00+09:00', '2608'],
  ['2026-06-15T23:59:59+09:00', '2608'],
  ['2026-06-16T00:00:00+09:00', null],
  ['2026-07-15T23:59:59+09:00', null],
  ['2026-07-16T00:00:00+09:00', '2701'],
  ['2026-11-15T23:59:59+09:00', '2701'],
  ['2026-11-16T00:00:00+09:00', null],
  ['2026-12-15T23:59:59+09:00', null],
  ['2026-12-16T00:00:00+09:00', '2708'],
  ['2026-12-31T23:59:59+09:00', '2708'],
  ['2099-12-31T23:59:59+09:00', '0008'],
])('what is bought at %s is charged to the bonus of %s', (at, month) => {
  expect(bonusMonth(new Date(at))).toBe(month);
});

test('every brand takes a lump sum; what else, is this table', () => {
  const taken = BRANDS.map((brand) => {
    const takes = PAYMENT_TYPES.filter((type) => brandTakes(brand, typeOf(type)));
    return `${brand}: ${takes.join(' ')}`;
  });
  expect(taken).toEqual([
    'visa: lump_sum installments revolving bonus bonus_installments',
    'mastercard: lump_sum installments revolving bonus bonus_installments',
    'jcb: lump_sum installments revolving bonus bonus_installments',
    'amex: lump_sum installments bonus',
    'diners: lump_sum revolving bonus',
  ]);
});

function typeOf(type: (typeof PAYMENT_TYPES)[number]): PaymentType {
  return type === 'installments' || type === 'bonus_installments'
    ? { type, count: 3 }
    : { type, count: null };
}
