import { passesLuhn } from '../../src/lib/card.ts';

/** The contract's test numbers: brand prefix, 3DS scenario (TT), issuer scenario (AA), zeros, check digit. */
const PREFIX = {
  visa: '400000',
  mastercard: '555555',
  jcb: '353011',
  amex: '378282',
  diners: '360000',
} as const;
const LENGTH = { visa: 16, mastercard: 16, jcb: 16, amex: 15, diners: 14 } as const;

export type TestBrand = keyof typeof PREFIX;

export function testPan(tt = '00', aa = '00', brand: TestBrand = 'visa'): string {
  const body = `${PREFIX[brand]}${tt}${aa}`.padEnd(LENGTH[brand] - 1, '0');
  const digit = [...'0123456789'].find((candidate) => passesLuhn(body + candidate));
  return body + digit;
}
