import type { RequestRow } from '../../db/schema.ts';
import type { Deps } from '../../deps.ts';
import { REQUESTS_TEXTS, type RequestsTexts } from '../../i18n/console/requests.ts';
import { newId, randomText } from '../../lib/ids.ts';
import { Problem } from '../../lib/problem.ts';
import { composeMail } from '../../mail/compose.ts';
import { createRequest, dueAfter, USUAL_DUE_DAYS } from '../../requests/create.ts';
import { mailOf } from '../../requests/mails.ts';
import { loadRequest } from '../../requests/queries.ts';
import { type Column, type RowFault, readCells } from '../../requests/read-rows.ts';
import { japanDate } from '../../requests/rules.ts';
import { listTemplates, loadTemplate, type Template } from '../../requests/templates.ts';
import type { PaymentRequest } from '../../requests/write.ts';
import { composeLanding } from '../requests/page.ts';
import {
  customerOf,
  isLanguage,
  languageOptions,
  type Option,
  REMIND_DAYS,
  REQUESTS,
  remindDaysOf,
  type Tabs,
  tabsOf,
  workOf,
} from './requests-words.ts';
import { type ConsoleAnswer, type ConsoleCall, type ConsoleRoute, page, redirect } from './route.ts';

export interface NewRequestData {
  t: RequestsTexts;
  tabs: Tabs;
  action: string;
  /** The draft that is changed; null of a new one. */
  back: string | null;
  work: string;
  typed: Record<'order' | 'amount' | 'name' | 'email' | 'description' | 'due' | 'message', string>;
  faults: Partial<Record<Column, string>>;
  languages: Option[];
  templates: Option[];
  reminders: Option[];
}

type Preview = 'mail' | 'page';
const PREVIEWS: readonly Preview[] = ['mail', 'page'];

export const newRequestRoutes: ConsoleRoute[] = [
  {
    method: 'get',
    path: `${REQUESTS}/new`,
    permission: 'requests.write',
    run: (deps, call) =>
      showForm(deps, call, new URLSearchParams({ language: 'ja', order: `R-${randomText(10)}` }), {}),
  },
  { method: 'post', path: `${REQUESTS}/new`, permission: 'requests.write', run: make },
  ...PREVIEWS.flatMap(previewRoutes),
];

function previewRoutes(what: Preview): ConsoleRoute[] {
  const typed = { path: `${REQUESTS}/preview/${what}`, permission: 'requests.write' } as const;
  const known = { path: `${REQUESTS}/:id/${what}`, permission: 'requests.read' } as const;
  return [
    { ...typed, method: 'post', run: (deps, call) => previewTyped(deps, call, what) },
    { ...known, method: 'get', run: (deps, call) => previewKnown(deps, call, what) },
  ];
}

export type FormFaults = NewRequestData['faults'];

/** The form of a new request, or of a draft that is changed. */
export async function showForm(
  deps: Deps,
  { language, merchant }: ConsoleCall,
  form: URLSearchParams,
  faults: FormFaults,
  draft: { id: string } | null = null,
): Promise<ConsoleAnswer> {
  const t = REQUESTS_TEXTS[language];
  const typed = (name: string) => form.get(name) ?? '';
  const days = remindDaysOf(form);
  const data: NewRequestData = {
    t,
    tabs: tabsOf(t, 'list'),
    action: draft === null ? `${REQUESTS}/new` : `${REQUESTS}/${draft.id}/edit`,
    back: draft && `${REQUESTS}/${draft.id}`,
    work: workOf(form, 'preq', newId('preq', merchant.clock.now())),
    typed: {
      order: typed('order'),
      amount: typed('amount'),
      name: typed('name'),
      email: typed('email'),
      description: typed('description'),
      due: form.get('due') ?? japanDate(dueAfter(merchant, USUAL_DUE_DAYS)),
      message: typed('message'),
    },
    faults,
    languages: languageOptions(typed('language')),
    templates: (await listTemplates(deps, merchant)).map(({ id, name }) => ({
      value: id,
      text: name,
      chosen: id === typed('template'),
    })),
    reminders: REMIND_DAYS.map((day) => ({
      value: String(day),
      text: t.fields.remindDay(String(day)),
      chosen: days.includes(day),
    })),
  };
  const status = Object.keys(faults).length > 0 ? 422 : 200;
  return page('requests-new', {
    title: draft === null ? t.make : t.detail.edit,
    place: 'requests',
    data,
    status,
  });
}

async function make(deps: Deps, call: ConsoleCall): Promise<ConsoleAnswer> {
  const { merchant, form } = call;
  const { row, faults } = await readForm(deps, call);
  if (faults.length > 0) return showForm(deps, call, form, faultsOf(call, faults));
  const work = workOf(form, 'preq', newId('preq', merchant.clock.now()));
  try {
    const { dueAt, ...rest } = row;
    const input = {
      ...rest,
      lineItems: null,
      methods: null,
      dueAt: new Date(dueAt),
      sendAt: null,
      metadata: {},
    };
    const { id } = await createRequest(deps, merchant, input, work);
    return redirect(`${REQUESTS}/${id}?done=saved`);
  } catch (error) {
    return showForm(deps, call, form, orderFault(call, error));
  }
}

