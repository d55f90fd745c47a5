import type { Language } from './texts.ts';

/** An amount in parts, so that a page may set the digits larger than the currency. */
export interface Money {
  before: string;
  digits: string;
  after: string;
}

const DIGITS = new Intl.NumberFormat('en-US');

/** `amount` in minor units of JPY, which has none: 12800 is 12,800円 or ¥12,800. */
export function moneyParts(language: Language, amount: number): Money {
  const digits = DIGITS.format(amount);
  return language === 'ja' ? { before: '', digits, after: '円' } : { before: '¥', digits, after: '' };
}

export function formatMoney(language: Language, amount: number): string {
  const { before, digits, after } = moneyParts(language, amount);
  return `${before}${digits}${after}`;
}

const DATES = {
  ja: new Intl.DateTimeFormat('ja-JP', parts('numeric')),
  en: new Intl.DateTimeFormat('en-GB', parts('short')),
} as const satisfies Record<Language, Intl.DateTimeFormat>;

function parts(month: 'numeric' | 'short'): Intl.DateTimeFormatOptions {
  return {
    timeZone: 'Asia/Tokyo',
    year: 'numeric',
    month,
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  };
}

/**
 * A moment in Japan, with its time zone named; the year only where it is not the one of `now`. `nested`: for a text
 * that puts it in brackets of its own.
 */
export function formatTime(language: Language, at: Date, now: Date, nested = false): string {
  const { year, month, day, hour, minute } = partsOf(language, at);
  const sameYear = year === partsOf(language, now).year;
  if (language === 'en') return `${day} ${month}${sameYear ? '' : ` ${year}`}, ${hour}:${minute} JST`;
  const zone = nested ? '、日本時間' : '(日本時間)';
  return `${sameYear ? '' : `${year}年`}${month}月${day}日 ${hour}:${minute}${zone}`;
}

function partsOf(language: Language, at: Date) {
  const found = Object.fromEntries(DATES[language].formatToParts(at).map(({ type, value }) => [type, value]));
  const of = (type: string) => found[type] ?? '';
  return {
    year: of('year'),
    month: of('month').replace('月', ''),
    day: of('day').replace('日', ''),
    hour: of('hour'),
    minute: of('minute'),
  };
}
