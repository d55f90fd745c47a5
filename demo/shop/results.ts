import { type Context, Hono } from 'hono';
import { takeIn } from './orders.ts';
import { refusedPage, unavailablePage } from './pages/messages.ts';
import { KeysUnavailable } from './published-keys.ts';
import { languageOf, page } from './respond.ts';
import { orderPath, type Shop } from './shop.ts';
import { checkOrder, type Refusal, type Verdict, verifyResult } from './verify.ts';

/**
 * Where results arrive: `/return`, brought by the shopper's browser, and `/webhooks`, sent by the service. The same
 * check and the same handler for both. A cross-site POST brings no cookie, and none is asked for.
 */
export function resultRoutes(shop: Shop): Hono {
  const routes = new Hono();
  routes.get('/return', (c) => takeReturn(c, shop, new URL(c.req.url).searchParams));
  routes.post('/return', async (c) => takeReturn(c, shop, new URLSearchParams(await c.req.text())));
  routes.post('/webhooks', (c) => takeNotification(c, shop));
  return routes;
}

/** Verify, then 303 to a page of our own: what was posted is gone from the history, and a reload is harmless. */
async function takeReturn(c: Context, shop: Shop, given: URLSearchParams): Promise<Response> {
  const verdict = await judge(shop, Object.fromEntries(given));
  if (verdict === null) return page(c, shop, unavailablePage(languageOf(c)), 503);
  if (!verdict.ok) return refused(c, shop, verdict.refusal);
  const order = shop.book.byId(verdict.event.data.session?.order_id ?? '');
  const fault = checkOrder(verdict.event, order);
  if (order === null || fault !== null) return refused(c, shop, fault ?? 'unknown_order');
  takeIn(order, verdict, 'return', shop.now());
  shop.book.keep(order);
  return c.redirect(orderPath(order), 303);
}

/** 2xx acknowledges; a refusal is 400; what cannot be checked now is 503, so that it comes again. */
async function takeNotification(c: Context, shop: Shop): Promise<Response> {
  const verdict = await judge(shop, {
    id: c.req.header('webhook-id'),
    timestamp: c.req.header('webhook-timestamp'),
    signature: c.req.header('webhook-signature'),
    payload: await c.req.text(),
  });
  if (verdict === null) return c.json({ error: 'try_again' }, 503);
  if (!verdict.ok) return c.json({ error: verdict.refusal }, 400);
  const { session } = verdict.event.data;
  if (session === null) return c.json({ taken: 'ping' });
  const order = shop.book.byId(session.order_id);
  // Someone else of our company may sell by the same account: that is no reason to have it sent for three days.
  if (order === null) return c.json({ taken: 'not_ours' });
  const fault = checkOrder(verdict.event, order);
  if (fault !== null) return c.json({ error: fault }, 400);
  takeIn(order, verdict, 'notification', shop.now());
  shop.book.keep(order);
  return c.json({ taken: 'order' });
}

/** null when it cannot be judged yet: no credentials, or the published keys are out of reach. */
async function judge(shop: Shop, fields: unknown): Promise<Verdict | null> {
  const account = shop.account();
  if (account === null) return null;
  try {
    return await verifyResult(fields, account.trust);
  } catch (error) {
    if (error instanceof KeysUnavailable) return null;
    throw error;
  }
}

function refused(c: Context, shop: Shop, refusal: Refusal): Response | Promise<Response> {
  return page(c, shop, refusedPage(refusal, languageOf(c)), 400);
}
