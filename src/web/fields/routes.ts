import { type Context, Hono } from 'hono';
import type { Deps } from '../../deps.ts';
import { chooseLanguage } from '../../i18n/language.ts';
import { authenticate } from '../../merchants/keys.ts';
import type { Merchant } from '../../merchants/merchant.ts';
import { acceptedEncoding, compress } from '../encoding.ts';
import { readCheckToken } from '../integrity/check-token.ts';
import { SAMPLE_MERCHANT } from '../integrity/sample-pages.ts';
import { render } from '../render.ts';
import type { RequestEnv } from '../request-id.ts';
import { pageHeaders } from '../security.ts';
import { ancestorsOf, fieldsPage } from './page.ts';

/**
 * `/fields/card`: the card fields that `/js/token.js` frames in a shop's page. No cookie and no session: the
 * publishable key says whose they are, and only that merchant's pages may frame them. What is typed goes from here to
 * `POST /v1/tokens`; the page around gets a token.
 */
export function fieldsRoutes(deps: Deps): Hono<RequestEnv> {
  const routes = new Hono<RequestEnv>();
  routes.get('/fields/card', async (c) => {
    const key = c.req.query('key') ?? '';
    const merchant = await merchantOfKey(deps, key);
    const acceptLanguage = c.req.header('Accept-Language');
    const language = chooseLanguage({ chosen: c.req.query('lang'), locale: 'auto', acceptLanguage });
    const page = fieldsPage({ key, language, askName: c.req.query('name') !== '0' }, merchant);
    return answer(c, deps, render('fields/card', page), merchant);
  });
  return routes;
}

async function merchantOfKey(deps: Deps, key: string): Promise<Merchant | null> {
  const known = await authenticate(deps, key);
  if (known !== null) return known.kind === 'publishable' ? known.merchant : null;
  const sample = await readCheckToken(deps, key.replace(/^pk_live_/, ''));
  return sample === 'fields' ? SAMPLE_MERCHANT : null;
}

async function answer(c: Context, deps: Deps, html: string, merchant: Merchant | null): Promise<Response> {
  const encoding = acceptedEncoding(c.req.header('Accept-Encoding'));
  const body = encoding === null ? html : await compress(html, encoding, 8);
  return new Response(body, {
    status: merchant === null ? 403 : 200,
    headers: {
      ...pageHeaders('fields', deps.config, { ancestors: ancestorsOf(merchant) }),
      'Content-Type': 'text/html; charset=utf-8',
      Vary: 'Accept-Encoding, Accept-Language',
      ...(encoding === null ? {} : { 'Content-Encoding': encoding }),
    },
  });
}
