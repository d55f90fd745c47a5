import { Hono } from 'hono';
import type { Deps } from './deps.ts';
import { Problem } from './lib/problem.ts';
import { apiRoutes } from './web/api/routes.ts';
import { threeDsRoutes } from './web/callbacks/three-ds.ts';
import { voucherRoutes } from './web/callbacks/vouchers.ts';
import { consoleRoutes } from './web/console/routes.ts';
import { inboxRoutes } from './web/demo/inbox.ts';
import { docsRoutes } from './web/docs/routes.ts';
import { entryRoutes } from './web/entry/routes.ts';
import { fieldsRoutes } from './web/fields/routes.ts';
import { tokenScriptRoutes } from './web/fields/script.ts';
import { healthRoutes, metricsRoute } from './web/health.ts';
import { reportRoutes } from './web/integrity/report-routes.ts';
import { linkRoutes } from './web/links/routes.ts';
import { type Metrics, openMetrics } from './web/metrics.ts';
import { notFound } from './web/pay/messages.ts';
import { payRoutes } from './web/pay/routes.ts';
import { problemResponse } from './web/problem.ts';
import { receiptRoutes } from './web/receipts/routes.ts';
import { type RequestEnv, requestId } from './web/request-id.ts';
import { requestRoutes } from './web/requests/routes.ts';
import { shopRoutes } from './web/shop/routes.ts';
import { staticRoutes } from './web/static.ts';

/** Mounts the surfaces. Each brings its own security profile: what is right for one would break another. */
export function createApp(deps: Deps, metrics: Metrics = openMetrics()): Hono<RequestEnv> {
  const app = new Hono<RequestEnv>();
  app.use(requestId(deps));
  app.use(async (c, next) => {
    const end = metrics.requests.startTimer({ surface: surfaceOf(c.req.path), method: c.req.method });
    await next();
    end({ status: `${Math.floor(c.res.status / 100)}xx` });
  });
  // PostgreSQL keeps no NUL: an address with one leads nowhere.
  app.use((c, next) => (c.req.url.includes('%00') ? Promise.resolve(c.notFound()) : next()));
  app.route('/', healthRoutes(deps));
  if (!deps.config.production) app.route('/', metricsRoute(metrics));
  app.route('/', apiRoutes(deps));
  app.route('/', entryRoutes(deps));
  app.route('/', threeDsRoutes(deps));
  app.route('/', voucherRoutes(deps));
  app.route('/', docsRoutes(deps));
  app.route('/', staticRoutes());
  app.route('/', tokenScriptRoutes());
  app.route('/', fieldsRoutes(deps));
  app.route('/', reportRoutes(deps));
  app.route('/', payRoutes(deps));
  app.route('/', receiptRoutes(deps));
  app.route('/', linkRoutes(deps));
  app.route('/', shopRoutes(deps));
  app.route('/', requestRoutes(deps));
  app.route('/', consoleRoutes(deps));
  if (!deps.config.production) {
    app.route('/', inboxRoutes(deps.config));
    app.get('/demo', (c) => c.redirect(`http://127.0.0.1:${deps.config.ports.shop}/`, 303));
  }
  app.get('/', (c) => c.redirect(deps.config.production ? '/docs' : '/demo', 303));
  app.notFound((c) =>
    c.req.header('Accept')?.includes('text/html')
      ? notFound(c, deps)
      : problemResponse(deps, new Problem('not_found', 'There is nothing here.'), c.get('requestId')),
  );
  app.onError((error, c) => problemResponse(deps, error, c.get('requestId')));
  return app;
}

const SURFACES = 'v1 p pay r l console receipts 3ds vouchers static js fields docs'.split(' ');

function surfaceOf(path: string): string {
  const first = path.split('/')[1] ?? '';
  return SURFACES.includes(first) ? first : 'other';
}
