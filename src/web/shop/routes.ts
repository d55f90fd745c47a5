import { Hono } from 'hono';
import type { Deps } from '../../deps.ts';
import { LEGAL_TEXTS } from '../../i18n/shop/legal-texts.ts';
import { findLogo } from '../../merchants/logos.ts';
import { findMerchant } from '../../merchants/merchant.ts';
import { LEGAL_FIELDS } from '../../merchants/settings.ts';
import { notFound, placeOf } from '../pay/messages.ts';
import { type Frame, frame } from '../pay/page.ts';
import { respond } from '../pay/respond.ts';
import { render } from '../render.ts';
import type { RequestEnv } from '../request-id.ts';
import { asset } from '../static.ts';

export interface LegalPage extends Frame {
  asWritten: string;
  rows: { label: string; value: string }[];
}

/** What shops show of themselves besides payments: the logo that they uploaded, their legal notice. */
export function shopRoutes(deps: Deps): Hono<RequestEnv> {
  const routes = new Hono<RequestEnv>();

  routes.get('/logos/:merchant/:hash', async (c) => {
    const logo = await findLogo(deps, c.req.param('merchant'), c.req.param('hash'));
    if (logo === null) return notFound(c, deps);
    return new Response(new Uint8Array(logo.content), {
      headers: {
        'Content-Type': logo.type,
        // Its address holds its hash: what is there never changes.
        'Cache-Control': 'public, max-age=31536000, immutable',
        'Content-Security-Policy': "default-src 'none'; sandbox",
        'X-Content-Type-Options': 'nosniff',
        'Cross-Origin-Resource-Policy': 'cross-origin',
      },
    });
  });

  routes.get('/legal/:merchant', async (c) => {
    const merchant = await findMerchant(deps, c.req.param('merchant'), 'live');
    const notice = merchant?.settings.legalNotice;
    if (merchant === null || notice == null) return notFound(c, deps);
    const place = placeOf(c, null);
    const { title, fields, asWritten } = LEGAL_TEXTS[place.language];
    const base = frame(place, merchant, deps.config);
    const rows = LEGAL_FIELDS.flatMap((field) => {
      const value = notice[field];
      return value === undefined ? [] : [{ label: fields[field], value }];
    });
    const page: LegalPage = {
      ...base,
      title,
      styles: [...base.styles, asset('receipt.css')],
      asWritten,
      rows,
    };
    const html = render('shop/legal', page);
    const logo = base.shop?.logo ?? null;
    return respond(c, deps, { html, kind: 'plain', status: 200, language: place.language, logo });
  });

  return routes;
}
