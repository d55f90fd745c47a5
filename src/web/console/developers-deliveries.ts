import type { Deps } from '../../deps.ts';
import { DELIVERIES_TEXTS } from '../../i18n/console/deliveries.ts';
import { type DeliveryView, findDeliveries, loadDelivery } from '../../notify/deliveries.ts';
import { listEndpoints, resendEvent } from '../../notify/endpoints.ts';
import { notificationHeaders } from '../../notify/sign-event.ts';
import { loadEvent } from '../../payments/queries.ts';
import { type Corner, cornerOf, type Stamp, stamp, stampOf } from './developers-frame.ts';
import { type ConsoleAnswer, type ConsoleCall, type ConsoleRoute, page, redirect } from './route.ts';

export const DELIVERIES = '/console/developers/deliveries';
const SHOWN = 50;

export type DeliveriesTexts = (typeof DELIVERIES_TEXTS)['ja'] | (typeof DELIVERIES_TEXTS)['en'];

/** A row of the list. */
export interface ShownDelivery {
  href: string;
  created: Stamp;
  type: string;
  url: string;
  chip: 'good' | 'waiting' | 'bad';
  state: string;
  answer: string;
  tries: number;
}

export interface DeliveriesData extends Corner {
  t: DeliveriesTexts;
  said: string | null;
  rows: ShownDelivery[];
  statuses: { value: string; text: string; selected: boolean }[];
  endpoints: { value: string; text: string; selected: boolean }[];
  event: string;
  next: string | null;
  first: string | null;
  here: string;
}

export interface DeliveryData extends Corner {
  t: DeliveriesTexts;
  said: string | null;
  row: ShownDelivery;
  eventId: string;
  eventHref: string;
  endpointHref: string | null;
  nextTry: Stamp | null;
  lastTry: { at: Stamp; took: string } | null;
  url: string;
  headers: [string, string][] | null;
  payload: string;
  answer: { line: string; body: string | null } | null;
  resend: string | null;
  debug: string | null;
  notSent: string;
}

const STATUSES = ['pending', 'delivered', 'failed'] as const;
const CHIPS = { pending: 'waiting', delivered: 'good', failed: 'bad' } as const;

export const deliveryRoutes: ConsoleRoute[] = [
  { method: 'get', path: DELIVERIES, permission: 'developer.read', run: showList },
  { method: 'get', path: `${DELIVERIES}/:id`, permission: 'developer.read', run: showOne },
  {
    method: 'post',
    path: `${DELIVERIES}/:id/resend`,
    permission: 'developer.write',
    run: async (deps, call) => {
      const { eventId, endpointId } = await loadDelivery(deps, call.merchant, call.params.id ?? '');
      const [made] = await resendEvent(deps, call.merchant, { eventId, endpointId });
      return redirect(made === undefined ? DELIVERIES : `${DELIVERIES}/${made.id}?done=resent`);
    },
  },
];

async function showList(deps: Deps, call: ConsoleCall): Promise<ConsoleAnswer> {
  const t = DELIVERIES_TEXTS[call.language];
  const { query, merchant } = call;
  const status = STATUSES.find((each) => each === query.get('status')) ?? null;
  const endpointId = query.get('endpoint') || null;
  const eventId = query.get('event') || null;
  const cursor = query.get('after') || null;
  const [found, endpoints] = await Promise.all([
    findDeliveries(deps, merchant, { status, endpointId, eventId, cursor, limit: SHOWN }),
    listEndpoints(deps, merchant, { cursor: null, limit: 100 }),
  ]);
  const here = pathOf(query, null);
  return page('developers-deliveries', {
    title: t.deliveries.title,
    place: 'developers',
    data: {
      ...cornerOf(call, 'deliveries'),
      t,
      said: query.get('done') === 'pinged' ? t.said.pinged : null,
      rows: found.data.map((row) => deliveryRow(row, t)),
      statuses: STATUSES.map((value) => ({
        value,
        text: t.deliveries.state[value],
        selected: value === status,
      })),
      endpoints: endpoints.data.map(({ id, url }) => ({ value: id, text: url, selected: id === endpointId })),
      event: eventId ?? '',
      next: found.nextCursor === null ? null : pathOf(query, found.nextCursor),
      first: cursor === null ? null : here,
      here,
    },
  });
}

function pathOf(query: URLSearchParams, after: string | null): string {
  const wanted = new URLSearchParams();
  for (const name of ['status', 'endpoint', 'event']) {
    const value = query.get(name);
    if (value) wanted.set(name, value);
  }
  if (after !== null) wanted.set('after', after);
  return wanted.size === 0 ? DELIVERIES : `${DELIVERIES}?${wanted}`;
}

async function showOne(deps: Deps, call: ConsoleCall): Promise<ConsoleAnswer> {
  const t = DELIVERIES_TEXTS[call.language];
  const row = await loadDelivery(deps, call.merchant, call.params.id ?? '');
  const event = await loadEvent(deps, call.merchant, row.eventId);
  const { lastTry } = row;
  const signed = lastTry && { id: event.id, timestamp: lastTry.timestamp, signature: lastTry.signature };
  const answered = lastTry !== null && row.responseStatus !== null;
  return page('developers-delivery', {
    title: t.delivery.title,
    place: 'developers',
    data: {
      ...cornerOf(call, 'deliveries'),
      t,
      said: call.query.get('done') === 'resent' ? t.said.resent : null,
      row: deliveryRow(row, t),
      eventId: event.id,
      eventHref: `/console/developers/events/${event.id}`,
      endpointHref:
        row.endpointStatus === 'deleted' ? null : `/console/developers/endpoints/${row.endpointId}`,
      nextTry: row.status === 'pending' ? stampOf(row.nextTryAt) : null,
      lastTry: lastTry && { at: stamp(new Date(lastTry.at)), took: t.delivery.ms(lastTry.tookMs) },
      url: row.url,
      headers: signed && Object.entries(notificationHeaders(signed)),
      payload: event.payload,
      answer: answered ? { line: answerOf(row, t), body: lastTry.answer } : null,
      resend:
        call.may('developer.write') && row.endpointStatus === 'enabled'
          ? `${DELIVERIES}/${row.id}/resend`
          : null,
      debug: lastTry && `/console/developers/debugger?delivery=${row.id}`,
      notSent: row.try === 0 ? t.delivery.notYet : t.delivery.notKept,
    },
  });
}

export function deliveryRow(row: DeliveryView, t: DeliveriesTexts): ShownDelivery {
  return {
    href: `${DELIVERIES}/${row.id}`,
    created: stamp(row.createdAt),
    type: row.type,
    url: row.url,
    chip: CHIPS[row.status],
    state: t.deliveries.state[row.status],
    answer: answerOf(row, t),
    tries: row.try,
  };
}

function answerOf({ responseStatus, error }: DeliveryView, t: DeliveriesTexts): string {
  if (responseStatus !== null) return t.http(responseStatus);
  if (error === null) return '';
  const words: Record<string, string> = t.errors;
  return words[error] ?? error;
}
