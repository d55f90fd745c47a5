import type { Hono } from 'hono';
import type { Deps } from '../deps.ts';
import { healthRoutes, metricsRoute } from '../web/health.ts';
import type { Metrics } from '../web/metrics.ts';

/** What the private listener of production serves: `/metrics`, and how a worker, which has no other, is. */
export function metricsApp(deps: Deps, metrics: Metrics): Hono {
  return healthRoutes(deps).route('/', metricsRoute(metrics));
}
