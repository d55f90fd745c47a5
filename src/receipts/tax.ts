import type { TaxRounding } from '../db/schema.ts';
import { unreachable } from '../lib/unreachable.ts';

/** A line of the document: what all of it costs, and its tax rate in percent. */
export interface TaxedLine {
  amount: number;
  rate: number;
}

export interface RateTotal {
  rate: number;
  totalExcludingTax: number;
  tax: number;
  totalIncludingTax: number;
}

export interface TaxRule {
  rounding: TaxRounding;
  pricesIncludeTax: boolean;
}

/**
 * The tax of a document, highest rate first: rounded once per rate, over the sum of its lines, as the National Tax Agency
 * wants it (invoice Q&A, question 57). Rounding each line and adding up gives another number, which may not be stated.
 */
export function taxPerRate(
  lines: readonly TaxedLine[],
  { rounding, pricesIncludeTax }: TaxRule,
): RateTotal[] {
  const rates = [...new Set(lines.map(({ rate }) => rate))].sort((a, b) => b - a);
  return rates.map((rate) => {
    const total = lines.filter((line) => line.rate === rate).reduce((sum, { amount }) => sum + amount, 0);
    const tax = divide(total * rate, pricesIncludeTax ? 100 + rate : 100, rounding);
    return pricesIncludeTax
      ? { rate, totalExcludingTax: total - tax, tax, totalIncludingTax: total }
      : { rate, totalExcludingTax: total, tax, totalIncludingTax: total + tax };
  });
}

/** A whole number over another, neither below 0, rounded; without fractions in between. */
function divide(dividend: number, divisor: number, rounding: TaxRounding): number {
  const rest = dividend % divisor;
  const floor = (dividend - rest) / divisor;
  switch (rounding) {
    case 'floor':
      return floor;
    case 'half_up':
      return rest * 2 >= divisor ? floor + 1 : floor;
    case 'ceil':
      return rest > 0 ? floor + 1 : floor;
    default:
      return unreachable(rounding);
  }
}
