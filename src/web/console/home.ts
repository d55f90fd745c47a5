import { attentionOf, MANY, type Need } from '../../books/attention.ts';
import { byMethod, type DayFigures, figuresOf, together } from '../../books/figures.ts';
import type { MethodFigures } from '../../db/schema.ts';
import type { Deps } from '../../deps.ts';
import { CAUSES_TEXTS } from '../../i18n/console/causes.ts';
import { HOME_TEXTS } from '../../i18n/console/home.ts';
import { dayInJapan } from '../../lib/japan-day.ts';
import type { Permission } from '../../users/policy.ts';
import { methodName, money } from './payments-words.ts';
import { type BarPlot, barPlot, type LinePlot, linePlot, PLOT } from './plot.ts';
import {
  type ConsoleAnswer,
  type ConsoleCall,
  type ConsoleLanguage,
  type ConsoleRoute,
  page,
} from './route.ts';
import { type Starts, startsOf } from './starts.ts';

type Texts = (typeof HOME_TEXTS)['ja'] | (typeof HOME_TEXTS)['en'];

export interface HomeData {
  t: Texts;
  frame: typeof PLOT;
  /** What to do first; null once there was a payment. */
  first: Starts | null;
  spans: Span[];
  attention: { text: string; href: string | null }[];
  methods: { name: string; count: string; captured: string; refunded: string }[];
  causes: { cause: string; remedy: string; times: string }[];
  bars: BarPlot;
  barsDesc: string;
  line: LinePlot;
  lineDesc: string;
  rows: { day: string; captured: string; refunded: string; count: string; rate: string }[];
}

/** Today, or this month. */
interface Span {
  title: string;
  href: string;
  net: string;
  captured: string;
  captures: string;
  refunded: string;
  refunds: string;
  success: string;
  successHint: string;
  challenge: string;
  challengeHint: string;
}

function isUnused(days: DayFigures[]): boolean {
  return days.every(({ methods }) => Object.keys(methods).length === 0);
}

export const homeRoutes: ConsoleRoute[] = [
  { method: 'get', path: '/console', permission: 'account.own', run: home },
];

async function home(deps: Deps, call: ConsoleCall): Promise<ConsoleAnswer> {
  const { language, merchant } = call;
  const t = HOME_TEXTS[language];
  const [days, needs] = [await figuresOf(deps, merchant), await attentionOf(deps, merchant)];
  const today = dayInJapan(merchant.clock.now());
  const month = days.filter(({ day }) => day.startsWith(today.slice(0, 7)));
  const recent = days.slice(-30);
  const data: HomeData = {
    t,
    frame: PLOT,
    first: isUnused(days) && needs.length === 0 ? startsOf(call) : null,
    spans: [
      span(t.todayOf(dayText(today)), today, today, days.slice(-1), language),
      span(t.monthOf(today.slice(0, 7).replace('-', '/')), `${today.slice(0, 8)}01`, today, month, language),
    ],
    attention: needs.map((one) => needed(one, call)),
    methods: byMethod(month)
      .filter(([, { captures, refunds }]) => captures + refunds > 0)
      .map(([method, sums]) => ({
        name: methodName(language, method),
        count: number(sums.captures),
        captured: money(language, sums.captured),
        refunded: money(language, sums.refunded),
      })),
    causes: causesOf(month, language),
    ...plots(recent, language),
  };
  return page('home', { title: t.title, place: 'home', data });
}

function span(
  title: string,
  from: string,
  until: string,
  days: DayFigures[],
  language: ConsoleLanguage,
): Span {
  const t = HOME_TEXTS[language];
  const sums = together(days);
  const attempts = sums.succeeded + sums.failed;
  const card = byMethod(days).find(([method]) => method === 'card')?.[1];
  const byCard = card === undefined ? 0 : card.succeeded + card.failed;
  return {
    title,
    href: `/console/payments?from=${from}&until=${until}`,
    net: money(language, sums.captured - sums.refunded),
    captured: money(language, sums.captured),
    captures: t.count(number(sums.captures)),
    refunded: money(language, sums.refunded),
    refunds: t.count(number(sums.refunds)),
    success: percent(sums.succeeded, attempts) ?? t.none,
    successHint: t.successHint(number(sums.succeeded), number(attempts)),
    challenge: percent(sums.challenged, byCard) ?? t.none,
    challengeHint: t.challengeHint(number(sums.challenged), number(byCard)),
  };
}

