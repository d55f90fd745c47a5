import { type Context, Hono } from 'hono';
import { languageOf } from '../../src/i18n/language.ts';
import type { Language } from '../../src/i18n/texts.ts';
import type { Visit } from '../../src/payments/snapshot.ts';
import { type Listener, listen } from '../../src/roles/listen.ts';
import type { Composed } from '../../src/web/pay/compose.ts';
import { respond } from '../../src/web/pay/respond.ts';
import { staticRoutes } from '../../src/web/static.ts';
import { testConfig } from '../support/world.ts';
import {
  type GalleryName,
  galleryNames,
  galleryPage,
  messagePages,
  pageFor,
  type Shown,
  TOKEN,
  visitWith,
} from '../web/pay/visits.ts';

interface More {
  visit: Visit;
  shown?: Shown;
}

export interface Gallery {
  origin: string;
  /** Every view there is, as an address. */
  views: { name: string; url: string }[];
  at(name: string): string;
  /** What was posted, by path: the forms as text. */
  posted: { path: string; form: URLSearchParams }[];
  /** The page at `/p/{token}` from now on; a picture of a session that moves on. */
  stand(name: GalleryName, version?: string): void;
  pageUrl: string;
  close(): Promise<void>;
}

/** Every view, and `more` by name, on a server of its own, with the issuer on another site: `127.0.0.1` where the pages are on `localhost`. */
export async function openGallery(more: Record<string, More> = {}): Promise<Gallery> {
  const app = new Hono();
  const listener: Listener = await listen(app.fetch, '127.0.0.1', 0);
  const origin = `http://localhost:${listener.port}`;
  const issuer = `http://127.0.0.1:${listener.port}`;
  const config = testConfig({ PUBLIC_URL: origin, METHOD_TIMEOUT_MS: '400' });
  const posted: Gallery['posted'] = [];
  let standing = { name: 'form' as GalleryName, version: '1' };

  const composedAt = (name: string, language: Language | null = null): Composed => {
    const added = more[name];
    if (added !== undefined) return pageFor(added.visit, { ...added.shown, config });
    const known = galleryNames().find((each) => each === name);
    if (known === undefined) return messagesIn(language ?? 'ja')[name] ?? pageFor(visitWith());
    return galleryPage(known, language === null ? { config } : { config, place: { language, chosen: true } });
  };
  const atHome = (page: Composed): Composed => ({
    ...page,
    html: page.html.replaceAll('https://acs.example', issuer).replaceAll('https://koharu.example', issuer),
  });

  app.route('/', staticRoutes());
  app.get('/view/:name', (c) => respond(c, { config }, atHome(composedAt(c.req.param('name'), chosen(c)))));
  app.get(`/p/${TOKEN}`, (c) => respond(c, { config }, atHome(composedAt(standing.name, chosen(c)))));
  app.get(`/p/${TOKEN}/state`, (c) => c.json({ version: standing.version }));
  app.post('*', async (c) => {
    const { pathname } = new URL(c.req.url);
    const form = new URLSearchParams(await c.req.text());
    posted.push({ path: pathname, form });
    return c.html(answerOf(pathname, form, origin));
  });
  return {
    origin,
    posted,
    pageUrl: `${origin}/p/${TOKEN}`,
    views: [...galleryNames(), ...Object.keys(messagePages()), ...Object.keys(more)].map((name) => ({
      name,
      url: `${origin}/view/${name}`,
    })),
    at: (name) => `${origin}/view/${name}`,
    stand: (name, version = '1') => {
      standing = { name, version };
    },
    close: () => listener.close(),
  };
}

function messagesIn(language: Language): Record<string, Composed> {
  return messagePages(language);
}

function chosen(c: Context): Language | null {
  return languageOf(c.req.query('lang') ?? '');
}

/** The issuer's pages come back to us at once; ours, inside the frame, tell the page around them. */
function answerOf(path: string, form: URLSearchParams, origin: string): string {
  const hidden = [...form]
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${value}">`)
    .join('');
  const back = (to: string) =>
    `<form method="post" action="${origin}${to}">${hidden}<button>OK</button></form><script>document.forms[0].submit()</script>`;
  const signal = (what: string) =>
    `<script>parent.postMessage({ payresort: '${what}' }, '${origin}')</script>`;
  if (path === '/method') return back('/3ds/method-notification');
  if (path === '/challenge') return form.has('typed') ? back('/3ds/notification') : asking(hidden);
  if (path === '/3ds/method-notification') return signal('method');
  if (path === '/3ds/notification') return signal('challenge');
  return `<p id="answer">${path}</p>`;
}

function asking(hidden: string): string {
  return `<form method="post">${hidden}<input name="typed" aria-label="Code"><button id="ok">OK</button></form>`;
}
