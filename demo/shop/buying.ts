import { type Context, Hono } from 'hono';
import { type Cart, changeCart, readCart, writeCart } from './catalogue.ts';
import { signEntry } from './entry.ts';
import { newOrder, type Options, OptionsShape, type Order, visitOf } from './orders.ts';
import { entryPage } from './pages/entry.ts';
import { homePage } from './pages/home.ts';
import { missingPage, unavailablePage } from './pages/messages.ts';
import { CreatedSessionShape, ProblemShape, post, sessionBody } from './payresort.ts';
import { languageOf, page } from './respond.ts';
import { orderPath, type Shop } from './shop.ts';
import { isLanguage, type Notice, noticeOf } from './texts.ts';

/** From the shelf to the payment page. The cart is in the address: no cookie, no script. */
export function buyingRoutes(shop: Shop): Hono {
  const routes = new Hono();
  routes.get('/', (c) => showHome(c, shop));
  routes.post('/checkout', (c) => checkout(c, shop));
  routes.get('/orders/:key/entry', (c) => showEntry(c, shop));
  routes.post('/orders/:key/pay', (c) => {
    const order = shop.book.byKey(c.req.param('key'));
    return order === null ? page(c, shop, missingPage(languageOf(c)), 404) : goToPay(c, shop, order);
  });
  return routes;
}

function showHome(c: Context, shop: Shop): Response | Promise<Response> {
  const query = c.req.query();
  const language = languageOf(c);
  const cart = readCart(query.cart ?? '');
  const options = readOptions(shop, query);
  const changed =
    query.add !== undefined
      ? changeCart(cart, query.add, 1)
      : query.less !== undefined
        ? changeCart(cart, query.less, -1)
        : null;
  if (changed === null) return page(c, shop, homePage({ language, cart, options, shop }));
  // An address that says what is in the cart, not what was done to it: a reload adds nothing.
  return c.redirect(`${homePath(changed, options, language)}#cart`, 303);
}

function homePath(cart: Cart, options: Options, lang: string): string {
  return `/?${new URLSearchParams({ lang, cart: writeCart(cart), ...options })}`;
}

/** The way is the shop's, where it has but one. */
function readOptions({ pattern }: Shop, fields: Record<string, string>): Options {
  const options = OptionsShape.parse(fields);
  if (pattern === 'token') return { ...options, way: 'token' };
  return { ...options, way: options.way === 'token' ? 'api' : options.way };
}

async function checkout(c: Context, shop: Shop): Promise<Response> {
  const fields = Object.fromEntries(new URLSearchParams(await c.req.text()));
  const language = isLanguage(fields.lang) ? fields.lang : languageOf(c);
  const bought = fields.buy ?? 'cart';
  const cart = bought === 'cart' ? readCart(fields.cart ?? '') : changeCart(new Map(), bought, 1);
  const options = readOptions(shop, fields);
  if (cart.size === 0) return c.redirect(homePath(cart, options, language), 303);
  if (shop.account() === null) return page(c, shop, unavailablePage(language), 503);
  const order = newOrder(cart, options, language, shop.now());
  shop.book.keep(order);
  return goToPay(c, shop, order);
}

async function goToPay(c: Context, shop: Shop, order: Order): Promise<Response> {
  if (order.options.way === 'entry') return c.redirect(`${orderPath(order)}/entry`, 303);
  if (order.options.way === 'token') return c.redirect(`${orderPath(order)}/card`, 303);
  const opened = await openSession(shop, order);
  const location = 'url' in opened ? opened.url : `${orderPath(order)}?notice=${opened.notice}`;
  return c.redirect(location, 303);
}

async function openSession(shop: Shop, order: Order): Promise<{ url: string } | { notice: Notice }> {
  const account = shop.account();
  if (account === null) return { notice: 'unreachable' };
  // The order's id the first time; the same again until there was an answer, then another.
  const key = order.answered === 0 ? order.id : `${order.id}-${order.answered}`;
  const answer = await post(account.credentials, '/v1/sessions', sessionBody(order, shop.url), key);
  if (answer.kind === 'unreachable') return { notice: 'unreachable' };
  order.answered += 1;
  const session = CreatedSessionShape.safeParse(answer.body);
  if (answer.status === 201 && session.success) visitOf(order, session.data.id);
  shop.book.keep(order);
  if (answer.status === 201 && session.success) return { url: session.data.url };
  return { notice: noticeOf(ProblemShape.safeParse(answer.body).data?.code) };
}

/** The form is signed when it is shown; its id stays for as long as nothing came back, so that it opens one session. */
function showEntry(c: Context, shop: Shop): Response | Promise<Response> {
  const order = shop.book.byKey(c.req.param('key') ?? '');
  const account = shop.account();
  if (order === null) return page(c, shop, missingPage(languageOf(c)), 404);
  if (account === null) return page(c, shop, unavailablePage(order.language), 503);
  const id = `${order.id}-${order.visits.length}`;
  const form = signEntry(account.credentials, id, sessionBody(order, shop.url), shop.now());
  return page(c, shop, entryPage(order, form, languageOf(c, order.language)));
}
