import { note } from '../../audit/note.ts';
import type { Deps } from '../../deps.ts';
import { REQUESTS_TEXTS, type RequestsTexts } from '../../i18n/console/requests.ts';
import { TEXTS } from '../../i18n/language.ts';
import { DAY } from '../../lib/clock.ts';
import { requestUrl } from '../../requests/mails.ts';
import { listRequests, loadRequest, mailsOf, type RequestView } from '../../requests/queries.ts';
import { dayInJapan } from '../../requests/rules.ts';
import { isPayable, REQUEST_STATUSES } from '../../requests/state.ts';
import { type Chip, money, type Stamp, stamp } from './payments-words.ts';
import { customerOf, type Option, REQUESTS, requestChip, type Tabs, tabsOf } from './requests-words.ts';
import { type ConsoleAnswer, type ConsoleCall, type ConsoleRoute, page } from './route.ts';

export interface RequestsData {
  t: RequestsTexts;
  tabs: Tabs;
  make: string | null;
  said: string | null;
  personal: boolean;
  asked: { q: string; from: string; to: string; batch: string };
  statuses: Option[];
  narrowed: boolean;
  rows: ListedRequest[];
  caption: string;
  older: string | null;
  newest: string | null;
}

interface ListedRequest {
  href: string;
  order: string;
  made: Stamp;
  to: string;
  due: string;
  chip: Chip;
  amount: string;
}

export interface RequestData {
  t: RequestsTexts;
  tabs: Tabs;
  said: string | null;
  warning: string | null;
  chip: Chip;
  amount: string;
  facts: { label: string; text: string; href?: string }[];
  link: string;
  events: { text: string; at: Stamp; detail: string | null; bad: boolean }[];
  acts: { text: string; href: string; kind: 'first' | 'danger' | '' }[];
  previews: { mail: string; page: string };
}

const LIMIT = 50;

export const requestListRoutes: ConsoleRoute[] = [
  { method: 'get', path: REQUESTS, permission: 'requests.read', run: list },
];

/** After every path that could be taken for an id. */
export const requestRoutes: ConsoleRoute[] = [
  { method: 'get', path: `${REQUESTS}/:id`, permission: 'requests.read', run: detail },
];

async function list(deps: Deps, call: ConsoleCall): Promise<ConsoleAnswer> {
  const { language, merchant, may, query } = call;
  const t = REQUESTS_TEXTS[language];
  const text = (name: string) => (query.get(name) ?? '').trim().slice(0, 100);
  const asked = { q: text('q'), from: text('from'), to: text('to'), batch: text('batch') };
  const status = REQUEST_STATUSES.find((each) => each === query.get('status')) ?? null;
  const to = dayInJapan(asked.to);
  const found = await listRequests(deps, merchant, {
    orderId: null,
    batchId: asked.batch || null,
    status,
    dueFrom: dayInJapan(asked.from),
    dueTo: to && new Date(to.getTime() + DAY),
    search: asked.q || null,
    personal: may('personal_data.read'),
    cursor: query.get('cursor'),
    limit: LIMIT,
  });
  const kept = new URLSearchParams(
    [...query].filter(([name]) => ['q', 'from', 'to', 'batch', 'status'].includes(name)),
  );
  const at = (cursor: string) => `${REQUESTS}?${new URLSearchParams([...kept, ['cursor', cursor]])}`;
  const data: RequestsData = {
    t,
    tabs: tabsOf(t, 'list'),
    make: may('requests.write') ? `${REQUESTS}/new` : null,
    said: null,
    personal: may('personal_data.read'),
    asked,
    statuses: REQUEST_STATUSES.map((value) => ({ value, text: t.statuses[value], chosen: value === status })),
    narrowed: [...kept.values()].some((value) => value !== ''),
    rows: found.data.map((view) => listed(call, view)),
    caption: t.caption(String(found.data.length)),
    older: found.nextCursor === null ? null : at(found.nextCursor),
    newest: query.get('cursor') === null ? null : `${REQUESTS}?${kept}`,
  };
  return page('requests', { title: t.title, place: 'requests', data });
}

function listed(call: ConsoleCall, { request }: RequestView): ListedRequest {
  const { name, email } = customerOf(call, request);
  return {
    href: `${REQUESTS}/${request.id}`,
    order: request.orderId,
    made: stamp(request.createdAt),
    to: name ?? email ?? '',
    due: stamp(request.dueAt).text.slice(0, 10),
    chip: requestChip(call.language, request.status),
    amount: money(call.language, request.amount),
  };
}

