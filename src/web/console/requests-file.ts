import type { RequestRow } from '../../db/schema.ts';
import type { Deps } from '../../deps.ts';
import { REQUESTS_TEXTS, type RequestsTexts } from '../../i18n/console/requests.ts';
import { newId } from '../../lib/ids.ts';
import { Problem } from '../../lib/problem.ts';
import { dueAfter, USUAL_DUE_DAYS } from '../../requests/create.ts';
import { type Batch, importBatch, keepBatch, listBatches, loadBatch } from '../../requests/import.ts';
import { countByStatus, knownOrders } from '../../requests/queries.ts';
import { COLUMNS, type ReadFile, readRequestFile } from '../../requests/read-rows.ts';
import { dueOn, japanDate } from '../../requests/rules.ts';
import { REQUEST_STATUSES } from '../../requests/state.ts';
import { listTemplates } from '../../requests/templates.ts';
import { type Chip, money, type Stamp, stamp } from './payments-words.ts';
import { templateOf } from './requests-new.ts';
import {
  columnFaults,
  columnName,
  isLanguage,
  languageOptions,
  type Option,
  REMIND_DAYS,
  REQUESTS,
  remindDaysOf,
  requestChip,
  type Tabs,
  tabsOf,
  workOf,
} from './requests-words.ts';
import { type ConsoleAnswer, type ConsoleCall, type ConsoleRoute, page, redirect } from './route.ts';

export interface FileData {
  t: RequestsTexts;
  tabs: Tabs;
  work: string;
  sample: string;
  typed: { name: string; due: string };
  languages: Option[];
  templates: Option[];
  reminders: Option[];
  /** What is wrong with the file as a whole. */
  unreadable: string[];
  bad: {
    text: string;
    shown: string | null;
    rows: { line: number; column: string; value: string; what: string }[];
  } | null;
  batches: { href: string; name: string; rows: string; at: Stamp; chip: Chip }[];
}

export interface BatchData {
  t: RequestsTexts;
  tabs: Tabs;
  /** Before it is confirmed. */
  check: {
    action: string;
    good: string;
    notes: string[];
    first: { order: string; to: string; due: string; amount: string }[];
  } | null;
  progress: { done: number; rows: number; text: string } | null;
  finished: { skipped: string | null } | null;
  counts: { chip: Chip; count: string; href: string }[];
  all: string;
}

const FILE = `${REQUESTS}/file`;
/** Ten thousand long rows. */
const LARGEST = 8 * 1024 * 1024;
const SHOWN = 200;

export const requestFileRoutes: ConsoleRoute[] = [
  { method: 'get', path: FILE, permission: 'requests.write', run: (deps, call) => show(deps, call, null) },
  {
    method: 'get',
    path: `${FILE}/sample`,
    permission: 'requests.write',
    run: async (_, call) => sample(call),
  },
  { method: 'post', path: FILE, permission: 'requests.write', uploadBytes: LARGEST, run: check },
  { method: 'get', path: `${FILE}/:id`, permission: 'requests.read', run: detail },
  { method: 'post', path: `${FILE}/:id`, permission: 'requests.write', run: confirm },
];

async function show(
  deps: Deps,
  { language, merchant, form }: ConsoleCall,
  read: ReadFile | 'missing' | null,
): Promise<ConsoleAnswer> {
  const t = REQUESTS_TEXTS[language];
  const days = remindDaysOf(form);
  const data: FileData = {
    t,
    tabs: tabsOf(t, 'file'),
    work: newId('batch', merchant.clock.now()),
    sample: `${FILE}/sample`,
    typed: {
      name: form.get('name') ?? '',
      due: form.get('due') ?? japanDate(dueAfter(merchant, USUAL_DUE_DAYS)),
    },
    languages: languageOptions(form.get('language') ?? 'ja'),
    templates: (await listTemplates(deps, merchant)).map(({ id, name }) => ({
      value: id,
      text: name,
      chosen: id === form.get('template'),
    })),
    reminders: REMIND_DAYS.map((day) => ({
      value: String(day),
      text: t.fields.remindDay(String(day)),
      chosen: days.includes(day),
    })),
    unreadable: unreadableOf(t, language, read),
    bad: badOf(t, language, read),
    batches: (await listBatches(deps, merchant)).map((batch) => ({
      href: `${FILE}/${batch.id}`,
      name: batch.name,
      rows: t.caption(String(batch.rows)),
      at: stamp(batch.createdAt),
      chip: batchChip(t, batch),
    })),
  };
  const status = read === null ? 200 : 422;
  return page('requests-file', { title: t.tabs.file, place: 'requests', data, status });
}

function unreadableOf(
  t: RequestsTexts,
  language: ConsoleCall['language'],
  read: ReadFile | 'missing' | null,
): string[] {
  if (read === 'missing') return [t.file.unreadable.missing];
  if (read?.kind === 'unreadable') return [t.file.unreadable[read.fault]];
  return read?.kind === 'columns' ? columnFaults(t, language, read) : [];
}

function badOf(
  t: RequestsTexts,
  language: ConsoleCall['language'],
  read: ReadFile | 'missing' | null,
): FileData['bad'] {
  if (read === null || read === 'missing' || read.kind !== 'rows') return null;
  const { faults } = read;
  return {
    text: t.file.bad(String(faults.length)),
    shown: faults.length > SHOWN ? t.file.shown(String(SHOWN)) : null,
    rows: faults.slice(0, SHOWN).map(({ line, column, code, value }) => ({
      line,
      column: columnName(language, column),
      value,
      what: t.faults[code],
    })),
  };
}

