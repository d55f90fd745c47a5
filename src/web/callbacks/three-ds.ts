/**
 * Where 3-D Secure comes back to us: the 3DS Method's end and the CRes by the shopper's browser, in test mode also the
 * RReq by the Directory Server (EMV 3DS 2.2.0, sections 3.1–3.3). The browser's posts come cross-site from the issuer, in a frame
 * or as a whole page, and without any cookie: the signed threeDSSessionData says whose they are.
 */
import { createHash } from 'node:crypto';
import { type Context, Hono } from 'hono';
import type { Deps } from '../../deps.ts';
import { chooseLanguage, TEXTS } from '../../i18n/language.ts';
import type { Language, Texts } from '../../i18n/texts.ts';
import { noteChallengeReturn, noteMethodCompleted } from '../../payments/results.ts';
import { readSessionData } from '../../threeds/challenge.ts';
import { readMethodNotification } from '../../threeds/method.ts';
import { readText } from './read-text.ts';
import { resultsRoutes } from './results.ts';

export function threeDsRoutes(deps: Deps): Hono {
  const routes = new Hono();

  routes.post('/3ds/method-notification', async (c) => {
    const form = await readForm(c.req.raw);
    const transId = readMethodNotification(form.get('threeDSMethodData') ?? '');
    if (transId !== null) await noteMethodCompleted(deps, transId);
    return signalPage(deps, 'method', null, textsFor(c, null, 'auto'));
  });

  routes.post('/3ds/notification', async (c) => {
    const form = await readForm(c.req.raw);
    const session = await readSessionData(deps, form.get('threeDSSessionData') ?? '');
    // What we signed says whose it is; a CRes, which anybody could write, says nothing that is acted on.
    const visit = session === null ? null : await noteChallengeReturn(deps, session.transId);
    const chosen = session?.language ?? null;
    const query = chosen === null ? '' : `?lang=${chosen}`;
    const page = visit === null ? null : `${deps.config.publicUrl}/p/${visit.token}${query}`;
    if (page !== null && session !== null && !session.framed) return c.redirect(page, 303);
    return signalPage(deps, 'challenge', page, textsFor(c, chosen, visit?.locale ?? 'auto'));
  });

  // Where test mode has a listener with client certificates, a result without one is nobody's.
  if (deps.config.networks.test?.results == null) routes.route('/', resultsRoutes(deps, 'test'));

  return routes;
}

/** Tells our own page, which is always the top one; without a frame this is the top itself, and goes there. */
const SIGNAL_SCRIPT = `const { signal, origin, page } = document.body.dataset;
if (top !== window) top.postMessage({ payresort: signal }, origin);
else if (page) location.replace(page);`;
const SIGNAL_HASH = createHash('sha256').update(SIGNAL_SCRIPT).digest('base64');

function textsFor(c: Context, chosen: Language | null, locale: string): Texts {
  const acceptLanguage = c.req.header('Accept-Language');
  return TEXTS[chooseLanguage({ chosen: chosen ?? undefined, locale, acceptLanguage })];
}

function signalPage(deps: Deps, signal: 'method' | 'challenge', page: string | null, t: Texts): Response {
  const { origin } = new URL(deps.config.publicUrl);
  const link =
    page === null
      ? `<p>${t.threeDs.goBack}</p>`
      : `<p><a href="${page}" target="_top" rel="next">${t.threeDs.continue}</a></p>`;
  const body = `<!doctype html><html lang="${t.lang}"><meta charset="utf-8"><title>PayResort+</title>
<body data-signal="${signal}" data-origin="${origin}" data-page="${page ?? ''}">${link}<script>${SIGNAL_SCRIPT}</script></body></html>`;
  return new Response(body, {
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': `default-src 'none'; script-src 'sha256-${SIGNAL_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'`,
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'strict-origin',
    },
  });
}

async function readForm(request: Request): Promise<URLSearchParams> {
  return new URLSearchParams((await readText(request)) ?? '');
}