async function detail(deps: Deps, call: ConsoleCall): Promise<ConsoleAnswer> {
  const { language, merchant, params, query } = call;
  const t = REQUESTS_TEXTS[language];
  const view = await loadRequest(deps, merchant, params.id ?? '');
  const { request } = view;
  const path = `${REQUESTS}/${request.id}`;
  await note(deps, merchant, { action: 'request.seen', target: request.id });
  const data: RequestData = {
    t,
    tabs: tabsOf(t, 'list'),
    said: saidOf(t.done, query.get('done')),
    warning: warningOf(t, view, saidOf(t.refused, query.get('refused'))),
    chip: requestChip(language, request.status),
    amount: money(language, request.amount),
    facts: factsOf(call, view),
    link: requestUrl(deps.config, request),
    events: await eventsOf(deps, call, view),
    acts: actsOf(call, view),
    previews: { mail: `${path}/mail`, page: `${path}/page` },
  };
  return page('request', { title: t.detail.title(request.orderId), place: 'requests', data });
}

function saidOf(texts: Readonly<Record<string, string>>, code: string | null): string | null {
  return code !== null && Object.hasOwn(texts, code) ? (texts[code] ?? null) : null;
}

function warningOf(t: RequestsTexts, { request }: RequestView, refused: string | null): string | null {
  if (refused !== null) return refused;
  if (request.status === 'bounced') return t.detail.bounced;
  return isPayable(request.status) && request.email === null ? t.detail.noAddress : null;
}

function factsOf(call: ConsoleCall, { request, paymentId }: RequestView): RequestData['facts'] {
  const t = REQUESTS_TEXTS[call.language];
  const { name, email } = customerOf(call, request);
  const reminders = request.remindDays.map((days) => t.fields.remindDay(String(days))).join(', ');
  const facts: [string, string | null, string?][] = [
    [t.fields.order, request.orderId],
    [t.fields.name, name],
    [t.fields.email, email],
    [t.fields.description, request.description],
    [t.fields.message, request.message],
    [t.fields.due, stamp(request.dueAt).text],
    [
      t.fields.sendAt,
      request.status === 'scheduled' && request.sendAt !== null ? stamp(request.sendAt).text : null,
    ],
    [t.fields.remind, reminders || null],
    [t.fields.language, TEXTS[request.language].languageName],
    [t.detail.payment, paymentId && t.detail.open, `/console/payments/${paymentId}`],
    [t.detail.batch, request.batchId && t.detail.open, `${REQUESTS}/file/${request.batchId}`],
  ];
  return facts.flatMap(([label, text, href]) =>
    text === null ? [] : [{ label, text, ...(href === undefined ? {} : { href }) }],
  );
}

async function eventsOf(
  deps: Deps,
  call: ConsoleCall,
  { request }: RequestView,
): Promise<RequestData['events']> {
  const t = REQUESTS_TEXTS[call.language].events;
  const kinds: Readonly<Record<string, string>> = t.mail;
  const mails = (await mailsOf(deps, request)).map((mail) => ({
    text: `${kinds[mail.kind] ?? mail.kind}: ${t.mailStatus[mail.status]}`,
    at: mail.sentAt ?? mail.createdAt,
    detail: mail.status === 'bounced' || mail.status === 'failed' ? mail.answer : null,
    bad: mail.status === 'bounced' || mail.status === 'failed',
  }));
  const own: [string, Date | null][] = [
    [t.made, request.createdAt],
    [t.opened, request.openedAt],
    [t.paid, request.paidAt],
    [t.expired, request.status === 'expired' ? request.endedAt : null],
    [t.canceled, request.status === 'canceled' ? request.endedAt : null],
  ];
  const told = own.flatMap(([text, at]) => (at === null ? [] : [{ text, at, detail: null, bad: false }]));
  return [...told, ...mails]
    .sort((a, b) => a.at.getTime() - b.at.getTime())
    .map((event) => ({ ...event, at: stamp(event.at) }));
}

function actsOf({ language, may }: ConsoleCall, { request }: RequestView): RequestData['acts'] {
  const t = REQUESTS_TEXTS[language].detail;
  if (!may('requests.write') || !isPayable(request.status)) return [];
  const path = `${REQUESTS}/${request.id}`;
  const first = request.sends === 0;
  return [
    { text: first ? t.send : t.resend, href: `${path}/send`, kind: first ? 'first' : '' },
    ...(request.status === 'draft' ? [{ text: t.edit, href: `${path}/edit`, kind: '' as const }] : []),
    ...(request.status === 'sent' || request.status === 'opened'
      ? [{ text: t.remind, href: `${path}/remind`, kind: '' as const }]
      : []),
    { text: t.cancel, href: `${path}/cancel`, kind: 'danger' },
  ];
}
