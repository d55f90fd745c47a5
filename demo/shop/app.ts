import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { buyingRoutes } from './buying.ts';
import { keepingRoutes } from './keeping.ts';
import { missingPage } from './pages/messages.ts';
import { languageOf, page } from './respond.ts';
import { resultRoutes } from './results.ts';
import type { Shop } from './shop.ts';
import { MARK_SVG, STYLE, STYLE_HREF } from './style.ts';

const FOR_EVER = 'public, max-age=31536000, immutable';

/** The whole shop; `more`: what one that is connected in another way has besides. */
export function createShop(shop: Shop, more: Hono = new Hono()): Hono {
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    c.header('X-Content-Type-Options', 'nosniff');
    c.header('Referrer-Policy', 'strict-origin-when-cross-origin');
    c.header('Permissions-Policy', 'camera=(), microphone=(), geolocation=(), payment=()');
  });
  app.use(bodyLimit({ maxSize: 64 * 1024 }));
  app.use('/checkout', ownFormsOnly(shop));
  app.use('/orders/*', ownFormsOnly(shop));
  app.get('/healthz', (c) => c.json({ status: 'ok', ready: shop.account() !== null }));
  app.get(STYLE_HREF, (c) => c.body(STYLE, 200, file('text/css; charset=utf-8')));
  app.get('/mark.svg', (c) => c.body(MARK_SVG, 200, file('image/svg+xml')));
  app.route('/', resultRoutes(shop));
  app.route('/', buyingRoutes(shop));
  app.route('/', keepingRoutes(shop));
  app.route('/', more);
  app.notFound((c) => page(c, shop, missingPage(languageOf(c)), 404));
  return app;
}

function file(type: string): Record<string, string> {
  return { 'Content-Type': type, 'Cache-Control': FOR_EVER };
}

/** Our own forms may not be sent from other sites. Results may, and are checked by their signatures instead. */
function ownFormsOnly(shop: Shop) {
  return async (c: Parameters<typeof languageOf>[0], next: () => Promise<void>) => {
    const site = c.req.header('Sec-Fetch-Site');
    const origin = c.req.header('Origin');
    const ours = site === undefined ? origin === undefined || origin === shop.url : site === 'same-origin';
    if (c.req.method === 'POST' && !ours) return c.text('This form is not ours.', 403);
    await next();
  };
}
