import { join } from 'node:path';
import { expect, test } from 'vitest';
import { JAPAN_CODES } from '../../src/acquirer/japan-codes.ts';
import { classify, RESPONSE_CODES } from '../../src/acquirer/response-codes.ts';
import { ROOT } from '../../src/lib/root.ts';
import { responseCodesPage } from './response-codes-page.ts';

test.each([
  ['01', 'contact_issuer'],
  ['02', 'contact_issuer'],
  ['05', 'card_declined'],
  ['14', 'invalid_card'],
  ['51', 'insufficient_funds'],
  ['54', 'expired_card'],
  ['57', 'card_declined'],
  ['61', 'limit_exceeded'],
  ['65', 'limit_exceeded'],
  ['78', 'contact_issuer'],
  ['82', 'invalid_csc'],
  ['91', 'issuer_unavailable'],
  ['96', 'issuer_unavailable'],
  ['N7', 'invalid_csc'],
  ['ZZ', 'card_declined'],
  ['', 'card_declined'],
  ['constructor', 'card_declined'],
])('response code "%s" ends an attempt as %s', (code, failure) => {
  expect(classify(code).failure).toBe(failure);
});

test('every code that the card schemes publish has a row', () => {
  const published =
    '01 02 03 04 05 07 10 12 13 14 15 19 41 43 46 51 54 55 57 58 59 61 62 63 65 70 75 78 82 85 86 91 92 93 94 96 ' +
    '1A 6P N3 N4 N7 R0 R1 R3';
  expect(published.split(' ').filter((code) => !(code in RESPONSE_CODES))).toEqual([]);
  expect('00' in RESPONSE_CODES).toBe(false);
});

test.each([
  ['05', 'G02', 'insufficient_funds', 'later'],
  ['05', 'G03', 'limit_exceeded', 'later'],
  ['05', 'G12', 'card_declined', 'other_card'],
  ['05', 'G22', 'card_declined', 'never'],
  ['05', 'G30', 'contact_issuer', 'after_contact'],
  ['05', 'G42', 'card_declined', 'other_card'],
  ['05', 'G44', 'invalid_csc', 'fix_card_data'],
  ['61', 'G54', 'limit_exceeded', 'later'],
  ['05', 'G56', 'card_declined', 'never'],
  ['51', 'G60', 'card_declined', 'never'],
  ['05', 'G65', 'invalid_card', 'fix_card_data'],
  ['12', 'G68', 'card_declined', 'after_setup'],
  ['12', 'G74', 'card_declined', 'other_payment_type'],
  ['05', 'G83', 'expired_card', 'fix_card_data'],
  ['05', 'G92', 'issuer_unavailable', 'later'],
  ['51', 'G99', 'card_declined', 'other_card'],
  ['05', 'C01', 'issuer_unavailable', 'later'],
])('beside DE39 %s the Japanese code %s decides: %s, %s', (code, japanCode, failure, advice) => {
  expect(classify(code, japanCode)).toMatchObject({ code: japanCode, failure, advice });
});

test('a Japanese code that nobody knows leaves the word to DE39', () => {
  for (const unknown of ['G01', 'C99', 'constructor']) {
    expect(classify('51', unknown)).toMatchObject({ code: '51', failure: 'insufficient_funds' });
  }
});

test('every Japanese code that is published has a row', () => {
  const numbers = (letter: string, list: string) => list.split(' ').map((number) => letter + number);
  const published = [
    ...numbers(
      'G',
      '02 03 04 05 06 07 12 22 30 42 44 45 54 55 56 60 61 65 67 68 69 70 71 72 73 74 75 76 77 78',
    ),
    ...numbers('G', '79 80 81 83 85 92 94 95 96 97 98 99'),
    ...numbers('C', '01 03 12 13 14 15 50 51 53 54 55 56 57 58 60 70 71 72 73 74 75 76 77 78'),
  ];
  expect(Object.keys(JAPAN_CODES).sort()).toEqual(published.sort());
});

test('what the schemes say is never to be approved is never to be tried again', () => {
  for (const code of ['04', '07', '12', '15', '41', '43', '46', '57', 'R0', 'R1', 'R3']) {
    expect(classify(code).advice, code).toBe('never');
  }
  for (const code of ['G22', 'G56', 'G60', 'G61']) expect(classify('05', code).advice, code).toBe('never');
});

test('docs/response-codes.md is made of these tables: npm run codes', async () => {
  await expect(responseCodesPage()).toMatchFileSnapshot(join(ROOT, 'docs/response-codes.md'));
});