export function faultsOf({ language }: ConsoleCall, faults: RowFault[]): FormFaults {
  const t = REQUESTS_TEXTS[language];
  return Object.fromEntries(faults.map(({ column, code }) => [column, t.faults[code]]));
}

/** An order that has a request already, or is paid. Throws what is something else. */
export function orderFault({ language }: ConsoleCall, error: unknown): FormFaults {
  const t = REQUESTS_TEXTS[language];
  const code = error instanceof Problem ? error.code : '';
  if (code === 'payment_request_exists') return { order: t.faults.exists };
  if (code.startsWith('order_')) return { order: t.faults.paid };
  throw error;
}

/** The form is one row of a file: the same rules, the same words. */
export async function readForm(
  deps: Deps,
  { merchant, form }: ConsoleCall,
): Promise<{ row: RequestRow; faults: RowFault[] }> {
  const names = ['order', 'amount', 'name', 'email', 'description', 'due', 'message', 'language'] as const;
  const cells = Object.fromEntries(names.map((name) => [name, form.get(name) ?? '']));
  const { rows, faults } = readCells(merchant, [{ line: 1, cells }], {
    language: 'ja',
    dueAt: dueAfter(merchant, USUAL_DUE_DAYS),
    template: await templateOf(deps, { merchant, form }),
    remindDays: remindDaysOf(form),
  });
  const [row] = rows;
  if (row === undefined) throw new Error('a form is one row');
  return { row, faults };
}

export async function templateOf(
  deps: Deps,
  { merchant, form }: Pick<ConsoleCall, 'merchant' | 'form'>,
): Promise<Template | null> {
  const id = form.get('template') ?? '';
  return id === '' ? null : loadTemplate(deps, merchant, id);
}

async function previewTyped(deps: Deps, call: ConsoleCall, what: Preview): Promise<ConsoleAnswer> {
  const { row } = await readForm(deps, call);
  return previewOf(deps, call, shownAs(call, row), what);
}

/** What is typed as if it were a request; what is missing yet is left out. */
export function shownAs({ merchant }: Pick<ConsoleCall, 'merchant'>, row: RequestRow): PaymentRequest {
  const { name, dueAt, sendAt: _, ...fields } = row;
  return {
    ...fields,
    merchantId: merchant.merchantId,
    mode: merchant.mode,
    id: 'preq_preview',
    token: '…',
    batchId: null,
    row: null,
    amount: Number.isSafeInteger(row.amount) ? row.amount : 0,
    currency: 'JPY',
    lineItems: null,
    customerName: name,
    methods: null,
    status: 'draft',
    dueAt: new Date(dueAt),
    sendAt: null,
    sends: 0,
    sendWork: null,
    sentAt: null,
    openedAt: null,
    paidAt: null,
    endedAt: null,
    sessionId: null,
    version: 0,
    metadata: {},
    createdAt: merchant.clock.now(),
    createdBy: null,
  };
}

async function previewKnown(deps: Deps, call: ConsoleCall, what: Preview): Promise<ConsoleAnswer> {
  const { request } = await loadRequest(deps, call.merchant, call.params.id ?? '');
  const { name, email } = customerOf(call, request);
  return previewOf(deps, call, { ...request, customerName: name, email }, what);
}

/** The mail as it is sent, or the page as it is met, with nothing to press. */
export function previewOf(
  deps: Deps,
  { merchant }: Pick<ConsoleCall, 'merchant'>,
  request: PaymentRequest,
  what: Preview,
): ConsoleAnswer {
  if (what === 'page') {
    const place = { path: '/r/preview', language: request.language, chosen: isLanguage(request.language) };
    const { html, logo } = composeLanding(place, merchant, request, { kind: 'open' }, deps.config);
    return { kind: 'preview', html, imageUrl: logo };
  }
  const { facts } = mailOf(deps, request, 'payment_request', 'preview', merchant.clock.now());
  const mail = { kind: 'payment_request', language: request.language, facts, mode: merchant.mode } as const;
  const { html } = composeMail(merchant, mail, deps.config.publicUrl);
  return { kind: 'preview', html: withSubject(html), imageUrl: null, mail: true };
}

/** A mail program shows the subject above the mail: so does its preview. The title has it escaped already. */
function withSubject(html: string): string {
  const title = /<title>([\s\S]*?)<\/title>/.exec(html)?.[1] ?? '';
  const line = `<p style="margin: 0; padding: 10px 16px; font-weight: 700; border-bottom: 1px solid #d9e2de">${title}</p>`;
  return html.replace(/(<body[^>]*>)/, `$1${line}`);
}
