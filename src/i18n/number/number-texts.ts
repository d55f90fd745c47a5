import type { Language } from '../texts.ts';
import { en } from './en.ts';
import { ja } from './ja.ts';
import { ko } from './ko.ts';
import type { NumberTexts } from './texts.ts';
import { zhHans } from './zh-hans.ts';
import { zhHant } from './zh-hant.ts';

/** In every language that a page can have. */
export const NUMBER_TEXTS = { ja, en, 'zh-Hans': zhHans, 'zh-Hant': zhHant, ko } as const satisfies Record<
  Language,
  NumberTexts
>;

/** The day of what was publicly known of the chains' machines when the steps were written; nobody stood at one. */
export const STEPS_CHECKED_ON = new Date('2026-11-23T00:00:00+09:00');

/**
 * A deadline in Japan, with its weekday; the year only where it is not the one of `now`. `nested`: for a text that puts
 * it in brackets of its own.
 */
export function formatDeadline(language: Language, at: Date, now: Date, nested = false): string {
  const { year, month, day, weekday } = dayInJapan(at);
  const shown = year === dayInJapan(now).year ? null : year;
  const time = at.toLocaleTimeString('en-GB', { timeZone: 'Asia/Tokyo', hour: '2-digit', minute: '2-digit' });
  const { moment, zone, within } = DEADLINES[language];
  const said = moment(dayIn(language, shown, month, day), WEEKDAYS[language][weekday] ?? '', time);
  return `${said}${nested ? within : zone}`;
}

export function formatDay(language: Language, at: Date): string {
  const { year, month, day } = dayInJapan(at);
  return dayIn(language, year, month, day);
}

const WEEKDAYS: Record<Language, readonly string[]> = {
  ja: [...'日月火水木金土'],
  en: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
  'zh-Hans': [...'日一二三四五六'].map((day) => `星期${day}`),
  'zh-Hant': [...'日一二三四五六'].map((day) => `星期${day}`),
  ko: [...'일월화수목금토'],
};

interface Deadline {
  moment: (day: string, weekday: string, time: string) => string;
  zone: string;
  within: string;
}

const DEADLINES: Record<Language, Deadline> = {
  ja: { moment: inBrackets('(', ') '), zone: '(日本時間)', within: '、日本時間' },
  en: { moment: (day, weekday, time) => `${weekday} ${day}, ${time}`, zone: ' JST', within: ' JST' },
  'zh-Hans': { moment: inBrackets('（', '）'), zone: '（日本时间）', within: '，日本时间' },
  'zh-Hant': { moment: inBrackets('（', '）'), zone: '（日本時間）', within: '，日本時間' },
  ko: { moment: inBrackets('(', ') '), zone: '(일본 시간)', within: ', 일본 시간' },
};

function inBrackets(open: string, close: string): Deadline['moment'] {
  return (day, weekday, time) => `${day}${open}${weekday}${close}${time}`;
}

const MONTHS = 'January February March April May June July August September October November December';

function dayIn(language: Language, year: number | null, month: number, day: number): string {
  switch (language) {
    case 'en':
      return [day, MONTHS.split(' ')[month - 1], year].filter((part) => part !== null).join(' ');
    case 'ko':
      return `${year === null ? '' : `${year}년 `}${month}월 ${day}일`;
    default:
      return `${year === null ? '' : `${year}年`}${month}月${day}日`;
  }
}

const JST_MS = 9 * 3_600_000;

function dayInJapan(at: Date) {
  const there = new Date(at.getTime() + JST_MS);
  return {
    year: there.getUTCFullYear(),
    month: there.getUTCMonth() + 1,
    day: there.getUTCDate(),
    weekday: there.getUTCDay(),
  };
}
