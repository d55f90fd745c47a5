import { type Context, Hono } from 'hono';
import type { Deps } from '../../deps.ts';
import { newId } from '../../lib/ids.ts';
import { Problem } from '../../lib/problem.ts';
import { type Answer, claimKey, keepAnswer, readKey } from '../../merchants/idempotency.ts';
import { authenticate } from '../../merchants/keys.ts';
import type { Merchant } from '../../merchants/merchant.ts';
import { allows } from '../../users/policy.ts';
import { parseJson, readBody } from '../body.ts';
import { callerAddress } from '../caller-address.ts';
import { problemBody, problemResponse, unexpected } from '../problem.ts';
import type { RequestEnv } from '../request-id.ts';
import { actionItemRoutes } from './action-items.ts';
import { noteFalseKey, noteWrongKey } from './denied.ts';
import { linkRoutes } from './links.ts';
import { parseQuery } from './parse.ts';
import { paymentRequestRoutes } from './payment-requests.ts';
import { paymentRoutes } from './payments.ts';
import type { ApiRoute, Call } from './route.ts';
import { savedCardRoutes } from './saved-cards.ts';
import { NoQuery } from './schemas.ts';
import { sessionRoutes } from './sessions.ts';
import { testRoutes } from './testing.ts';
import { tokenRoutes } from './tokens.ts';
import { webhookRoutes } from './webhooks.ts';

/** Every route of the merchant API, in the order of the document. */
export const API_ROUTES: readonly ApiRoute[] = [
  ...sessionRoutes,
  ...paymentRoutes,
  ...actionItemRoutes,
  ...tokenRoutes,
  ...savedCardRoutes,
  ...paymentRequestRoutes,
  ...linkRoutes,
  ...webhookRoutes,
  ...testRoutes,
];

/**
 * The merchant API: key → idempotency record → parse → verb → present. A thrown `Problem` becomes one JSON shape.
 * Needs `requestId` before it.
 */
export function apiRoutes(deps: Deps): Hono<RequestEnv> {
  const app = new Hono<RequestEnv>();
  for (const route of API_ROUTES) {
    app.on(route.method.toUpperCase(), toHonoPath(route.path), async (c) => {
      try {
        return await answer(deps, route, c);
      } catch (error) {
        return problemResponse(deps, error, c.var.requestId, corsHeaders(route.path));
      }
    });
  }
  for (const [path, methods] of methodsByPath()) {
    if (path === TOKENS) app.options(path, () => preflight());
    const allow = methods.includes('GET') ? ['HEAD', ...methods] : methods;
    app.all(toHonoPath(path), (c) => {
      const problem = new Problem('method_not_allowed', `This address takes ${allow.join(', ')}.`);
      return problemResponse(deps, problem, c.var.requestId, {
        Allow: allow.join(', '),
        ...corsHeaders(path),
      });
    });
  }
  app.all('/v1/*', (c) =>
    problemResponse(deps, new Problem('not_found', 'See /docs for every address.'), c.var.requestId),
  );
  return app;
}

type ApiContext = Context<RequestEnv>;

/** Throws only what comes before the request is recorded: 401, 403, 413, 415 and a key that is not usable. */
async function answer(deps: Deps, route: ApiRoute, c: ApiContext): Promise<Response> {
  const address = callerAddress(c, deps.config.trustProxy);
  const merchant = await authorize(deps, route, c.req.header('Authorization'), address);
  const body =
    route.method === 'post' ? await readBody(c, 'application/json', route.bodyBytes) : Buffer.alloc(0);
  const call = (workId: string) => ({
    merchant,
    id: c.req.param('id') ?? '',
    query: c.req.queries(),
    origin: c.req.header('Origin') ?? null,
    workId,
  });
  const { work } = route;
  const key = work === undefined ? null : readKey(c.req.header('Idempotency-Key'));
  if (work === undefined || key === null) {
    const workId = newId(work ?? 'op', merchant.clock.now());
    return toResponse(route, await perform(deps, route, call(workId), body, c.var.requestId));
  }
  const { search } = new URL(c.req.url);
  const request = { key, method: c.req.method, path: c.req.path + search, body, work };
  const claim = await claimKey(deps, merchant, request);
  if (claim.kind === 'replay') return toResponse(route, claim.answer, { 'Idempotent-Replayed': 'true' });
  const made = await perform(deps, route, call(claim.workId), body, c.var.requestId);
  return toResponse(route, await keepAnswer(deps, merchant, key, made));
}

