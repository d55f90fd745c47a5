import type { Language } from './texts.ts';

/** An amount in parts, so that a page may set the digits larger than the currency. */
export interface Money {
  before: string;
  digits: string;
  after: string;
}

const DIGITS = new Intl.NumberFormat('en-US');

/** `¥` is the yuan to a reader of Chinese: where the yen has a name of its own, it is named. */
const YEN: Record<Language, Omit<Money, 'digits'>> = {
  ja: { before: '', after: '円' },
  en: { before: '¥', after: '' },
  'zh-Hans': { before: '', after: '日元' },
  'zh-Hant': { before: '', after: '日圓' },
  ko: { before: '', after: '엔' },
};

/** `amount` in minor units of JPY, which has none: 12800 is 12,800円 or ¥12,800. */
export function moneyParts(language: Language, amount: number): Money {
  return { ...YEN[language], digits: DIGITS.format(amount) };
}

export function formatMoney(language: Language, amount: number): string {
  const { before, digits, after } = moneyParts(language, amount);
  return `${before}${digits}${after}`;
}

interface Moment {
  /** Null where it is the year of now. */
  year: string | null;
  month: string;
  day: string;
  time: string;
}

/** A moment, and the time zone after it: `nested` for a text that puts both in brackets of its own. */
const SHAPES: Record<Language, { moment: (at: Moment) => string; zone: string; nested: string }> = {
  ja: { moment: inCharacters, zone: '(日本時間)', nested: '、日本時間' },
  en: {
    moment: ({ year, month, day, time }) =>
      `${day} ${MONTHS[Number(month) - 1]}${year === null ? '' : ` ${year}`}, ${time}`,
    zone: ' JST',
    nested: ' JST',
  },
  'zh-Hans': { moment: inCharacters, zone: '（日本时间）', nested: '，日本时间' },
  'zh-Hant': { moment: inCharacters, zone: '（日本時間）', nested: '，日本時間' },
  ko: {
    moment: ({ year, month, day, time }) => `${year === null ? '' : `${year}년 `}${month}월 ${day}일 ${time}`,
    zone: '(일본 시간)',
    nested: ', 일본 시간',
  },
};

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function inCharacters({ year, month, day, time }: Moment): string {
  return `${year === null ? '' : `${year}年`}${month}月${day}日 ${time}`;
}

/**
 * A moment in Japan, with its time zone named; the year only where it is not the one of `now`. `nested`: for a text
 * that puts it in brackets of its own.
 */
export function formatTime(language: Language, at: Date, now: Date, nested = false): string {
  const { moment, zone, nested: within } = SHAPES[language];
  const { year, ...rest } = partsOf(at);
  const shown = moment({ ...rest, year: year === partsOf(now).year ? null : year });
  return `${shown}${nested ? within : zone}`;
}

const PARTS = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Asia/Tokyo',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

function partsOf(at: Date) {
  const found = Object.fromEntries(PARTS.formatToParts(at).map(({ type, value }) => [type, value]));
  const of = (type: string) => found[type] ?? '';
  const plain = (type: string) => `${Number(of(type))}`;
  return {
    year: of('year'),
    month: plain('month'),
    day: plain('day'),
    time: `${of('hour')}:${of('minute')}`,
  };
}
