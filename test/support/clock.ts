import { type Clock, plus } from '../../src/lib/clock.ts';

/** A clock that stands still until a test moves it. */
export interface TestClock extends Clock {
  advance(ms: number): void;
}

export function testClock(start = new Date('2026-07-01T00:00:00.000Z')): TestClock {
  let now = start;
  return {
    now: () => now,
    advance: (ms) => {
      now = plus(now, ms);
    },
  };
}
