import type { Context } from 'hono';
import type { Html } from './pages/layout.ts';
import type { Shop } from './shop.ts';
import { isLanguage, type Language } from './texts.ts';

/** Answers with a page of ours, under a policy that allows what our pages need, and `more`. */
export function page(
  c: Context,
  shop: Shop,
  content: Html,
  status: 200 | 400 | 404 | 503 = 200,
  more: string[] = [],
): Response | Promise<Response> {
  const payment = shop.account()?.credentials.base_url;
  const policy = [
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self'",
    // A form that leads to a redirect must be allowed to go all the way to the payment page.
    `form-action 'self'${payment === undefined ? '' : ` ${new URL(payment).origin}`}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
    ...more,
  ];
  c.header('Content-Security-Policy', policy.join('; '));
  c.header('Cache-Control', 'no-store');
  return c.html(content, status);
}

/** From `?lang=`, or what the browser prefers. */
export function languageOf(c: Context, otherwise?: Language): Language {
  const asked = c.req.query('lang');
  if (isLanguage(asked)) return asked;
  if (otherwise !== undefined) return otherwise;
  return /^\s*en\b/i.test(c.req.header('Accept-Language') ?? '') ? 'en' : 'ja';
}
