import type { RequestRow } from '../db/schema.ts';
import { languageOf } from '../i18n/language.ts';
import type { Language } from '../i18n/texts.ts';
import { HOUR } from '../lib/clock.ts';
import type { Merchant } from '../merchants/merchant.ts';
import { MOST_ROWS } from './import.ts';
import { readTable } from './read-file.ts';
import { dayInJapan, dueOn, EMAIL, isTaken } from './rules.ts';
import { type Template, wordsOf } from './templates.ts';

export const COLUMNS = {
  order: ['注文番号', 'order_id'],
  amount: ['金額', 'amount'],
  email: ['メールアドレス', 'email'],
  name: ['お名前', 'name'],
  description: ['内容', 'description'],
  due: ['支払期限', 'due_date'],
  sendAt: ['送信日時', 'send_at'],
  message: ['メッセージ', 'message'],
  language: ['言語', 'language'],
} as const satisfies Record<string, readonly [string, string]>;

export type Column = keyof typeof COLUMNS;
export type RowFaultCode =
  | 'required'
  | 'order'
  | 'twice'
  | 'amount'
  | 'outside_limits'
  | 'email'
  | 'date'
  | 'in_past'
  | 'too_far'
  | 'time'
  | 'after_due'
  | 'language'
  | 'too_long'
  | 'characters';

/** What is wrong with a cell. `line` as a spreadsheet counts its rows. */
export interface RowFault {
  line: number;
  column: Column;
  code: RowFaultCode;
  value: string;
}

export type FileFault = 'empty' | 'encoding' | 'quote' | 'no_rows' | 'too_many';

export type ReadFile =
  | { kind: 'unreadable'; fault: FileFault }
  | { kind: 'columns'; missing: Column[]; unknown: string[]; double: Column[] }
  | { kind: 'rows'; encoding: string; rows: RequestRow[]; faults: RowFault[] };

/** What holds for rows that say nothing of it. */
export interface Defaults {
  language: Language;
  dueAt: Date;
  template: Template | null;
  remindDays: number[];
}

/** Reads a file and checks all of it. Nothing happens to anybody. */
export function readRequestFile(merchant: Merchant, bytes: Uint8Array, defaults: Defaults): ReadFile {
  const table = readTable(bytes);
  if (!table.ok) return { kind: 'unreadable', fault: table.fault };
  const columns = table.header.map(columnOf);
  const unknown = table.header.filter((name, at) => columns[at] === null && name.trim() !== '');
  const double = KEYS.filter((key) => columns.filter((column) => column === key).length > 1);
  const missing = (['order', 'amount'] as const).filter((key) => !columns.includes(key));
  if (missing.length + unknown.length + double.length > 0)
    return { kind: 'columns', missing, unknown, double };
  if (table.rows.length === 0) return { kind: 'unreadable', fault: 'no_rows' };
  if (table.rows.length > MOST_ROWS) return { kind: 'unreadable', fault: 'too_many' };
  const read = readCells(
    merchant,
    table.rows.map(({ line, cells }) => ({ line, cells: byColumn(columns, cells) })),
    defaults,
  );
  return { kind: 'rows', encoding: table.encoding, ...read };
}

type Cells = Partial<Record<Column, string>>;

/** The same rules for rows that come from elsewhere: the console's form is one row. */
export function readCells(
  merchant: Merchant,
  given: readonly { line: number; cells: Cells }[],
  defaults: Defaults,
): { rows: RequestRow[]; faults: RowFault[] } {
  const faults: RowFault[] = [];
  const seen = new Set<string>();
  const rows = given.map(({ line, cells }) => {
    const fault = (column: Column, code: RowFaultCode) =>
      faults.push({ line, column, code, value: (cells[column] ?? '').trim().slice(0, 60) });
    const row = readRow(merchant, cells, defaults, fault);
    if (row.orderId !== '' && seen.has(row.orderId)) fault('order', 'twice');
    seen.add(row.orderId);
    return row;
  });
  return { rows, faults };
}

type Fault = (column: Column, code: RowFaultCode) => void;

