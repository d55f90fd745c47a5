import { createSecretKey, randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { type SealingKey, seal, sealedKeyId, unseal } from '../../src/lib/seal.ts';

const key: SealingKey = { id: 'key_one', key: createSecretKey(randomBytes(32)) };
const REFUSAL = 'sealed bytes did not open';

describe('seal', () => {
  test.each(['', 'x', '4000000000000002', '髙﨑𠮷', 'long '.repeat(10_000)])(
    'gives back what was sealed',
    (text) => {
      expect(unseal(key, seal(key, text, 'row 1'), 'row 1').toString()).toBe(text);
    },
  );

  test('takes bytes as they are', () => {
    const bytes = randomBytes(64);
    expect(unseal(key, seal(key, bytes, ''), '')).toEqual(bytes);
  });

  test('never gives the same bytes twice', () => {
    const seals = Array.from({ length: 500 }, () => seal(key, 'same', 'same').toString('hex'));
    expect(new Set(seals).size).toBe(seals.length);
  });

  test('names its key, so that it can be found', () => {
    expect(sealedKeyId(seal(key, 'x', 'row'))).toBe('key_one');
  });

  test('does not open when any single bit was changed', () => {
    const sealed = seal(key, '4000000000000002', 'row 1');
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Buffer.from(sealed);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => unseal(key, changed, 'row 1'), `bit ${bit}`).toThrow(REFUSAL);
    }
  });

  test('does not open when cut short or made longer', () => {
    const sealed = seal(key, 'secret', 'row 1');
    for (let length = 0; length < sealed.length; length += 1) {
      expect(() => unseal(key, sealed.subarray(0, length), 'row 1')).toThrow(REFUSAL);
    }
    expect(() => unseal(key, Buffer.concat([sealed, Buffer.from([0])]), 'row 1')).toThrow(REFUSAL);
  });

  test.each([
    ['another record', key, 'row 2'],
    ['no record', key, ''],
    ['another key of the same id', { id: 'key_one', key: createSecretKey(randomBytes(32)) }, 'row 1'],
    ['the same key under another id', { id: 'key_two', key: key.key }, 'row 1'],
  ])('does not open with %s, and says only that', (_, otherKey, aad) => {
    const sealed = seal(key, '4000000000000002', 'row 1');
    const error = errorOf(() => unseal(otherKey, sealed, aad));
    expect(error.message).toBe(REFUSAL);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/4000000000000002/);
    expect(error.cause).toBeUndefined();
  });

  test('does not confuse the end of the key id with the beginning of the record', () => {
    const long = { id: 'key_12', key: key.key };
    const short = { id: 'key_1', key: key.key };
    expect(() => unseal(short, seal(long, 'x', 'row'), '2row')).toThrow(REFUSAL);
  });

  test.each([[Buffer.alloc(0)], [Buffer.from([1])], [Buffer.from([1, 200, 65])], [Buffer.alloc(80, 9)]])(
    'reads no key id from bytes that are not sealed',
    (bytes) => expect(() => sealedKeyId(bytes)).toThrow(REFUSAL),
  );

  test('prints no key', () => {
    const material = randomBytes(32);
    const printed = inspect({ id: 'k', key: createSecretKey(material) }, { depth: 9, showHidden: true });
    expect(printed).not.toContain(material.toString('hex'));
    expect(JSON.stringify(createSecretKey(material))).not.toContain(material.toString('base64'));
  });
});

function errorOf(work: () => unknown): Error {
  try {
    work();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('nothing was thrown');
}