async function authorize(
  deps: Deps,
  route: ApiRoute,
  header: string | undefined,
  address: string | null,
): Promise<Merchant> {
  const token = /^bearer +(\S+)$/i.exec(header ?? '')?.[1];
  if (token === undefined) {
    throw new Problem('unauthorized', 'Send your API key in the header Authorization: Bearer sk_….');
  }
  const known = await authenticate(deps, token, address);
  if (known === null) {
    noteFalseKey(deps, token, address, route);
    throw new Problem('unauthorized', 'This API key does not exist or was revoked.');
  }
  if (known.kind !== route.key) {
    noteWrongKey(deps, known.merchant, 'wrong_kind', route);
    const detail =
      route.key === 'secret'
        ? 'A publishable key only creates tokens. Use a secret key, from your server.'
        : 'Use a publishable key, pk_…: card numbers must not pass through your server.';
    throw new Problem('key_not_allowed', detail);
  }
  if (!allows(known.merchant.acting.actor, route.permission)) {
    noteWrongKey(deps, known.merchant, 'not_permitted', route);
    throw new Problem('key_not_allowed', 'A key cannot do this: log in to the console.');
  }
  if (route.testOnly === true && known.merchant.mode !== 'test') {
    noteWrongKey(deps, known.merchant, 'test_only', route);
    throw new Problem('key_not_allowed', 'This exists in test mode only. Use a key sk_test_….');
  }
  return known.merchant;
}

/** Runs the verb. Whatever happens becomes an answer, so that it can be kept. */
async function perform(
  deps: Deps,
  route: ApiRoute,
  call: Omit<Call, 'body'>,
  body: Uint8Array,
  requestId: string,
): Promise<Answer> {
  try {
    if (route.path.includes('{id}') && !/^[a-z]{2,5}_[0-9a-z]{1,64}$/.test(call.id)) {
      throw new Problem('not_found', 'There is no object with this id.');
    }
    if (route.query === undefined) parseQuery(NoQuery, call.query);
    const result = await route.run(deps, { ...call, body: parseJson(body) });
    return {
      status: result.status,
      headers: result.body === null ? {} : { 'Content-Type': 'application/json' },
      body: result.body === null ? '' : JSON.stringify(result.body),
    };
  } catch (error) {
    const problem = error instanceof Problem ? error : unexpected(deps, error, requestId);
    const details = problemBody(deps.config.publicUrl, problem, requestId);
    return {
      status: details.status,
      headers: { 'Content-Type': 'application/problem+json' },
      body: JSON.stringify(details),
    };
  }
}

function toResponse(
  route: ApiRoute,
  { status, headers, body }: Answer,
  more: Record<string, string> = {},
): Response {
  return new Response(status === 204 ? null : body, {
    status,
    headers: { 'Cache-Control': 'no-store', ...headers, ...corsHeaders(route.path), ...more },
  });
}

const TOKENS = '/v1/tokens';

/** Tokens are made by pages of any origin. There are no cookies, so nothing is lent to them. */
function corsHeaders(path: string): Record<string, string> {
  if (path !== TOKENS) return {};
  return { 'Access-Control-Allow-Origin': '*', 'Access-Control-Expose-Headers': 'Request-Id' };
}

function preflight(): Response {
  return new Response(null, {
    status: 204,
    headers: {
      ...corsHeaders(TOKENS),
      'Access-Control-Allow-Methods': 'POST',
      'Access-Control-Allow-Headers': 'Authorization, Content-Type',
      'Access-Control-Max-Age': '7200',
    },
  });
}

function methodsByPath(): Map<string, string[]> {
  const paths = new Map<string, string[]>();
  for (const { path, method } of API_ROUTES) {
    paths.set(path, [...(paths.get(path) ?? []), method.toUpperCase()]);
  }
  return paths;
}

function toHonoPath(path: string): string {
  return path.replace(/\{(\w+)\}/g, ':$1');
}
