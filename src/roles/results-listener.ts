import { Hono } from 'hono';
import { Counter } from 'prom-client';
import { MODES, type Mode } from '../config.ts';
import type { Deps } from '../deps.ts';
import { BRANDS } from '../lib/card.ts';
import { describeError } from '../lib/log.ts';
import { openIdentity } from '../lib/tls.ts';
import { resultsRoutes } from '../web/callbacks/results.ts';
import type { Metrics } from '../web/metrics.ts';
import type { Closers } from './closers.ts';
import { listen } from './listen.ts';

/**
 * Opens the listeners on which Directory Servers deliver results: one a mode that has one, nothing on it but
 * `POST /3ds/results`, and nobody gets that far without a certificate of theirs.
 */
export async function openResultsListeners(deps: Deps, metrics: Metrics, closers: Closers): Promise<void> {
  const refused = new Counter({
    name: 'payresort_results_refused_total',
    help: 'Connections to the listeners for results that were refused in the TLS handshake',
    labelNames: ['mode'] as const,
    registers: [metrics.registry],
  });
  for (const mode of MODES) {
    const results = deps.config.networks[mode]?.results ?? null;
    if (results === null) continue;
    refused.inc({ mode }, 0);
    const onFault = (error: unknown) =>
      deps.log.error(
        { ...describeError(error), alert: 'certificate_unusable', mode },
        'the one before stays in use',
      );
    const hosts = new Map(BRANDS.map((brand) => [new URL(results.urls[brand]).hostname, results.tls[brand]]));
    const identities = [...hosts].map(([host, files]) => ({ host, current: openIdentity(files, onFault) }));
    const onRefused = (error: Error) => {
      refused.inc({ mode });
      deps.log.info({ mode, code: describeError(error).code }, 'a connection for results was refused');
    };
    const app = resultsApp(deps, metrics, mode);
    const listener = await listen(app.fetch, deps.config.host, results.port, { identities, onRefused });
    closers.add(listener.close);
    deps.log.info({ mode, port: listener.port, hosts: [...hosts.keys()] }, 'listens for results');
  }
}

/** Everything else is 404, without a word. */
export function resultsApp(deps: Deps, metrics: Metrics, mode: Mode): Hono {
  const app = new Hono();
  app.use(async (c, next) => {
    const end = metrics.requests.startTimer({ surface: 'results', method: c.req.method });
    await next();
    end({ status: `${Math.floor(c.res.status / 100)}xx` });
  });
  app.route('/', resultsRoutes(deps, mode));
  app.notFound((c) => c.body(null, 404));
  app.onError((error, c) => {
    deps.log.error({ ...describeError(error), mode }, 'a result could not be taken');
    return c.body(null, 500);
  });
  return app;
}
