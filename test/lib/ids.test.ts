import { describe, expect, test } from 'vitest';
import {
  merchantOfCapability,
  merchantOfTransactionId,
  newCapability,
  newId,
  newTransactionId,
  randomText,
} from '../../src/lib/ids.ts';

const at = (iso: string) => new Date(iso);
const MERCHANTS = ['A100000000', 'A100000001', 'A112345678', 'A199999999'];

describe('newId', () => {
  test('carries its prefix, the time and 130 random bits', () => {
    expect(newId('evt', at('2026-07-01T00:00:00Z'))).toMatch(/^evt_[0-9a-hjkmnp-tv-z]{39}$/);
  });

  test('sorts by time, to the millisecond', () => {
    const times = [
      '1999-12-31T23:59:59.999Z',
      '2026-01-01T00:00:00.000Z',
      '2026-01-01T00:00:00.001Z',
      '2199-01-01T00:00:00Z',
    ];
    const ids = times.map((time) => newId('pay', at(time)));
    expect([...ids].sort()).toEqual(ids);
  });

  test('sorts in the order of making within one millisecond', () => {
    const ids = Array.from({ length: 1_000 }, () => newId('evt', at('2026-01-01T00:00:00Z')));
    const wraps = ids.filter((id, index) => id < (ids[index - 1] ?? ''));
    expect(wraps.length).toBeLessThanOrEqual(1);
  });

  test('never comes twice, within one millisecond either', () => {
    const now = at('2026-01-01T00:00:00Z');
    expect(new Set(Array.from({ length: 10_000 }, () => newId('tok', now))).size).toBe(10_000);
  });
});

test('random text uses all of its alphabet evenly', () => {
  const counts = new Map<string, number>();
  for (const character of randomText(64_000)) counts.set(character, (counts.get(character) ?? 0) + 1);
  expect(counts.size).toBe(32);
  // 2,000 expected each; nine standard deviations either way.
  for (const count of counts.values()) expect(Math.abs(count - 2_000)).toBeLessThan(400);
});

describe('what arrives without a merchant', () => {
  test.each(MERCHANTS)('leads to %s', (merchantId) => {
    expect(merchantOfCapability(newCapability(merchantId))).toBe(merchantId);
    expect(merchantOfTransactionId(newTransactionId(merchantId))).toBe(merchantId);
    expect(merchantOfTransactionId(newTransactionId(merchantId).toUpperCase())).toBe(merchantId);
  });

  test('is unguessable', () => {
    expect(new Set(Array.from({ length: 1_000 }, () => newCapability('A100000001'))).size).toBe(1_000);
    expect(new Set(Array.from({ length: 1_000 }, () => newTransactionId('A100000001'))).size).toBe(1_000);
  });

  test('a transaction id is a UUID of version 8', () => {
    const id = newTransactionId('A100000042');
    expect(id).toMatch(/^0000002a-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  test.each([
    '',
    'x',
    'l'.repeat(32),
    'z'.repeat(32),
    'i00001'.padEnd(32, '0'),
    '0'.repeat(31),
    '0'.repeat(33),
  ])('a capability %j leads nowhere', (text) => expect(merchantOfCapability(text)).toBeNull());

  test.each([
    '',
    '00000001-0000-4000-8000-000000000000',
    '00000001-0000-8000-c000-000000000000',
    'ffffffff-0000-8000-8000-000000000000',
    '0000000100008000800000000000000000',
  ])('a transaction id %j leads nowhere', (text) => expect(merchantOfTransactionId(text)).toBeNull());

  test.each(['D100000001', 'A1', 'A1000000001', 'a100000001', 'A10000000x'])(
    '%j gets no capability',
    (id) => {
      expect(() => newCapability(id)).toThrow();
      expect(() => newTransactionId(id)).toThrow();
    },
  );
});
