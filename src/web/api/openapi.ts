import { z } from 'zod';
import { PROBLEMS, type ProblemCode } from '../../lib/problem.ts';
import { EVENT_TYPES, type EventType } from '../../payments/decide.ts';
import { chargeMayExist, problemCodes, problemType } from '../problem.ts';
import { EXAMPLES } from './examples.ts';
import * as links from './link-schemas.ts';
import * as objects from './objects.ts';
import { HEADERS, PARAMETERS } from './parameters.ts';
import * as requested from './request-objects.ts';
import * as requests from './request-schemas.ts';
import type { ApiRoute, RouteAnswer } from './route.ts';
import { API_ROUTES } from './routes.ts';
import * as schemas from './schemas.ts';

/** The OpenAPI 3.1 document, made of the schemas that parse and of the routes that are mounted. */

type Json = Record<string, unknown>;

const BODIES = {
  SessionBody: schemas.SessionBody,
  PaymentBody: schemas.PaymentBody,
  CaptureBody: schemas.CaptureBody,
  RefundBody: schemas.RefundBody,
  ResolveBody: schemas.ResolveBody,
  TokenBody: schemas.TokenBody,
  ChargeBody: schemas.ChargeBody,
  EndpointBody: schemas.EndpointBody,
  ResendBody: schemas.ResendBody,
  ClockBody: schemas.ClockBody,
  PaymentRequestBody: requests.PaymentRequestBody,
  PaymentRequestBatchBody: requests.PaymentRequestBatchBody,
  SendRequestBody: requests.SendRequestBody,
  CancelRequestBody: requests.CancelRequestBody,
  PaymentLinkBody: links.PaymentLinkBody,
  PaymentLinkChange: links.PaymentLinkChange,
  EmptyBody: schemas.EmptyBody,
} as const satisfies Record<string, z.ZodType>;

const OBJECTS = {
  Session: objects.Session,
  SessionList: objects.SessionList,
  Payment: objects.Payment,
  PaymentList: objects.PaymentList,
  PaymentLink: links.PaymentLink,
  PaymentLinkList: links.PaymentLinkList,
  Attempt: objects.Attempt,
  Refund: objects.Refund,
  RefundList: objects.RefundList,
  ActionItem: objects.ActionItem,
  ActionItemList: objects.ActionItemList,
  Token: objects.Token,
  SavedCard: objects.SavedCard,
  SavedCardList: objects.SavedCardList,
  PaymentRequest: requested.PaymentRequest,
  PaymentRequestList: requested.PaymentRequestList,
  PaymentRequestBatch: requested.PaymentRequestBatch,
  Event: objects.Event,
  EventList: objects.EventList,
  Notification: objects.Notification,
  WebhookEndpoint: objects.WebhookEndpoint,
  EndpointList: objects.EndpointList,
  Delivery: objects.Delivery,
  DeliveryList: objects.DeliveryList,
  ClockReading: objects.ClockReading,
  Problem: objects.ProblemDetails,
} as const satisfies Record<string, z.ZodType>;

/** What any request may meet, and any that brings a body. */
const ALWAYS: ProblemCode[] = [
  'unauthorized',
  'key_not_allowed',
  'validation_failed',
  'rate_limited',
  'internal',
  'service_unavailable',
];
const WITH_BODY: ProblemCode[] = ['malformed_json', 'too_large', 'unsupported_media_type'];
const WITH_KEY: ProblemCode[] = ['idempotency_in_progress', 'idempotency_key_reused'];

/** Builds the document for a service at `publicUrl`. */
export function openApi(publicUrl: string): Json {
  return {
    openapi: '3.1.0',
    info: {
      title: 'PayResort+',
      version: '1',
      summary: 'Hosted payment pages: open a session, send the shopper to it, verify the signed result.',
      description: DESCRIPTION,
    },
    servers: [{ url: publicUrl }],
    security: [{ secret_key: [] }],
    tags: [...new Set(API_ROUTES.map(({ tag }) => tag))].map((name) => ({ name })),
    paths: pathsOf(API_ROUTES),
    webhooks: Object.fromEntries(EVENT_TYPES.map((type) => [type, webhook(type)])),
    components: {
      securitySchemes: {
        secret_key: {
          type: 'http',
          scheme: 'bearer',
          description: 'sk_test_… or sk_live_…: server side only.',
        },
        publishable_key: {
          type: 'http',
          scheme: 'bearer',
          description: 'pk_test_… or pk_live_…: creates tokens.',
        },
      },
      schemas: componentSchemas(),
      parameters: PARAMETERS,
      headers: HEADERS,
      responses: Object.fromEntries(problemCodes().map((code) => [code, problemAnswer(publicUrl, code)])),
    },
  };
}

const DESCRIPTION = `Amounts are integers in the currency's minor unit (JPY has none), tax included. Times are
RFC 3339 UTC. Keys of the two modes, test and live, never meet each other's data; another merchant's object does not
exist for you.

Every POST but /v1/tokens takes an Idempotency-Key, kept for at least 7 days per merchant and mode. The same key with
the same method, path and body gives the very same answer again (Idempotent-Replayed: true), whatever it was; only
401, 413, 415 and 429 are not kept.

Errors are problem details (RFC 9457) with a stable code. All faults of a request are told at once; unknown fields
are faults. charge_may_exist says when to look at the order before trying again.`;

function pathsOf(routes: readonly ApiRoute[]): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) paths[route.path] = { ...paths[route.path], [route.method]: operation(route) };
  return paths;
}

