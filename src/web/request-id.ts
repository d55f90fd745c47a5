import type { MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import type { Deps } from '../deps.ts';
import { newId } from '../lib/ids.ts';

/** What every surface finds in its context. */
export interface RequestVariables {
  /** `req_…`: what people quote when they ask us about an answer. */
  requestId: string;
}

export interface RequestEnv {
  Variables: RequestVariables;
}

/** Gives every request an id, sends it as `Request-Id` with every answer, and writes the request's one log line. */
export function requestId(deps: Pick<Deps, 'clock' | 'log'>): MiddlewareHandler<RequestEnv> {
  return async (c, next) => {
    const startedAt = deps.clock.now();
    const id = newId('req', startedAt);
    c.set('requestId', id);
    await next();
    c.res.headers.set('Request-Id', id);
    const line = {
      request_id: id,
      method: c.req.method,
      // The pattern, not the path: a path may hold a page's token.
      route: routePath(c),
      status: c.res.status,
      ms: deps.clock.now().getTime() - startedAt.getTime(),
    };
    deps.log.info(line, 'request');
  };
}
