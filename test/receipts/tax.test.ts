import { expect, test } from 'vitest';
import { stampDuty } from '../../src/receipts/stamp-duty.ts';
import { taxPerRate } from '../../src/receipts/tax.ts';
import { invoiceVectors, VECTORS_IN_ALL } from './vectors.ts';

const ROUNDING = { floor: 'floor', halfUp: 'half_up', ceil: 'ceil' } as const;

test.each(invoiceVectors('rounding'))('$name: $totalTax of tax in $grandTotal', (vector) => {
  const { pricesIncludeTax, lines, perRate, totalTax, grandTotal } = vector;
  const rounding = ROUNDING[vector.rounding];
  const taxed = lines.map(({ unitPrice, quantity, rate }) => ({ amount: unitPrice * quantity, rate }));
  const totals = taxPerRate(taxed, { rounding, pricesIncludeTax });
  expect(totals).toEqual(perRate);
  expect(sum(totals.map(({ tax }) => tax))).toBe(totalTax);
  expect(sum(totals.map(({ totalIncludingTax }) => totalIncludingTax))).toBe(grandTotal);
  const perLine = taxed.flatMap((line) => taxPerRate([line], { rounding, pricesIncludeTax }));
  expect(sum(perLine.map(({ tax }) => tax))).toBe(vector.forbiddenPerLineTax);
});

test.each(invoiceVectors('revenueStamp'))('$name: a stamp of $stampTax', (vector) => {
  const { medium, amount, paidBy, stampTax, consumptionTaxShown = 0 } = vector;
  const cardUseStated = paidBy === 'credit card, stated on the receipt';
  expect(stampDuty({ medium, amount, taxShown: consumptionTaxShown, cardUseStated })).toBe(stampTax);
});

test('every vector is held by a test', () => {
  const kinds = ['rounding', 'corporateNumber', 'registrationNumber', 'revenueStamp'] as const;
  expect(sum(kinds.map((kind) => invoiceVectors(kind).length))).toBe(VECTORS_IN_ALL);
});

test('what is not taxed has a total and no tax; rates stand from the highest down', () => {
  const lines = [
    { amount: 500, rate: 0 },
    { amount: 1_080, rate: 8 },
    { amount: 1_100, rate: 10 },
  ];
  expect(taxPerRate(lines, { rounding: 'ceil', pricesIncludeTax: true })).toEqual([
    { rate: 10, totalExcludingTax: 1_000, tax: 100, totalIncludingTax: 1_100 },
    { rate: 8, totalExcludingTax: 1_000, tax: 80, totalIncludingTax: 1_080 },
    { rate: 0, totalExcludingTax: 500, tax: 0, totalIncludingTax: 500 },
  ]);
});

function sum(numbers: number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
