import type { Deps } from '../../deps.ts';
import { DELIVERIES_TEXTS } from '../../i18n/console/deliveries.ts';
import { findDeliveries, findEvents } from '../../notify/deliveries.ts';
import { resendEvent } from '../../notify/endpoints.ts';
import { EVENT_TYPES } from '../../payments/decide.ts';
import { type EventRow, loadEvent } from '../../payments/queries.ts';
import { type DeliveriesTexts, deliveryRow, type ShownDelivery } from './developers-deliveries.ts';
import { type Corner, cornerOf, type Stamp, stamp } from './developers-frame.ts';
import { type ConsoleAnswer, type ConsoleCall, type ConsoleRoute, page, redirect } from './route.ts';

const EVENTS = '/console/developers/events';
const SHOWN = 50;

interface ShownEvent {
  id: string;
  href: string;
  at: Stamp;
  type: string;
  sequence: number | null;
  sessionId: string | null;
}

export interface EventsData extends Corner {
  t: DeliveriesTexts;
  rows: ShownEvent[];
  types: { value: string; selected: boolean }[];
  order: string;
  next: string | null;
  first: string | null;
}

export interface EventData extends Corner {
  t: DeliveriesTexts;
  said: { text: string; bad: boolean } | null;
  event: ShownEvent;
  payload: string;
  readable: string;
  deliveries: ShownDelivery[];
  resend: string | null;
}

export const eventRoutes: ConsoleRoute[] = [
  { method: 'get', path: EVENTS, permission: 'developer.read', run: showList },
  { method: 'get', path: `${EVENTS}/:id`, permission: 'developer.read', run: showOne },
  {
    method: 'post',
    path: `${EVENTS}/:id/resend`,
    permission: 'developer.write',
    run: async (deps, call) => {
      const eventId = call.params.id ?? '';
      const made = await resendEvent(deps, call.merchant, { eventId, endpointId: null });
      return redirect(`${EVENTS}/${eventId}?done=${made.length > 0 ? 'resent' : 'nowhere'}`);
    },
  },
];

async function showList(deps: Deps, call: ConsoleCall): Promise<ConsoleAnswer> {
  const t = DELIVERIES_TEXTS[call.language];
  const { query } = call;
  const type = EVENT_TYPES.find((each) => each === query.get('type')) ?? null;
  const orderId = query.get('order')?.trim() || null;
  const cursor = query.get('after') || null;
  const found = await findEvents(deps, call.merchant, { type, orderId, cursor, limit: SHOWN });
  return page('developers-events', {
    title: t.events.title,
    place: 'developers',
    data: {
      ...cornerOf(call, 'events'),
      t,
      rows: found.data.map(eventRow),
      types: EVENT_TYPES.map((value) => ({ value, selected: value === type })),
      order: orderId ?? '',
      next: found.nextCursor === null ? null : pathOf(type, orderId, found.nextCursor),
      first: cursor === null ? null : pathOf(type, orderId, null),
    },
  });
}

function pathOf(type: string | null, order: string | null, after: string | null): string {
  const wanted = new URLSearchParams();
  for (const [name, value] of Object.entries({ type, order, after })) {
    if (value !== null) wanted.set(name, value);
  }
  return wanted.size === 0 ? EVENTS : `${EVENTS}?${wanted}`;
}

async function showOne(deps: Deps, call: ConsoleCall): Promise<ConsoleAnswer> {
  const t = DELIVERIES_TEXTS[call.language];
  const event = await loadEvent(deps, call.merchant, call.params.id ?? '');
  const filter = { status: null, endpointId: null, eventId: event.id, cursor: null, limit: SHOWN };
  const deliveries = await findDeliveries(deps, call.merchant, filter);
  const done = call.query.get('done');
  return page('developers-event', {
    title: t.event.title,
    place: 'developers',
    data: {
      ...cornerOf(call, 'events'),
      t,
      said: done === 'resent' || done === 'nowhere' ? { text: t.said[done], bad: done === 'nowhere' } : null,
      event: eventRow(event),
      payload: event.payload,
      readable: JSON.stringify(JSON.parse(event.payload), null, 2),
      deliveries: deliveries.data.map((row) => deliveryRow(row, t)),
      resend: call.may('developer.write') ? `${EVENTS}/${event.id}/resend` : null,
    },
  });
}

function eventRow({ id, timestamp, type, sequence, sessionId }: EventRow): ShownEvent {
  return { id, href: `${EVENTS}/${id}`, at: stamp(timestamp), type, sequence, sessionId };
}
