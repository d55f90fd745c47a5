import { type Context, Hono } from 'hono';
import type { Deps } from '../../deps.ts';
import { REQUEST_TEXTS } from '../../i18n/request/request-texts.ts';
import { Problem } from '../../lib/problem.ts';
import { openRequest } from '../../requests/open.ts';
import { findRequest } from '../../requests/queries.ts';
import { standOf } from '../../requests/stand.ts';
import { readForm } from '../body.ts';
import { callerAddress } from '../caller-address.ts';
import { limitPerMinute } from '../limit.ts';
import { failed, notFound, pathOf, placeOf, refused, showMessage } from '../pay/messages.ts';
import { respond, seeOther } from '../pay/respond.ts';
import type { RequestEnv } from '../request-id.ts';
import { isSameOrigin } from '../same-origin.ts';
import { judge } from './genuine.ts';
import { composeCheck, composeLanding, type Verdict } from './page.ts';

/** Who guesses addresses gets nowhere anyway: this keeps the database quiet. */
const CHECKS = { perAddress: 30, ofAll: 3_000 };

/**
 * `/r/{token}`, where the link of an e-mailed request leads. GET changes nothing, since the scanners of mail programs
 * fetch it; POST goes on to the page of the order's session. `/r/check` tells whether a link is genuine.
 */
export function requestRoutes(deps: Deps): Hono<RequestEnv> {
  const routes = new Hono<RequestEnv>();
  const mayCheck = limitPerMinute(deps, CHECKS);

  const check = async (c: Context, pasted: string | null) => {
    const verdict = pasted === null ? null : await verdictOn(c, pasted);
    return respond(c, deps, composeCheck(placeOf(c, null), verdict, deps.config));
  };
  const verdictOn = async (c: Context, pasted: string): Promise<Verdict> => {
    const address = callerAddress(c, deps.config.trustProxy) ?? '';
    return mayCheck(address) ? judge(deps, pasted) : { kind: 'tooMany' };
  };

  routes.get('/r/check', (c) => check(c, c.req.query('link') ?? null));
  routes.post('/r/check', async (c) => check(c, (await readForm(c)).get('link') ?? ''));

  routes.get('/r/:token', async (c) => {
    const found = await findRequest(deps, c.req.param('token'));
    if (found === null) return notFound(c, deps);
    const { merchant, request } = found;
    const stand = await standOf(deps, merchant, request);
    const place = placeOf(c, { locale: request.language });
    return respond(c, deps, composeLanding(place, merchant, request, stand, deps.config));
  });

  routes.post('/r/:token', async (c) => {
    const headers = { secFetchSite: c.req.header('Sec-Fetch-Site'), origin: c.req.header('Origin') };
    if (!isSameOrigin(headers, deps.config.publicUrl)) return refused(c, deps, 403);
    await readForm(c);
    const found = await findRequest(deps, c.req.param('token'));
    if (found === null) return notFound(c, deps);
    const { chosen, language } = placeOf(c, { locale: found.request.language });
    const query = chosen ? `?lang=${language}` : '';
    try {
      const token = await openRequest(deps, found.merchant, found.request);
      return seeOther(token === null ? `${pathOf(c)}${query}` : `/p/${token}${query}`);
    } catch (error) {
      return paidOtherwise(c, deps, error);
    }
  });

  routes.all('/r/*', (c) => notFound(c, deps));
  routes.onError((error, c) => failed(c, deps, error));
  return routes;
}

/** The order is paid, or being paid, by another way than this request. */
function paidOtherwise(c: Context<RequestEnv>, deps: Deps, error: unknown): Promise<Response> {
  const code = error instanceof Problem ? error.code : null;
  if (code !== 'order_already_paid' && code !== 'order_in_progress') throw error;
  const words = code === 'order_already_paid' ? 'alreadyPaid' : 'beingPaid';
  return showMessage(c, deps, (t) => REQUEST_TEXTS[t.lang][words], { status: 409 });
}
