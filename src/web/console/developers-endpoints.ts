import type { Deps } from '../../deps.ts';
import { DELIVERIES_TEXTS } from '../../i18n/console/deliveries.ts';
import { Problem } from '../../lib/problem.ts';
import { findDeliveries } from '../../notify/deliveries.ts';
import {
  createEndpoint,
  deleteEndpoint,
  type EndpointRow,
  enableEndpoint,
  listEndpoints,
  loadEndpoint,
  pingEndpoint,
} from '../../notify/endpoints.ts';
import { EVENT_TYPES } from '../../payments/decide.ts';
import {
  DELIVERIES,
  type DeliveriesTexts,
  deliveryRow,
  type ShownDelivery,
} from './developers-deliveries.ts';
import { type Corner, cornerOf, type Stamp, stamp } from './developers-frame.ts';
import type { ChangeData } from './developers-keys.ts';
import { type ConsoleAnswer, type ConsoleCall, type ConsoleRoute, page, redirect } from './route.ts';

export const ENDPOINTS = '/console/developers/endpoints';
/** What an endpoint may be told of; a ping comes only when asked for. */
const CHOICES = EVENT_TYPES.filter((type) => type !== 'ping');
const RECENT = 10;

interface ShownEndpoint {
  href: string;
  url: string;
  events: string;
  enabled: boolean;
  state: string;
  created: Stamp;
}

export interface EndpointsData extends Corner {
  t: DeliveriesTexts;
  said: string | null;
  rows: ShownEndpoint[];
  choices: { value: string; checked: boolean }[];
  url: string;
  fault: string | null;
  hint: string;
}

export interface EndpointData extends Corner {
  t: DeliveriesTexts;
  said: string | null;
  endpoint: ShownEndpoint;
  named: string[];
  recent: ShownDelivery[];
  all: string;
  conformance: string | null;
}

export const endpointRoutes: ConsoleRoute[] = [
  { method: 'get', path: ENDPOINTS, permission: 'developer.read', run: (deps, call) => showList(deps, call) },
  { method: 'post', path: ENDPOINTS, permission: 'developer.write', run: add },
  { method: 'get', path: `${ENDPOINTS}/:id`, permission: 'developer.read', run: showOne },
  {
    method: 'post',
    path: `${ENDPOINTS}/:id/ping`,
    permission: 'developer.write',
    run: async (deps, call) => {
      const { id } = await pingEndpoint(deps, call.merchant, call.params.id ?? '');
      return redirect(`${DELIVERIES}?event=${id}&done=pinged`);
    },
  },
  {
    method: 'post',
    path: `${ENDPOINTS}/:id/enable`,
    permission: 'developer.write',
    run: async (deps, call) => {
      const id = call.params.id ?? '';
      await enableEndpoint(deps, call.merchant, id);
      return redirect(`${ENDPOINTS}/${id}?done=enabled`);
    },
  },
  { method: 'get', path: `${ENDPOINTS}/:id/delete`, permission: 'developer.write', run: askToDelete },
  {
    method: 'post',
    path: `${ENDPOINTS}/:id/delete`,
    permission: 'developer.write',
    run: async (deps, call) => {
      await deleteEndpoint(deps, call.merchant, call.params.id ?? '');
      return redirect(`${ENDPOINTS}?done=deleted`);
    },
  },
];

async function showList(
  deps: Deps,
  call: ConsoleCall,
  refused: { url: string; events: string[] } | null = null,
): Promise<ConsoleAnswer> {
  const t = DELIVERIES_TEXTS[call.language];
  const { data } = await listEndpoints(deps, call.merchant, { cursor: null, limit: 100 });
  return page('developers-endpoints', {
    title: t.endpoints.title,
    place: 'developers',
    status: refused === null ? 200 : 422,
    data: {
      ...cornerOf(call, 'endpoints'),
      t,
      said: call.query.get('done') === 'deleted' ? t.said.deleted : null,
      rows: data.map((row) => endpointRow(row, t)),
      choices: CHOICES.map((value) => ({ value, checked: refused?.events.includes(value) ?? false })),
      url: refused?.url ?? '',
      fault: refused === null ? null : t.endpoints.urlFault,
      hint: deps.config.production ? t.endpoints.urlHint : t.endpoints.urlHintTest,
    },
  });
}

async function add(deps: Deps, call: ConsoleCall): Promise<ConsoleAnswer> {
  const url = call.form.get('url')?.trim() ?? '';
  const named = call.form.getAll('event');
  const events = CHOICES.filter((type) => named.includes(type));
  try {
    const made = await createEndpoint(deps, call.merchant, {
      url,
      events: events.length === 0 ? null : events,
    });
    return redirect(`${ENDPOINTS}/${made.id}?done=added`);
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'validation_failed') throw error;
    return showList(deps, call, { url, events });
  }
}

async function showOne(deps: Deps, call: ConsoleCall): Promise<ConsoleAnswer> {
  const t = DELIVERIES_TEXTS[call.language];
  const row = await loadEndpoint(deps, call.merchant, call.params.id ?? '');
  const filter = { status: null, endpointId: row.id, eventId: null, cursor: null, limit: RECENT };
  const { data } = await findDeliveries(deps, call.merchant, filter);
  const done = call.query.get('done');
  return page('developers-endpoint', {
    title: t.endpoint.title,
    place: 'developers',
    data: {
      ...cornerOf(call, 'endpoints'),
      t,
      said: done === 'added' || done === 'enabled' ? t.said[done] : null,
      endpoint: endpointRow(row, t),
      named: row.events ?? [t.endpoints.every],
      recent: data.map((delivery) => deliveryRow(delivery, t)),
      all: `${DELIVERIES}?endpoint=${row.id}`,
      conformance: call.merchant.mode === 'test' ? `${ENDPOINTS}/${row.id}/conformance` : null,
    },
  });
}

async function askToDelete(deps: Deps, call: ConsoleCall): Promise<ConsoleAnswer> {
  const t = DELIVERIES_TEXTS[call.language];
  const { id, url } = await loadEndpoint(deps, call.merchant, call.params.id ?? '');
  const data: ChangeData = {
    ...cornerOf(call, 'endpoints'),
    lead: url,
    notes: [t.endpoint.removeLead],
    overlap: null,
    workId: null,
    action: `${ENDPOINTS}/${id}/delete`,
    go: t.endpoint.removeGo,
    danger: true,
    cancel: t.endpoint.cancel,
    back: `${ENDPOINTS}/${id}`,
  };
  return page('developers-change', { title: t.endpoint.removeTitle, place: 'developers', data });
}

function endpointRow({ id, url, events, status, createdAt }: EndpointRow, t: DeliveriesTexts): ShownEndpoint {
  return {
    href: `${ENDPOINTS}/${id}`,
    url,
    events: events === null ? t.endpoints.every : t.endpoints.count(events.length),
    enabled: status === 'enabled',
    state: t.endpoints.state[status],
    created: stamp(createdAt),
  };
}