/** Where it is dealt with, and who may go there. */
const PLACES: Record<Need, [string, Permission]> = {
  unknown: ['/console/payments?attention=unknown', 'payments.read'],
  items: ['/console/payments?attention=open', 'payments.read'],
  expiring: ['/console/payments?attention=expiring', 'payments.read'],
  endpoints: ['/console/developers/endpoints', 'developer.read'],
  bounced: ['/console/requests?status=bounced', 'requests.read'],
  due: ['/console/requests?status=sent', 'requests.read'],
  stock: ['/console/links', 'links.read'],
};

function needed(
  { need, count }: { need: Need; count: number },
  call: ConsoleCall,
): HomeData['attention'][number] {
  const t = HOME_TEXTS[call.language];
  const [href, permission] = PLACES[need];
  const many = count >= MANY ? t.many(String(MANY)) : number(count);
  return { text: t.attention[need](many), href: call.may(permission) ? href : null };
}

const MOST_CAUSES = 6;

function causesOf(days: DayFigures[], language: ConsoleLanguage): HomeData['causes'] {
  const failures: Readonly<Record<string, readonly string[]>> = CAUSES_TEXTS[language].failures;
  return Object.entries(together(days).causes)
    .sort(([, a], [, b]) => b - a)
    .slice(0, MOST_CAUSES)
    .map(([code, times]) => ({
      cause: failures[code]?.[0] ?? code,
      remedy: failures[code]?.[1] ?? '',
      times: number(times),
    }));
}

function plots(
  days: DayFigures[],
  language: ConsoleLanguage,
): Pick<HomeData, 'bars' | 'barsDesc' | 'line' | 'lineDesc' | 'rows'> {
  const t = HOME_TEXTS[language];
  const sums = days.map((one) => ({ label: dayText(one.day), ...together([one]) }));
  const all = together(days);
  const best = sums.reduce((a, b) => (b.captured > a.captured ? b : a));
  return {
    bars: barPlot(
      sums.map(({ label, captured, refunded }) => ({ label, filled: captured, outlined: refunded })),
      (value) => short(value, language),
    ),
    barsDesc: t.daysDesc(money(language, all.captured), money(language, best.captured), best.label),
    line: linePlot(
      sums.map(({ label, succeeded, failed }) => ({
        label,
        share: succeeded + failed === 0 ? null : succeeded / (succeeded + failed),
      })),
      (value) => `${value * 100}%`,
    ),
    lineDesc: t.rateDesc(percent(all.succeeded, all.succeeded + all.failed) ?? t.none),
    rows: sums.toReversed().map((one) => row(one, language)),
  };
}

function row(
  { label, captured, refunded, captures, succeeded, failed }: MethodFigures & { label: string },
  language: ConsoleLanguage,
): HomeData['rows'][number] {
  const { none } = HOME_TEXTS[language];
  return {
    day: label,
    captured: money(language, captured),
    refunded: money(language, refunded),
    count: number(captures),
    rate: percent(succeeded, succeeded + failed) ?? none,
  };
}

/** 11/23: years stand in no plot of thirty days. */
function dayText(day: string): string {
  return `${Number(day.slice(5, 7))}/${Number(day.slice(8))}`;
}

const NUMBERS = new Intl.NumberFormat('en-US');

function number(value: number): string {
  return NUMBERS.format(value);
}

function percent(part: number, whole: number): string | null {
  return whole === 0 ? null : `${((part / whole) * 100).toFixed(1)}%`;
}

/** For an axis: in the thousands and millions that the language counts in. */
function short(value: number, language: ConsoleLanguage): string {
  const compact = new Intl.NumberFormat(language === 'ja' ? 'ja-JP' : 'en-US', { notation: 'compact' });
  return compact.format(value);
}
