import { type Context, Hono } from 'hono';
import type { Deps } from '../../deps.ts';
import { LINK_TEXTS } from '../../i18n/link/link-texts.ts';
import type { Message } from '../../i18n/texts.ts';
import { newId } from '../../lib/ids.ts';
import { findLink } from '../../links/links.ts';
import { orderThroughLink } from '../../links/order.ts';
import { type OrderFaults, readOrder } from '../../links/read-order.ts';
import { readForm } from '../body.ts';
import { callerAddress } from '../caller-address.ts';
import { limitPerMinute } from '../limit.ts';
import { failed, placeOf, refused, showMessage } from '../pay/messages.ts';
import { respond, seeOther } from '../pay/respond.ts';
import type { RequestEnv } from '../request-id.ts';
import { isSameOrigin } from '../same-origin.ts';
import { composeOrder, localeOf } from './page.ts';
import { linkQr } from './qr.ts';

/** Orders a minute, of one address and of all: a script cannot hold back a shop's stock. */
const LIMITS = { perAddress: 10, ofAll: 3_000 };
const VISIT = /^cs_[0-9a-z]{39}$/;

/**
 * `/l/{slug}`: the page of a payment link. GET changes nothing, whoever fetches it; POST makes a session and leads to its
 * page. `/qr.svg` and `/qr.png` are its address as a picture.
 */
export function linkRoutes(deps: Deps): Hono<RequestEnv> {
  const routes = new Hono<RequestEnv>();
  const admits = limitPerMinute(deps, LIMITS);

  routes.get('/l/:slug', async (c) => {
    const found = await findLink(deps, c.req.param('slug'));
    return found === null ? notFound(c, deps) : show(c, deps, found, new URLSearchParams(), {}, false);
  });

  routes.get('/l/:slug/:picture{qr\\.(?:svg|png)}', async (c) => {
    const found = await findLink(deps, c.req.param('slug'));
    if (found === null) return notFound(c, deps);
    const kind = c.req.param('picture') === 'qr.png' ? 'png' : 'svg';
    return linkQr(`${deps.config.publicUrl}/l/${found.link.slug}`, kind);
  });

  routes.post('/l/:slug', async (c) => {
    const headers = { secFetchSite: c.req.header('Sec-Fetch-Site'), origin: c.req.header('Origin') };
    if (!isSameOrigin(headers, deps.config.publicUrl)) return refused(c, deps, 403);
    if (!admits(callerAddress(c, deps.config.trustProxy) ?? '')) return say(c, deps, 'tooMany', 429);
    const form = await readForm(c);
    const found = await findLink(deps, c.req.param('slug'));
    return found === null ? notFound(c, deps) : order(c, deps, found, form);
  });

  routes.all('/l/*', (c) => notFound(c, deps));
  routes.onError((error, c) => failed(c, deps, error, false));
  return routes;
}

type Found = NonNullable<Awaited<ReturnType<typeof findLink>>>;

async function order(c: Context, deps: Deps, found: Found, form: URLSearchParams): Promise<Response> {
  const { link, merchant } = found;
  const { order, faults } = readOrder(link.settings, form);
  if (Object.keys(faults).length > 0) return show(c, deps, found, form, faults, false);
  const typedId = form.get('visit') ?? '';
  const visitId = VISIT.test(typedId) ? typedId : newId('cs', merchant.clock.now());
  const ordered = await orderThroughLink(deps, merchant, link, { order, visitId });
  if ('session' in ordered) {
    const { language, chosen } = placeOf(c, localeOf(link));
    return seeOther(`/p/${ordered.session.token}${chosen ? `?lang=${language}` : ''}`);
  }
  if (ordered.refused === 'amount') return say(c, deps, 'amount', 422);
  const fresh = (await findLink(deps, link.slug)) ?? found;
  return show(c, deps, fresh, form, {}, true);
}

function show(
  c: Context,
  deps: Deps,
  { link, merchant }: Found,
  typed: URLSearchParams,
  faults: OrderFaults,
  soldOut: boolean,
): Promise<Response> {
  const typedId = typed.get('visit') ?? '';
  const visitId = VISIT.test(typedId) ? typedId : newId('cs', merchant.clock.now());
  const place = placeOf(c, localeOf(link));
  const stand = { link, merchant, place, config: deps.config, visitId, typed, faults, soldOut };
  return respond(c, deps, composeOrder(stand));
}

function notFound(c: Context, deps: Deps): Promise<Response> {
  return showMessage(c, deps, (t) => LINK_TEXTS[t.lang].notFound, { status: 404 });
}

function say(c: Context, deps: Deps, what: 'tooMany' | 'amount', status: number): Promise<Response> {
  const choose = (texts: (typeof LINK_TEXTS)['ja']): Message =>
    what === 'tooMany' ? texts.tooMany : texts.states.amount;
  return showMessage(c, deps, (t) => choose(LINK_TEXTS[t.lang]), { status, link: true });
}
