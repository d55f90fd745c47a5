import { type Context, Hono } from 'hono';
import { createShop } from '../shop/app.ts';
import type { Credentials } from '../shop/credentials.ts';
import { type Order, visitOf } from '../shop/orders.ts';
import { missingPage, unavailablePage } from '../shop/pages/messages.ts';
import {
  CreatedPaymentShape,
  CreatedSessionShape,
  get,
  ProblemShape,
  post,
  sessionBody,
} from '../shop/payresort.ts';
import { chosenCard } from '../shop/plans.ts';
import { languageOf, page } from '../shop/respond.ts';
import { orderPath, type Shop } from '../shop/shop.ts';
import { type Notice, noticeOf } from '../shop/texts.ts';
import { checkoutPage } from './page.ts';
import { SCRIPT, SCRIPT_HREF } from './script.ts';

/** Our own log: what customers' browsers sent us, as it came. */
export type Tell = (line: Record<string, string>) => void;

/**
 * The same shop in the token pattern: the card is typed on our page, into fields that are PayResort+'s, and our server
 * pays with the token that came out. What comes back, and all the rest, is as in the other shop.
 */
export function createTokenShop(shop: Shop, tell: Tell): Hono {
  const routes = new Hono();
  routes.get(SCRIPT_HREF, (c) => c.body(SCRIPT, 200, SCRIPT_HEADERS));
  routes.get('/orders/:key/card', (c) => showCheckout(c, shop));
  routes.post('/orders/:key/token', (c) => takeToken(c, shop, tell));
  return createShop(shop, routes);
}

const SCRIPT_HEADERS = {
  'Content-Type': 'text/javascript; charset=utf-8',
  'Cache-Control': 'public, max-age=31536000, immutable',
};

/** What the fields need besides what every page of ours has: their script and their frame, and nothing inline. */
function policyFor(service: string): string[] {
  const { origin } = new URL(service);
  return [
    `script-src 'self' ${origin}`,
    `frame-src ${origin}`,
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ];
}

function showCheckout(c: Context, shop: Shop): Response | Promise<Response> {
  const order = shop.book.byKey(c.req.param('key') ?? '');
  const account = shop.account();
  if (order === null) return page(c, shop, missingPage(languageOf(c)), 404);
  if (account === null) return page(c, shop, unavailablePage(order.language), 503);
  const { base_url: service, publishable_key: publishableKey } = account.credentials;
  const notice = (['retype', 'plan'] as const).find((each) => each === c.req.query('notice')) ?? null;
  const language = languageOf(c, order.language);
  const view = { order, language, notice, service, publishableKey, sister: shop.sister };
  return page(c, shop, checkoutPage(view), 200, policyFor(service));
}

/** The form of the checkout: pays, and sends the customer on to 3-D Secure. */
async function takeToken(c: Context, shop: Shop, tell: Tell): Promise<Response> {
  const received = await c.req.text();
  tell({ request: `POST ${c.req.path}`, body: received });
  const order = shop.book.byKey(c.req.param('key') ?? '');
  const account = shop.account();
  if (order === null) return page(c, shop, missingPage(languageOf(c)), 404);
  if (account === null) return page(c, shop, unavailablePage(order.language), 503);
  const form = new URLSearchParams(received);
  const token = form.get('token') ?? '';
  order.received = received.slice(0, 200);
  shop.book.keep(order);
  const paid = await pay(shop, account.credentials, order, token, form.get('plan') ?? '');
  if ('location' in paid) return c.redirect(paid.location, 303);
  const back =
    paid.notice === 'retype' || paid.notice === 'plan' ? `${orderPath(order)}/card` : orderPath(order);
  return c.redirect(`${back}?notice=${paid.notice}`, 303);
}

type Paid = { location: string } | { notice: Notice };

/** One key a token: a request whose answer was lost is not carried out twice, and another card is another request. */
async function pay(
  shop: Shop,
  credentials: Credentials,
  order: Order,
  token: string,
  plan: string,
): Promise<Paid> {
  const body = { ...sessionBody(order, shop.url), token, card: chosenCard(plan) };
  const answer = await post(credentials, '/v1/payments', body, `${order.id}-${token.slice(0, 100)}`);
  if (answer.kind === 'unreachable') return { notice: 'unreachable' };
  const made = CreatedPaymentShape.safeParse(answer.body);
  if (answer.status === 201 && made.success) {
    visitOf(order, made.data.session_id);
    shop.book.keep(order);
    return { location: made.data.redirect_url };
  }
  const problem = ProblemShape.safeParse(answer.body).data;
  const going = problem?.code === 'order_in_progress' ? await pageOf(credentials, problem.session_id) : null;
  if (going !== null) return { location: going };
  return { notice: plan !== '' && problem?.code === 'validation_failed' ? 'plan' : noticeOf(problem?.code) };
}

/** The customer came back to us in the middle of it: on to where it goes on. */
async function pageOf(credentials: Credentials, sessionId: string | undefined): Promise<string | null> {
  if (sessionId === undefined) return null;
  const answer = await get(credentials, `/v1/sessions/${sessionId}`);
  if (answer.kind === 'unreachable' || answer.status !== 200) return null;
  return CreatedSessionShape.safeParse(answer.body).data?.url ?? null;
}
