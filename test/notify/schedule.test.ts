import { expect, test } from 'vitest';
import { waitAfter } from '../../src/notify/deliver.ts';

const NOW = new Date('2026-11-23T00:00:00Z');
const failed = { kind: 'fault', fault: 'timeout' } as const;
const seconds = (ms: number | null) => (ms === null ? null : Math.round(ms / 1_000));

test('tries are spread as the contract says, and end after the tenth', () => {
  const waits = Array.from({ length: 10 }, (_, index) =>
    seconds(waitAfter(index + 1, failed, NOW, () => 0.5)),
  );
  const [minute, hour] = [60, 3_600];
  expect(waits).toEqual([
    5,
    5 * minute,
    30 * minute,
    2 * hour,
    5 * hour,
    10 * hour,
    14 * hour,
    20 * hour,
    24 * hour,
    null,
  ]);
});

test('jitter stays within ten percent', () => {
  expect(seconds(waitAfter(2, failed, NOW, () => 0))).toBe(270);
  expect(seconds(waitAfter(2, failed, NOW, () => 0.999_999))).toBe(330);
});

test.each([
  ['120', 120],
  [NOW.toUTCString(), 5],
  ['Mon, 23 Nov 2026 01:00:00 GMT', 3_600],
  ['nonsense', 5],
  ['-3', 5],
  ['999999999', 95_040],
])('Retry-After %s makes the second try wait %s s', (retryAfter, expected) => {
  const answer = { kind: 'answer', status: 503, retryAfter } as const;
  expect(seconds(waitAfter(1, answer, NOW, () => 0.5))).toBe(expected);
});
