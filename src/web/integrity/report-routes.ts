import { type Context, Hono } from 'hono';
import type { Deps } from '../../deps.ts';
import { keepReport } from '../../integrity/reports.ts';
import { parseJson, readBody } from '../body.ts';
import { callerAddress } from '../caller-address.ts';
import { limitPerMinute } from '../limit.ts';
import type { RequestEnv } from '../request-id.ts';
import { REPORTS_PATH } from '../security.ts';
import { readReports } from './read-report.ts';

/** Bodies of browsers are a few hundred bytes; a bundle of reports has some of them. */
const MOST_BYTES = 16 * 1024;
const TYPES = ['application/reports+json', 'application/csp-report'];
/** A minute, of one address and of all together; what is beyond is not read. */
const PER_ADDRESS = 30;
const OF_ALL = 600;

/**
 * `POST /csp-reports`: where our pages' policies send their breaches. Answers 204 to whatever it could read; a browser
 * does nothing with an answer. The first of a kind on a day is logged, all are counted, for 30 days.
 */
export function reportRoutes(deps: Deps): Hono<RequestEnv> {
  const routes = new Hono<RequestEnv>();
  const admits = limitPerMinute(deps, { perAddress: PER_ADDRESS, ofAll: OF_ALL });
  routes.post(REPORTS_PATH, async (c) => {
    if (!admits(callerAddress(c, deps.config.trustProxy) ?? '')) {
      return c.body(null, 429, { 'Retry-After': '60' });
    }
    if (Number(c.req.header('Content-Length') ?? '0') > MOST_BYTES) return c.body(null, 413);
    for (const report of readReports(await readJson(c), deps.config.publicUrl)) {
      const isNew = await keepReport(deps, report);
      if (isNew) deps.log.warn({ alert: 'page_policy_breached', ...report }, 'a browser reports a breach');
    }
    return c.body(null, 204);
  });
  return routes;
}

async function readJson(c: Context): Promise<unknown> {
  const type = (c.req.header('Content-Type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const body = await readBody(c, TYPES.find((known) => known === type) ?? 'application/csp-report');
  return body.length > MOST_BYTES ? {} : parseJson(body);
}
