import {
  createEndpoint,
  deleteEndpoint,
  listDeliveries,
  listEndpoints,
  pingEndpoint,
  presentDelivery,
  presentEndpoint,
  resendEvent,
} from '../../notify/endpoints.ts';
import { type EventRow, listEvents, loadEvent } from '../../payments/queries.ts';
import { parse, parseQuery } from './parse.ts';
import { type ApiRoute, presentPage } from './route.ts';
import { EmptyBody, EndpointBody, ListQuery, ResendBody } from './schemas.ts';

const tag = 'notifications';
const key = 'secret';

export const webhookRoutes: ApiRoute[] = [
  {
    method: 'post',
    path: '/v1/webhook-endpoints',
    operationId: 'createWebhookEndpoint',
    summary: 'Register an address that notifications are sent to',
    tag,
    key,
    permission: 'developer.write',
    work: 'we',
    body: 'EndpointBody',
    answers: [{ status: 201, description: 'The endpoint', schema: 'WebhookEndpoint' }],
    problems: [],
    run: async (deps, { merchant, body, workId }) => {
      const { url, events } = parse(EndpointBody, body);
      const endpoint = await createEndpoint(deps, merchant, { url, events: events ?? null, workId });
      return { status: 201, body: presentEndpoint(endpoint) };
    },
  },
  {
    method: 'get',
    path: '/v1/webhook-endpoints',
    operationId: 'listWebhookEndpoints',
    summary: 'List webhook endpoints, newest first',
    tag,
    key,
    permission: 'developer.read',
    query: ListQuery,
    answers: [{ status: 200, description: 'A page of endpoints', schema: 'EndpointList' }],
    problems: [],
    run: async (deps, { merchant, query }) => {
      const { cursor, limit } = parseQuery(ListQuery, query);
      const page = await listEndpoints(deps, merchant, { cursor: cursor ?? null, limit });
      return { status: 200, body: presentPage(page, presentEndpoint) };
    },
  },
  {
    method: 'delete',
    path: '/v1/webhook-endpoints/{id}',
    operationId: 'deleteWebhookEndpoint',
    summary: 'Take an endpoint away; deliveries to it stay listed',
    tag,
    key,
    permission: 'developer.write',
    answers: [{ status: 204, description: 'It is gone', schema: null }],
    problems: ['not_found'],
    run: async (deps, { merchant, id }) => {
      await deleteEndpoint(deps, merchant, id);
      return { status: 204, body: null };
    },
  },
  {
    method: 'post',
    path: '/v1/webhook-endpoints/{id}/ping',
    operationId: 'pingWebhookEndpoint',
    summary: 'Send a ping to an endpoint',
    tag,
    key,
    permission: 'developer.write',
    work: 'op',
    body: 'EmptyBody',
    answers: [{ status: 202, description: 'The event that is on its way', schema: 'Event' }],
    problems: ['not_found'],
    run: async (deps, { merchant, id, body }) => {
      parse(EmptyBody, body);
      return { status: 202, body: presentEvent(await pingEndpoint(deps, merchant, id)) };
    },
  },
  {
    method: 'get',
    path: '/v1/events',
    operationId: 'listEvents',
    summary: 'List events, newest first',
    tag,
    key,
    permission: 'developer.read',
    query: ListQuery,
    answers: [{ status: 200, description: 'A page of events', schema: 'EventList' }],
    problems: [],
    run: async (deps, { merchant, query }) => {
      const { cursor, limit } = parseQuery(ListQuery, query);
      const page = await listEvents(deps, merchant, { cursor: cursor ?? null, limit });
      return { status: 200, body: presentPage(page, presentEvent) };
    },
  },
  {
    method: 'get',
    path: '/v1/events/{id}',
    operationId: 'getEvent',
    summary: 'Read an event',
    tag,
    key,
    permission: 'developer.read',
    answers: [{ status: 200, description: 'The event', schema: 'Event' }],
    problems: ['not_found'],
    run: async (deps, { merchant, id }) => ({
      status: 200,
      body: presentEvent(await loadEvent(deps, merchant, id)),
    }),
  },
  {
    method: 'post',
    path: '/v1/events/{id}/resend',
    operationId: 'resendEvent',
    summary: 'Send an event again, with the same webhook-id, to one endpoint or to all that are enabled',
    tag,
    key,
    permission: 'developer.write',
    work: 'op',
    body: 'ResendBody',
    answers: [{ status: 202, description: 'The deliveries that are on their way', schema: 'DeliveryList' }],
    problems: ['not_found'],
    run: async (deps, { merchant, id, body }) => {
      const { endpoint_id: endpointId = null } = parse(ResendBody, body);
      const data = await resendEvent(deps, merchant, { eventId: id, endpointId });
      return { status: 202, body: presentPage({ data, nextCursor: null }, presentDelivery) };
    },
  },
  {
    method: 'get',
    path: '/v1/deliveries',
    operationId: 'listDeliveries',
    summary: 'List deliveries of events to endpoints, newest first',
    tag,
    key,
    permission: 'developer.read',
    query: ListQuery,
    answers: [{ status: 200, description: 'A page of deliveries', schema: 'DeliveryList' }],
    problems: [],
    run: async (deps, { merchant, query }) => {
      const { cursor, limit } = parseQuery(ListQuery, query);
      const page = await listDeliveries(deps, merchant, { cursor: cursor ?? null, limit });
      return { status: 200, body: presentPage(page, presentDelivery) };
    },
  },
];

/** The stored text, read again: `type`, `timestamp` and `data` as they were signed and sent. */
function presentEvent(event: EventRow): object {
  return { id: event.id, object: 'event', ...JSON.parse(event.payload) };
}
