import { ATTENTION, type PaymentSearch } from '../../books/find-payments.ts';
import { DAY, plus } from '../../lib/clock.ts';
import { dayInJapan, startOfDay } from '../../lib/japan-day.ts';
import { METHODS } from '../../methods/methods.ts';
import type { ConsoleCall } from './route.ts';

/** In the order of a payment's life. */
export const STATUSES = [
  'requires_action',
  'processing',
  'requires_method',
  'awaiting_payment',
  'authorized',
  'captured',
  'partially_refunded',
  'refunded',
  'voided',
  'failed',
  'expired',
] as const;

/** What was typed into the filters, as it goes back into them. */
export interface Asked {
  q: string;
  from: string;
  until: string;
  least: string;
  most: string;
  statuses: string[];
  method: string;
  attention: string;
}

export interface ReadQuery {
  asked: Asked;
  search: PaymentSearch;
  faults: { date: boolean; amount: boolean };
  /** Whether it narrows anything down. */
  narrowed: boolean;
  /** The filters as a query again, without the place in the list. */
  query: string;
  cursor: string | null;
}

const MOST_TEXT = 100;

export function readPaymentsQuery({ query, may }: Pick<ConsoleCall, 'query' | 'may'>): ReadQuery {
  const asked = askedOf(query);
  const [from, until] = [dateOf(asked.from), dateOf(asked.until)];
  const [least, most] = [amountOf(asked.least), amountOf(asked.most)];
  const statuses = STATUSES.filter((status) => asked.statuses.includes(status));
  const search: PaymentSearch = {
    text: asked.q === '' ? null : asked.q,
    personal: may('personal_data.read'),
    least: least ?? null,
    most: most ?? null,
    statuses,
    methods: METHODS.flatMap(({ id }) => (id === asked.method ? [id] : [])),
    from: from ?? null,
    until: until ? plus(until, DAY) : null,
    attention: ATTENTION.find((attention) => attention === asked.attention) ?? null,
  };
  return {
    asked,
    search,
    faults: {
      date: from === undefined || until === undefined,
      amount: least === undefined || most === undefined,
    },
    narrowed: queryOf(asked) !== '',
    query: queryOf(asked),
    cursor: query.get('cursor'),
  };
}

function askedOf(query: URLSearchParams): Asked {
  const text = (name: string) => (query.get(name) ?? '').trim().slice(0, MOST_TEXT);
  return {
    q: text('q'),
    from: text('from'),
    until: text('until'),
    least: text('least'),
    most: text('most'),
    statuses: query.getAll('status'),
    method: text('method'),
    attention: text('attention'),
  };
}

export function queryOf({ statuses, ...rest }: Partial<Asked>): string {
  const filled = Object.entries(rest).filter(([, value]) => value !== '');
  const query = new URLSearchParams(filled as [string, string][]);
  for (const status of statuses ?? []) query.append('status', status);
  return query.toString();
}

/** A day as a date field sends it; null when empty, undefined when it is none. */
function dateOf(typed: string): Date | null | undefined {
  if (typed === '') return null;
  return startOfDay(typed) ?? undefined;
}

/** Digits, also those of a Japanese keyboard, with or without separators and the sign of the yen. */
function amountOf(typed: string): number | null | undefined {
  if (typed === '') return null;
  const digits = typed.normalize('NFKC').replace(/[,¥\\円\s]/g, '');
  return /^\d{1,9}$/.test(digits) ? Number(digits) : undefined;
}

/** The spans that are asked for most, as filters. */
export function spans(now: Date): Record<'today' | 'week' | 'month', string> {
  const today = dayInJapan(now);
  const week = dayInJapan(plus(now, -6 * DAY));
  const since = (from: string) => `/console/payments?${queryOf({ from, until: today })}`;
  return { today: since(today), week: since(week), month: since(`${today.slice(0, 8)}01`) };
}
