import { DAY, MINUTE } from '../lib/clock.ts';
import { endOfDayInJapan } from '../lib/japan-day.ts';
import type { Merchant } from '../merchants/merchant.ts';
import { usable } from '../methods/methods.ts';
import { MOST_DUE_DAYS } from './create.ts';

/** What is asked of every request, whoever makes it: the API, the console's form, a row of a file. */
export type TimeFault = 'invalid_date' | 'in_past' | 'too_far';

/** The end of a day in Japan, `2026-12-31`; from today on, within a year. */
export function dueOn(merchant: Merchant, day: string): Date | TimeFault {
  const begins = dayInJapan(day);
  if (begins === null) return 'invalid_date';
  const due = endOfDayInJapan(begins, 0);
  const now = merchant.clock.now();
  if (due <= now) return 'in_past';
  return due.getTime() - now.getTime() > (MOST_DUE_DAYS + 1) * DAY ? 'too_far' : due;
}

/** When a day begins in Japan; null when there is no such day. */
export function dayInJapan(day: string): Date | null {
  const begins = new Date(`${day}T00:00:00+09:00`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(begins.getTime())) return null;
  const [year, month, date] = day.split('-').map(Number);
  const same = new Date(begins.getTime() + 9 * 60 * MINUTE);
  return same.getUTCFullYear() === year && same.getUTCMonth() + 1 === month && same.getUTCDate() === date
    ? begins
    : null;
}

/** `2026-12-31`, the day in Japan of a moment. */
export function japanDate(at: Date): string {
  return new Date(at.getTime() + 9 * 60 * MINUTE).toISOString().slice(0, 10);
}

/** Whether any of the merchant's methods takes an amount. */
export function isTaken(merchant: Merchant, amount: number, methods: string[] | null): boolean {
  const asked = methods ?? merchant.settings.methods;
  return usable(asked, { amount, capture: 'automatic' }).length > 0;
}

export const EMAIL =
  /^[^\s@<>(),;:"\\[\]]{1,64}@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+$/;
export const MOST_REMINDERS = 5;
export const MOST_REMIND_DAYS = 30;
