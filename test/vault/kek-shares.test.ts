import { createSecretKey } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  checkValueOf,
  combineShares,
  drawShares,
  readShare,
  writeShare,
} from '../../src/vault/kek-shares.ts';
import { kekIdOf } from '../../src/vault/key-provider.ts';

test('the check value is what other programs compute', () => {
  // openssl mac -cipher AES-256-CBC -macopt hexkey:0102…20 CMAC, over 16 zero bytes.
  const key = createSecretKey(Buffer.from(Array.from({ length: 32 }, (_, index) => index + 1)));
  expect(checkValueOf(key)).toBe('40dcdf64cb');
});

test('two custodians put the key together from what each wrote down', () => {
  const { kekId, checkValue, shares } = drawShares();
  const [first, second] = [readShare(writeShare(shares[0], 1)), readShare(writeShare(shares[1], 2))];
  const kek = combineShares(second, first);
  expect([kekIdOf(kek), checkValueOf(kek)]).toEqual([kekId, checkValue]);
});

describe('is refused, without a digit of it in the message', () => {
  const { shares } = drawShares();
  const text = writeShare(shares[0], 1);
  const hex = shares[0].bytes.toString('hex');
  const changed = text.replace(/^share {2}(.)/m, (_, digit) => `share  ${digit === '0' ? '1' : '0'}`);

  test.each([
    ['a mistyped digit', changed, 'check value'],
    ['a missing group', text.replace(/ \S{4}$/m, ''), '64 hexadecimal digits'],
    ['no check value', text.replace(/^check.*$/m, ''), 'not a share'],
    ['nothing', '', 'not a share'],
  ])('%s', (_, typed, message) => {
    const reading = () => readShare(typed);
    expect(reading).toThrow(message);
    expect(reading).not.toThrow(hex.slice(0, 4));
  });

  test('one share twice', () => {
    expect(() => combineShares(shares[0], shares[0])).toThrow('one and the same');
  });

  test('shares of two keys', () => {
    expect(() => combineShares(shares[0], drawShares().shares[1])).toThrow('not two shares of one key');
  });
});