function batchChip(t: RequestsTexts, { confirmedAt, finishedAt }: Batch): Chip {
  if (finishedAt !== null) return { text: t.file.imported, state: 'good' };
  return { text: confirmedAt === null ? t.file.waiting : t.file.importing, state: 'waiting' };
}

/** Reads the file and keeps what it holds, when all of it is good, until it is confirmed. */
async function check(deps: Deps, call: ConsoleCall): Promise<ConsoleAnswer> {
  const { merchant, form, files } = call;
  const { file } = files;
  if (file === undefined || file.bytes.length === 0) return show(deps, call, 'missing');
  const due = dueOn(merchant, form.get('due') ?? '');
  const language = form.get('language') ?? '';
  const read = readRequestFile(merchant, file.bytes, {
    language: isLanguage(language) ? language : 'ja',
    dueAt: typeof due === 'string' ? dueAfter(merchant, USUAL_DUE_DAYS) : due,
    template: await templateOf(deps, call),
    remindDays: remindDaysOf(form),
  });
  if (read.kind !== 'rows' || read.faults.length > 0) return show(deps, call, read);
  const name = (form.get('name') ?? '').trim().slice(0, 100) || file.name.slice(0, 100);
  const work = workOf(form, 'batch', newId('batch', merchant.clock.now()));
  const { id } = await keepBatch(deps, merchant, { name, rows: read.rows }, work);
  return redirect(`${FILE}/${id}`);
}

async function confirm(deps: Deps, { merchant, params, form }: ConsoleCall): Promise<ConsoleAnswer> {
  const id = params.id ?? '';
  await importBatch(deps, merchant, { id, send: form.get('send') === '1' });
  return redirect(`${FILE}/${id}`);
}

async function detail(deps: Deps, call: ConsoleCall): Promise<ConsoleAnswer> {
  const { language, merchant, params } = call;
  const t = REQUESTS_TEXTS[language];
  const batch = await loadBatch(deps, merchant, params.id ?? '');
  const waits = batch.confirmedAt === null;
  if (waits && !(call.may('requests.write') && call.may('personal_data.read')))
    throw new Problem('not_found', 'Not confirmed yet.');
  const counts = waits ? {} : await countByStatus(deps, merchant, batch.id);
  const made = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const skipped = batch.imported - made;
  const running = !waits && batch.finishedAt === null;
  const data: BatchData = {
    t,
    tabs: tabsOf(t, 'file'),
    check: waits ? await checkOf(deps, call, batch, batch.content ?? []) : null,
    progress: running
      ? {
          done: batch.imported,
          rows: batch.rows,
          text: t.file.progress(String(batch.imported), String(batch.rows)),
        }
      : null,
    finished:
      batch.finishedAt === null ? null : { skipped: skipped > 0 ? t.file.skipped(String(skipped)) : null },
    counts: REQUEST_STATUSES.flatMap((status) =>
      counts[status] === undefined
        ? []
        : [
            {
              chip: requestChip(language, status),
              count: String(counts[status]),
              href: `${REQUESTS}?batch=${batch.id}&status=${status}`,
            },
          ],
    ),
    all: `${REQUESTS}?batch=${batch.id}`,
  };
  const sending = (counts.scheduled ?? 0) > 0;
  const refresh = running ? { refresh: 2 } : sending ? { refresh: 10 } : {};
  return page('requests-batch', { title: batch.name, place: 'requests', data, ...refresh });
}

async function checkOf(
  deps: Deps,
  { language, merchant }: ConsoleCall,
  { id }: Batch,
  rows: RequestRow[],
): Promise<BatchData['check']> {
  const t = REQUESTS_TEXTS[language];
  const sum = rows.reduce((total, { amount }) => total + amount, 0);
  const known = await knownOrders(
    deps,
    merchant,
    rows.map(({ orderId }) => orderId),
  );
  const without = rows.filter(({ email }) => email === null).length;
  const minutes = Math.ceil((rows.length - without) / deps.config.requestMailsPerSecond / 60);
  return {
    action: `${FILE}/${id}`,
    good: t.file.good(String(rows.length), money(language, sum)),
    notes: [
      ...(known > 0 ? [t.file.known(String(known))] : []),
      ...(without > 0 ? [t.file.noEmail(String(without))] : []),
      ...(minutes > 1 ? [t.file.takes(String(minutes))] : []),
    ],
    first: rows.slice(0, 5).map(({ orderId, name, email, dueAt, amount }) => ({
      order: orderId,
      to: [name, email].filter((text) => text !== null).join(' '),
      due: japanDate(new Date(dueAt)),
      amount: money(language, amount),
    })),
  };
}

/** What a spreadsheet opens: a byte order mark, and column names in the console's language. */
function sample({ language, merchant }: ConsoleCall): ConsoleAnswer {
  const names = Object.values(COLUMNS).map(([japanese, english]) => (language === 'ja' ? japanese : english));
  const due = japanDate(dueAfter(merchant, USUAL_DUE_DAYS));
  const rows = [
    names,
    ['L-001', '8800', 'hanako@example.com', '山田 花子', '11月のレッスン料', due, '', '', 'ja'],
    ['L-002', '8800', 'john@example.com', 'John Smith', 'Lessons in November', due, '', '', 'en'],
  ];
  const body = `\uFEFF${rows.map((row) => `${row.join(',')}\r\n`).join('')}`;
  return { kind: 'download', name: 'payment-requests.csv', type: 'text/csv; charset=utf-8', body };
}
