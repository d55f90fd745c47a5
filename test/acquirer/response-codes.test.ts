import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { classify, RESPONSE_CODES } from '../../src/acquirer/response-codes.ts';
import { ROOT } from '../../src/lib/root.ts';

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

test('what the schemes say is never to be approved is never to be tried again', () => {
  for (const code of ['04', '07', '12', '15', '41', '43', '46', '57', 'R0', 'R1', 'R3']) {
    expect(classify(code).retry, code).toBe('never');
  }
});

test('docs/response-codes.md holds exactly this table', () => {
  const rows = Object.entries(RESPONSE_CODES)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([code, { failure, retry, merchantReason, remedy }]) =>
        `| ${code} | \`${failure}\` | ${retry} | ${merchantReason.en} | ${merchantReason.ja} | ${remedy.en} | ${remedy.ja} |`,
    );
  const document = readFileSync(join(ROOT, 'docs/response-codes.md'), 'utf8');
  const written = document.split('\n').filter((line) => /^\| \w\w \|/.test(line));
  expect(written, `the table should be:\n\n${rows.join('\n')}\n`).toEqual(rows);
});