function readRow(merchant: Merchant, cells: Cells, defaults: Defaults, fault: Fault): RequestRow {
  const narrow = (column: Column) => (cells[column] ?? '').normalize('NFKC').trim();
  const language = readLanguage(narrow('language'), defaults, fault);
  const words = wordsOf(defaults.template, language);
  const dueAt = readDue(merchant, narrow('due'), defaults, fault);
  return {
    orderId: readOrder(narrow('order'), fault),
    amount: readAmount(merchant, narrow('amount'), fault),
    description: readText(cells, 'description', 200, fault),
    name: readText(cells, 'name', 100, fault),
    email: readEmail(narrow('email'), fault),
    language,
    subject: words.subject,
    message: readText(cells, 'message', 2000, fault) ?? words.message,
    dueAt: dueAt.toISOString(),
    sendAt: readSendAt(merchant, narrow('sendAt'), dueAt, fault),
    remindDays: defaults.remindDays,
  };
}

function readOrder(text: string, fault: Fault): string {
  const order = text.replace(/[‐‑‒–—―−ー]/g, '-');
  if (order === '') fault('order', 'required');
  else if (!/^[A-Za-z0-9_-]{1,100}$/.test(order)) fault('order', 'order');
  return order;
}

/** `12,800円`, `¥12800` and `\12,800`, which is what Shift_JIS makes of the yen sign. */
function readAmount(merchant: Merchant, text: string, fault: Fault): number {
  const digits = text.replace(/^[¥\\]\s*|\s*円$|,|\s/g, '');
  const amount = Number(digits);
  if (text === '') fault('amount', 'required');
  else if (!/^\d{1,8}$/.test(digits) || amount === 0) fault('amount', 'amount');
  else if (!isTaken(merchant, amount, null)) fault('amount', 'outside_limits');
  return amount;
}

function readEmail(text: string, fault: Fault): string | null {
  if (text === '') return null;
  if (text.length > 254 || !EMAIL.test(text)) fault('email', 'email');
  return text;
}

function readText(cells: Cells, column: Column, most: number, fault: Fault): string | null {
  const text = (cells[column] ?? '').trim();
  if ([...text].length > most) fault(column, 'too_long');
  if (/[^\P{Cc}\t\n\r]|\p{Surrogate}/u.test(text)) fault(column, 'characters');
  return text === '' ? null : text;
}

function readLanguage(text: string, { language }: Defaults, fault: Fault): Language {
  if (text === '') return language;
  const known = languageOf(text);
  if (known === null) fault('language', 'language');
  return known ?? language;
}

function readDue(merchant: Merchant, text: string, { dueAt }: Defaults, fault: Fault): Date {
  if (text === '') return dueAt;
  const due = dueOn(merchant, isoDay(text) ?? '');
  if (typeof due !== 'string') return due;
  fault('due', due === 'invalid_date' ? 'date' : due);
  return dueAt;
}

function readSendAt(merchant: Merchant, text: string, dueAt: Date, fault: Fault): string | null {
  if (text === '') return null;
  const [, day = '', hour = '10', minute = '00'] = /^(.+?)(?:[ T]+(\d{1,2}):(\d{2}))?$/.exec(text) ?? [];
  const begins = dayInJapan(isoDay(day) ?? '');
  if (begins === null || Number(hour) > 23 || Number(minute) > 59) {
    fault('sendAt', 'time');
    return null;
  }
  const at = new Date(begins.getTime() + Number(hour) * HOUR + Number(minute) * 60_000);
  if (at >= dueAt) fault('sendAt', 'after_due');
  else if (at < merchant.clock.now()) fault('sendAt', 'in_past');
  return at.toISOString();
}

/** `2026/1/5` and `2026年1月5日` as `2026-01-05`. */
function isoDay(text: string): string | null {
  const found = /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$/.exec(text.trim());
  if (found === null) return null;
  const [, year = '', month = '', day = ''] = found;
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

const KEYS = Object.keys(COLUMNS).filter((key): key is Column => key in COLUMNS);

function columnOf(header: string): Column | null {
  const name = header.normalize('NFKC').trim().toLowerCase();
  return KEYS.find((key) => COLUMNS[key].some((each) => each.toLowerCase() === name)) ?? null;
}

function byColumn(columns: (Column | null)[], cells: string[]): Cells {
  const found: Cells = {};
  for (const [at, column] of columns.entries()) if (column !== null) found[column] = cells[at] ?? '';
  return found;
}
