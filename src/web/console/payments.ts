import { exportPayments } from '../../books/export-payments.ts';
import { ATTENTION, type FoundPayment, findPayments } from '../../books/find-payments.ts';
import type { Deps } from '../../deps.ts';
import { PAYMENTS_TEXTS } from '../../i18n/console/payments.ts';
import { dayInJapan } from '../../lib/japan-day.ts';
import { METHODS } from '../../methods/methods.ts';
import { needleOf } from '../../payments/search-terms.ts';
import { exportColumns } from './payments-columns.ts';
import { type Asked, type ReadQuery, readPaymentsQuery, STATUSES, spans } from './payments-query.ts';
import {
  type Chip,
  marksOf,
  maskedName,
  methodName,
  money,
  type PaymentTexts,
  paidBy,
  type Stamp,
  stamp,
  statusChip,
} from './payments-words.ts';
import { type ConsoleAnswer, type ConsoleCall, type ConsoleRoute, page } from './route.ts';
import { type Starts, startsOf } from './starts.ts';

interface Option {
  value: string;
  text: string;
  chosen: boolean;
}

export interface PaymentsData {
  t: PaymentTexts;
  asked: Asked;
  personal: boolean;
  spans: Record<'today' | 'week' | 'month', string>;
  statuses: (Option & { state: Chip['state'] })[];
  methods: Option[];
  attentions: Option[];
  /** Whether the second row of filters is open. */
  more: boolean;
  faults: string[];
  rows: ListedPayment[];
  caption: string;
  /** What is said where nothing was found: what to do first, or what to try. */
  empty: 'none' | 'nothing' | 'short' | null;
  starts: Starts;
  older: string | null;
  newest: string | null;
  clear: string | null;
  /** Hidden fields of the export: the filters as they are. */
  csv: [string, string][] | null;
  english: boolean;
}

interface ListedPayment {
  href: string;
  order: string;
  at: Stamp;
  customer: string;
  paidBy: string;
  chip: Chip;
  marks: string[];
  amount: string;
  /** What differs from the amount: captured in part, given back. */
  note: string | null;
}

export const LIST = '/console/payments';
const LIMIT = 50;

export const listRoutes: ConsoleRoute[] = [
  { method: 'get', path: LIST, permission: 'payments.read', run: list },
  { method: 'get', path: `${LIST}/export`, permission: 'payments.export', run: download },
];

async function list(deps: Deps, call: ConsoleCall): Promise<ConsoleAnswer> {
  const { language, merchant, may } = call;
  const t = PAYMENTS_TEXTS[language];
  const read = readPaymentsQuery(call);
  const faulty = read.faults.date || read.faults.amount;
  const found = faulty
    ? { data: [], nextCursor: null }
    : await findPayments(deps, merchant, read.search, { cursor: read.cursor, limit: LIMIT });
  const at = (cursor: string) =>
    `${LIST}?${read.query}${read.query === '' ? '' : '&'}cursor=${encodeURIComponent(cursor)}`;
  const data: PaymentsData = {
    t,
    asked: read.asked,
    personal: read.search.personal,
    spans: spans(merchant.clock.now()),
    ...optionsOf(call, read),
    faults: [...(read.faults.date ? [t.faults.date] : []), ...(read.faults.amount ? [t.faults.amount] : [])],
    rows: found.data.map((one) => listed(call, one, read)),
    caption: t.caption(String(found.data.length)),
    starts: startsOf(call),
    empty: found.data.length > 0 || faulty ? null : emptiness(call, read),
    older: found.nextCursor === null ? null : at(found.nextCursor),
    newest: read.cursor === null ? null : `${LIST}?${read.query}`,
    clear: read.narrowed ? LIST : null,
    csv: may('payments.export') && found.data.length > 0 ? [...new URLSearchParams(read.query)] : null,
    english: language === 'en',
  };
  return page('payments', { title: t.title, place: 'payments', data });
}

function optionsOf(
  { language }: ConsoleCall,
  { asked, search }: ReadQuery,
): Pick<PaymentsData, 'statuses' | 'methods' | 'attentions' | 'more'> {
  const t = PAYMENTS_TEXTS[language];
  return {
    statuses: STATUSES.map((value) => ({
      value,
      ...statusChip(language, value),
      chosen: search.statuses.includes(value),
    })),
    methods: METHODS.map(({ id }) => ({
      value: id,
      text: methodName(language, id),
      chosen: asked.method === id,
    })),
    attentions: ATTENTION.map((value) => ({
      value,
      text: t.attentions[value],
      chosen: asked.attention === value,
    })),
    more: `${asked.least}${asked.most}${asked.method}${asked.attention}${search.statuses.join('')}` !== '',
  };
}

function emptiness({ merchant }: ConsoleCall, { narrowed, asked, cursor }: ReadQuery): PaymentsData['empty'] {
  if (asked.q !== '' && needleOf(merchant, asked.q) === null) return 'short';
  return narrowed || cursor !== null ? 'nothing' : 'none';
}

function listed({ language }: ConsoleCall, found: FoundPayment, { query }: ReadQuery): ListedPayment {
  const t = PAYMENTS_TEXTS[language];
  const { payment, session, attempt } = found;
  const { amount, amountCaptured, amountRefunded } = payment;
  const name = session.customer.name ?? attempt?.cardholderName ?? '';
  const part = amountCaptured > 0 && amountCaptured < amount;
  const back = query === '' ? '' : `?back=${encodeURIComponent(query)}`;
  return {
    href: `${LIST}/${payment.id}${back}`,
    order: payment.orderId,
    at: stamp(payment.createdAt),
    customer: maskedName(name),
    paidBy: paidBy(language, payment.method, attempt),
    chip: statusChip(language, payment.status),
    marks: marksOf(language, payment),
    amount: money(language, amount),
    note:
      amountRefunded > 0
        ? t.refundedOf(money(language, amountRefunded))
        : part
          ? t.capturedOf(money(language, amountCaptured))
          : null,
  };
}

async function download(deps: Deps, call: ConsoleCall): Promise<ConsoleAnswer> {
  const { merchant, query } = call;
  const charset = query.get('charset') === 'shift_jis' ? 'shift_jis' : 'utf-8';
  const columns = exportColumns(query.get('columns') === 'en' ? 'en' : 'ja');
  const { search } = readPaymentsQuery(call);
  const body = await exportPayments(deps, merchant, search, { columns, charset });
  const name = `payments-${merchant.mode}-${dayInJapan(merchant.clock.now())}.csv`;
  return { kind: 'download', name, type: `text/csv; charset=${charset}; header=present`, body };
}
