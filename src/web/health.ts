import { Hono } from 'hono';
import type { Deps } from '../deps.ts';
import type { Metrics } from './metrics.ts';

/** `/healthz`: the process answers. `/readyz`: everything it runs is up and the database answers. */
export function healthRoutes(deps: Deps): Hono {
  const routes = new Hono();
  routes.get('/healthz', (c) => c.json({ status: 'ok' }));
  routes.get('/readyz', async (c) => {
    if (!deps.readiness.ready) return c.json({ status: 'starting or stopping' }, 503);
    const reached = await deps.raw`select 1`.then(
      () => true,
      () => false,
    );
    return reached ? c.json({ status: 'ready' }) : c.json({ status: 'database not reached' }, 503);
  });
  return routes;
}

/** `/metrics`, in production on a private listener only. */
export function metricsRoute({ registry }: Metrics): Hono {
  const routes = new Hono();
  routes.get('/metrics', async (c) =>
    c.text(await registry.metrics(), 200, { 'Content-Type': registry.contentType }),
  );
  return routes;
}
