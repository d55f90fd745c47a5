import { createSecretKey } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { addressMark } from '../../src/limits/address.ts';
import { breaks, type Counts, judge } from '../../src/limits/judge.ts';

const NOTHING: Counts = { card: [0, 0], address: 0, addressCards: 0, bin: 0, breakerOpen: false };

test.each<[string, Partial<Counts>, object]>([
  ['nothing happened', {}, { kind: 'allow' }],
  ['a card declined four times', { card: [4, 4] }, { kind: 'allow' }],
  ['a card declined five times in an hour', { card: [5, 5] }, { kind: 'refuse', reason: 'card' }],
  ['a card declined ten times in a day', { card: [0, 10] }, { kind: 'refuse', reason: 'card' }],
  ['an address with four declines', { address: 4 }, { kind: 'allow' }],
  ['an address with five', { address: 5 }, { kind: 'slow', reason: 'address', delayMs: 1_000 }],
  ['with seven', { address: 7 }, { kind: 'slow', reason: 'address', delayMs: 4_000 }],
  ['with nine: never longer than this', { address: 9 }, { kind: 'slow', reason: 'address', delayMs: 8_000 }],
  ['with ten', { address: 10 }, { kind: 'refuse', reason: 'address' }],
  ['with twenty cards in a day', { addressCards: 20 }, { kind: 'refuse', reason: 'address' }],
  ['a BIN with thirty declines', { bin: 30 }, { kind: 'step_up', reason: 'bin', delayMs: 0 }],
  ['an open breaker', { breakerOpen: true }, { kind: 'step_up', reason: 'merchant', delayMs: 0 }],
  [
    'an open breaker and a slow address',
    { breakerOpen: true, address: 6 },
    { kind: 'step_up', reason: 'merchant', delayMs: 2_000 },
  ],
  ['the strictest limit wins', { card: [5, 5], bin: 30 }, { kind: 'refuse', reason: 'card' }],
])('%s', (_, counts, verdict) => {
  expect(judge({ ...NOTHING, ...counts })).toEqual(verdict);
});

test.each([
  [49, 49, false],
  [50, 39, false],
  [50, 40, true],
  [1_000, 799, false],
  [1_000, 800, true],
])('%i attempts with %i declines: card testing %s', (trials, declines, expected) => {
  expect(breaks({ trials, declines })).toBe(expected);
});

describe('an address', () => {
  const key = createSecretKey(Buffer.alloc(32, 7));
  const mark = (ip: string | null) => addressMark(ip, key)?.toString('hex') ?? null;

  test.each([
    ['192.0.2.1', '::ffff:192.0.2.1'],
    ['2001:db8::1', '2001:db8:0:0:ffff::2'],
    ['2001:DB8:0:1::', '2001:0db8:0000:0001:abcd:0:0:9'],
    ['fe80::1%eth0', 'fe80::2'],
    ['::1', '::2'],
  ])('%s and %s are one', (one, other) => {
    expect(mark(one)).toBe(mark(other));
    expect(mark(one)).not.toBeNull();
  });

  test.each([
    ['192.0.2.1', '192.0.2.2'],
    ['2001:db8:0:1::1', '2001:db8:0:2::1'],
  ])('%s and %s are two', (one, other) => {
    expect(mark(one)).not.toBe(mark(other));
  });

  test.each([[null], [''], ['unknown'], ['192.0.2']])('%s is none', (ip) => {
    expect(mark(ip)).toBeNull();
  });
});
