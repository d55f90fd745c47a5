import { setTimeout as sleep } from 'node:timers/promises';
import { type Context, Hono } from 'hono';
import { currentVisit, type Order } from './orders.ts';
import { missingPage } from './pages/messages.ts';
import { orderPage } from './pages/order.ts';
import { type Answer, post } from './payresort.ts';
import { languageOf, page } from './respond.ts';
import { orderPath, type Shop } from './shop.ts';
import { NOTICES, type Notice } from './texts.ts';

const OPERATIONS = { capture: 'capture', cancel: 'cancel', refund: 'refunds' } as const;

/** The order's page, and what the shopkeeper does with its payment. */
export function keepingRoutes(shop: Shop): Hono {
  const routes = new Hono();
  routes.get('/orders/:key', (c) => {
    const order = shop.book.byKey(c.req.param('key'));
    if (order === null) return page(c, shop, missingPage(languageOf(c)), 404);
    const notice = readNotice(c.req.query('notice'));
    return page(c, shop, orderPage({ order, language: languageOf(c, order.language), notice }));
  });
  for (const [name, path] of Object.entries(OPERATIONS)) {
    routes.post(`/orders/:key/${name}`, (c) => operate(c, shop, path));
  }
  return routes;
}

function readNotice(text: string | undefined): Notice | null {
  return Object.keys(NOTICES).find((notice): notice is Notice => notice === text) ?? null;
}

async function operate(c: Context, shop: Shop, operation: string): Promise<Response> {
  const order = shop.book.byKey(c.req.param('key') ?? '');
  if (order === null) return page(c, shop, missingPage(languageOf(c)), 404);
  const amount = new URLSearchParams(await c.req.text()).get('amount')?.trim() ?? '';
  const notice = await carryOut(shop, order, operation, amount);
  return c.redirect(`${orderPath(order)}?notice=${notice}`, 303);
}

async function carryOut(shop: Shop, order: Order, operation: string, amount: string): Promise<Notice> {
  const account = shop.account();
  const visit = currentVisit(order);
  if (account === null) return 'unreachable';
  if (!visit?.payment || !/^([1-9]\d{0,7})?$/.test(amount)) return 'refused';
  const before = visit.sequence;
  const body = amount === '' ? {} : { amount: Number(amount) };
  const key = `${order.id}-${operation}-${order.answered}`;
  const answer = await post(account.credentials, `/v1/payments/${visit.payment.id}/${operation}`, body, key);
  if (answer.kind === 'unreachable') return 'unreachable';
  order.answered += 1;
  shop.book.keep(order);
  const notice = noticeOf(answer);
  if (notice === 'done') await untilTold(order, before);
  return notice;
}

function noticeOf({ status }: Answer & { kind: 'answer' }): Notice {
  if (status === 202) return 'pending';
  if (status === 402) return 'declined';
  if (status >= 500) return 'unreachable';
  return status < 300 ? 'done' : 'refused';
}

/** What an order is follows the events alone, which come in a moment: the page waits for one, but not for long. */
async function untilTold(order: Order, before: number): Promise<void> {
  for (let waitedMs = 0; waitedMs < 2_000; waitedMs += 50) {
    if ((currentVisit(order)?.sequence ?? 0) > before) return;
    await sleep(50);
  }
}
