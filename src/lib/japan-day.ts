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

/** The day in Japan of a moment, YYYY-MM-DD. */
export function dayInJapan(at: Date): string {
  return new Date(at.getTime() + AHEAD_MS).toISOString().slice(0, 10);
}

/** When a day, YYYY-MM-DD, begins in Japan; null when there is no such day. */
export function startOfDay(day: string): Date | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return null;
  const at = new Date(`${day}T00:00:00+09:00`);
  return Number.isNaN(at.getTime()) || dayInJapan(at) !== day ? null : at;
}
