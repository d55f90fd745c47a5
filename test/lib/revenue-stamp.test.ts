import { expect, test } from 'vitest';
import { revenueStamp, STAMPED_FROM } from '../../src/lib/revenue-stamp.ts';
import { invoiceVectors } from '../receipts/vectors.ts';

test.each(invoiceVectors('revenueStamp'))('$name: ¥$stampTax', (vector) => {
  const { medium, paidBy, amount, consumptionTaxShown: taxShown, amountForStamp } = vector;
  const cardStated = paidBy === 'credit card, stated on the receipt';
  if (taxShown !== undefined) expect(amount - taxShown).toBe(amountForStamp);
  expect(revenueStamp({ medium, cardStated, amount, taxShown })).toBe(vector.stampTax);
});

test('above the last band the duty stays the highest', () => {
  const duties = [500_000_001, 1_000_000_000, 1_000_000_001].map((amount) =>
    revenueStamp({ medium: 'paper', cardStated: false, amount }),
  );
  expect(duties).toEqual([150_000, 150_000, 200_000]);
  expect(STAMPED_FROM).toBe(50_000);
});
