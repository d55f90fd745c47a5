import { Hono } from 'hono';
import type { Metrics } from '../web/metrics.ts';

/** What the private listener of production serves: `/metrics` and nothing else. */
export function metricsApp({ registry }: Metrics): Hono {
  const app = new Hono();
  app.get('/metrics', async (c) =>
    c.text(await registry.metrics(), 200, { 'Content-Type': registry.contentType }),
  );
  return app;
}