function operation(route: ApiRoute): Json {
  const parameters = [
    ...(route.path.includes('{id}') ? [{ $ref: '#/components/parameters/id' }] : []),
    ...queryParameters(route.query),
    ...(route.work === undefined ? [] : [{ $ref: '#/components/parameters/idempotency_key' }]),
  ];
  return {
    operationId: route.operationId,
    summary: route.summary,
    tags: [route.tag],
    ...(route.testOnly === true ? { description: 'Test mode only.' } : {}),
    ...(route.key === 'publishable' ? { security: [{ publishable_key: [] }] } : {}),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(route.body === undefined ? {} : { requestBody: requestBody(route.body) }),
    responses: responsesOf(route),
  };
}

function requestBody(name: string): Json {
  const example = EXAMPLES[name];
  const required = BODIES_BY_NAME[name]?.safeParse({}).success !== true;
  return {
    required,
    content: {
      'application/json': {
        schema: ref(name),
        ...(example === undefined ? {} : { examples: { one: { value: example } } }),
      },
    },
  };
}

const BODIES_BY_NAME: Record<string, z.ZodType | undefined> = BODIES;

function responsesOf(route: ApiRoute): Json {
  const responses: Json = {};
  for (const answer of route.answers) responses[answer.status] = success(route, answer);
  const codes = [
    ...ALWAYS,
    ...(route.method === 'post' ? WITH_BODY : []),
    ...(route.work === undefined ? [] : WITH_KEY),
    ...route.problems,
  ];
  for (const [status, same] of byStatus(codes)) responses[status] = failure(same);
  return responses;
}

function byStatus(codes: readonly ProblemCode[]): Map<number, ProblemCode[]> {
  const groups = new Map<number, ProblemCode[]>();
  for (const code of new Set(codes)) {
    const { status } = PROBLEMS[code];
    groups.set(status, [...(groups.get(status) ?? []), code]);
  }
  return groups;
}

function success(route: ApiRoute, { description, schema }: RouteAnswer): Json {
  const example = schema === null ? undefined : EXAMPLES[schema];
  const headers = {
    'Request-Id': { $ref: '#/components/headers/request_id' },
    ...(route.work === undefined ? {} : { 'Idempotent-Replayed': { $ref: '#/components/headers/replayed' } }),
  };
  if (schema === null) return { description, headers };
  const content = {
    schema: ref(schema),
    ...(example === undefined ? {} : { examples: { one: { value: example } } }),
  };
  return { description, headers, content: { 'application/json': content } };
}

/** One code is a component; several of one status share an answer that lists them. */
function failure(codes: readonly ProblemCode[]): Json {
  const [only, second] = codes;
  if (only !== undefined && second === undefined) return { $ref: `#/components/responses/${only}` };
  return {
    description: codes.map((code) => `\`${code}\` ${PROBLEMS[code].title}`).join(' · '),
    headers: { 'Request-Id': { $ref: '#/components/headers/request_id' } },
    content: {
      'application/problem+json': {
        schema: { allOf: [ref('Problem'), { properties: { code: { enum: codes } } }] },
      },
    },
  };
}

function problemAnswer(publicUrl: string, code: ProblemCode): Json {
  const { status, title, retryable } = PROBLEMS[code];
  const value = { type: problemType(publicUrl, code), title, status, code, retryable };
  return {
    description: `\`${code}\` ${title}`,
    headers: { 'Request-Id': { $ref: '#/components/headers/request_id' } },
    content: {
      'application/problem+json': {
        schema: { allOf: [ref('Problem'), { properties: { code: { const: code } } }] },
        examples: {
          [code]: {
            value: {
              ...value,
              detail: title,
              request_id: 'req_01kzexample',
              charge_may_exist: chargeMayExist(code),
            },
          },
        },
      },
    },
  };
}

function webhook(type: EventType): Json {
  return {
    post: {
      operationId: `on_${type.replace('.', '_')}`,
      summary: type,
      security: [],
      parameters: ['id', 'timestamp', 'signature'].map((name) => ({
        $ref: `#/components/parameters/webhook_${name}`,
      })),
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: { allOf: [ref('Notification'), { properties: { type: { const: type } } }] },
          },
        },
      },
      responses: {
        '2XX': {
          description: 'Received. Anything else, and no answer in 15 s, is tried again for about 75 hours.',
        },
        '410': { description: 'Disables the endpoint.' },
      },
    },
  };
}

function queryParameters(query: z.ZodObject | undefined): Json[] {
  if (query === undefined) return [];
  return Object.entries(query.shape).map(([name, schema]) => {
    const own = schema instanceof z.ZodType ? schema.meta()?.parameter : undefined;
    return { $ref: `#/components/parameters/${typeof own === 'string' ? own : name}` };
  });
}

function ref(name: string): Json {
  return { $ref: `#/components/schemas/${name}` };
}

function componentSchemas(): Json {
  return { ...jsonSchemas(BODIES, 'input'), ...jsonSchemas(OBJECTS, 'output') };
}

/** Schemas of one registry refer to each other instead of repeating themselves. */
function jsonSchemas(named: Record<string, z.ZodType>, io: 'input' | 'output'): Json {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  const { schemas: made } = z.toJSONSchema(registry, {
    io,
    target: 'draft-2020-12',
    uri: (id) => `#/components/schemas/${id}`,
  });
  return Object.fromEntries(
    Object.entries(made).map(([name, { $schema: _, $id: __, ...schema }]) => [name, schema]),
  );
}
