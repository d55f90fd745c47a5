import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../src/lib/root.ts';

/** `test/vectors/invoice.json`, by kind. */
export interface InvoiceVectors {
  rounding: {
    name: string;
    pricesIncludeTax: boolean;
    rounding: 'floor' | 'halfUp' | 'ceil';
    lines: { unitPrice: number; quantity: number; rate: number }[];
    perRate: { rate: number; totalExcludingTax: number; tax: number; totalIncludingTax: number }[];
    totalTax: number;
    grandTotal: number;
    forbiddenPerLineTax: number;
  };
  corporateNumber: {
    name: string;
    base12: string;
    checkDigit: number;
    corporateNumber: string;
    registrationNumber: string;
    valid: boolean;
  };
  registrationNumber: {
    name: string;
    registrationNumber: string;
    formatValid: boolean;
    checkDigitValid: boolean;
  };
  revenueStamp: {
    name: string;
    medium: 'paper' | 'electronic';
    paidBy: string;
    amount: number;
    consumptionTaxShown?: number;
    amountForStamp?: number;
    stampTax: number;
  };
}

const { cases } = JSON.parse(readFileSync(join(ROOT, 'test/vectors/invoice.json'), 'utf8')) as {
  cases: { kind: keyof InvoiceVectors }[];
};

export function invoiceVectors<K extends keyof InvoiceVectors>(kind: K): InvoiceVectors[K][] {
  return cases.filter((each): each is InvoiceVectors[K] & { kind: K } => each.kind === kind);
}

export const VECTORS_IN_ALL = cases.length;
