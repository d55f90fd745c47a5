/** The time of day. Injected, so that a test can move it; `new Date()` appears nowhere else in `src/`. */
export interface Clock {
  now(): Date;
}

export const wallClock: Clock = { now: () => new Date() };

/** A clock that runs `offsetMs` ahead of another: a test-mode merchant's own time (contract, section 8). */
export function shifted(clock: Clock, offsetMs: number): Clock {
  return { now: () => new Date(clock.now().getTime() + offsetMs) };
}

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export function plus(at: Date, ms: number): Date {
  return new Date(at.getTime() + ms);
}
