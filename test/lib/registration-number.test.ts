import { expect, test } from 'vitest';
import {
  corporateCheckDigit,
  isCorporate,
  isRegistrationNumber,
  readRegistrationNumber,
} from '../../src/lib/registration-number.ts';
import { invoiceVectors } from '../receipts/vectors.ts';

test.each(invoiceVectors('corporateNumber'))('$name: the check digit of $base12 is $checkDigit', (vector) => {
  expect(corporateCheckDigit(vector.base12)).toBe(vector.checkDigit);
  expect(`${vector.checkDigit}${vector.base12}`).toBe(vector.corporateNumber);
  expect(isCorporate(vector.registrationNumber)).toBe(vector.valid);
});

test.each(invoiceVectors('registrationNumber'))(
  '$name: $registrationNumber',
  ({ registrationNumber, formatValid, checkDigitValid }) => {
    expect(isRegistrationNumber(registrationNumber)).toBe(formatValid);
    expect(isCorporate(registrationNumber)).toBe(checkDigitValid);
  },
);

test.each([
  ['Ｔ７０００012050002', 'T7000012050002'],
  [' T7000012050002 ', 'T7000012050002'],
  ['t7000012050002', null],
  ['T0000012050002', null],
  ['', null],
])('typed as %j it is %j', (typed, number) => {
  expect(readRegistrationNumber(typed)).toBe(number);
});
