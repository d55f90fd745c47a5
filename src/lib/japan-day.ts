import { DAY, HOUR, SECOND } from './clock.ts';

/** Japan has no summer time: its days begin at 15:00 UTC. */
const AHEAD_MS = 9 * HOUR;

/** 23:59:59 in Japan of the day that is `days` after the one of `at`. */
export function endOfDayInJapan(at: Date, days: number): Date {
  const today = Math.floor((at.getTime() + AHEAD_MS) / DAY);
  return new Date((today + days + 1) * DAY - AHEAD_MS - SECOND);
}

/** A time of day in Japan, `days` after the day of `at`. */
export function timeInJapan(at: Date, days: number, hour: number): Date {
  const today = Math.floor((at.getTime() + AHEAD_MS) / DAY);
  return new Date((today + days) * DAY - AHEAD_MS + hour * HOUR);
}
