import { type Context, Hono } from 'hono';
import type { Deps } from '../../deps.ts';
import { languageOf, TEXTS } from '../../i18n/language.ts';
import { Problem } from '../../lib/problem.ts';
import type { Method } from '../../methods/method.ts';
import { methodOf } from '../../methods/methods.ts';
import { returnLocation, signedReturn } from '../../notify/returns.ts';
import { continueAuthentication } from '../../payments/authenticate.ts';
import { abandonAttempt, expireIfDue, leaveSession } from '../../payments/end-session.ts';
import { payByCard, payBySavedCard } from '../../payments/pay.ts';
import { payElsewhere } from '../../payments/request-number.ts';
import { deleteSavedCard } from '../../payments/saved-cards.ts';
import type { Visit } from '../../payments/snapshot.ts';
import { findVisit } from '../../payments/visit.ts';
import { noteBankReturn } from '../../payments/watch-number.ts';
import { readForm } from '../body.ts';
import { readCheckToken } from '../integrity/check-token.ts';
import { samplePage } from '../integrity/sample-pages.ts';
import type { RequestEnv } from '../request-id.ts';
import { isSameOrigin } from '../same-origin.ts';
import { readBrowser } from './browser-data.ts';
import { readCardForm, readEmailForm } from './card-form.ts';
import { failed, notFound, pathOf, placeOf, refused } from './messages.ts';
import { printedAs, readMethodForm } from './method-form.ts';
import { respond, seeOther } from './respond.ts';
import { selectView, viewVersion } from './select-view.ts';
import { showVisit } from './show.ts';

type PageContext = Context<RequestEnv, '/p/:token'>;

/**
 * `/p/{token}`, the shopper's page (contract, sections 5 and 7). GET shows what the session's state selects; every
 * POST runs one verb and answers 303 to that same address, so that reload, back, double clicks, two tabs and lost
 * answers are harmless. No cookies: the token is the capability.
 */
export function payRoutes(deps: Deps): Hono<RequestEnv> {
  const routes = new Hono<RequestEnv>();

  routes.get('/p/:token', async (c) => {
    const visit = await visitOf(deps, c.req.param('token'));
    return visit === null ? showSample(c, deps) : showVisit(c, deps, visit, placeOf(c, visit.session));
  });

  routes.get('/p/:token/state', async (c) => {
    const visit = await visitOf(deps, c.req.param('token'));
    if (visit === null) return c.json({ version: null }, 404, { 'Cache-Control': 'no-store' });
    return c.json({ version: viewVersion(visit) }, 200, { 'Cache-Control': 'no-store' });
  });

  routes.get('/p/:token/return', async (c) => {
    const visit = await visitOf(deps, c.req.param('token'));
    if (visit === null) return notFound(c, deps);
    const signed = visit.session.status === 'open' ? null : await signedReturn(deps, visit);
    return seeOther(signed?.method === 'get' ? returnLocation(signed) : pageOf(c));
  });

  // Back from the bank: what became of it is asked for, and the page says so.
  routes.get('/p/:token/returned', async (c) => {
    const visit = await visitOf(deps, c.req.param('token'));
    if (visit === null) return notFound(c, deps);
    await noteBankReturn(deps, visit);
    return seeOther(pageOf(c));
  });

  routes.post('/p/:token/:verb{pay|continue|abandon|leave|forget}', async (c) => {
    const { secFetchSite, origin } = originOf(c);
    if (!isSameOrigin({ secFetchSite, origin }, deps.config.publicUrl)) return refused(c, deps, 403);
    const form = await readForm(c);
    const visit = await visitOf(deps, c.req.param('token'));
    if (visit === null) return notFound(c, deps);
    return (await runVerb(c, deps, visit, form)) ?? seeOther(pageOf(c));
  });

  // What a name will be printed as, while it is typed. It is nobody's: a pure function of what was sent.
  routes.post('/p/:token/printed', async (c) => {
    const { secFetchSite, origin } = originOf(c);
    if (!isSameOrigin({ secFetchSite, origin }, deps.config.publicUrl)) return refused(c, deps, 403);
    const form = await readForm(c);
    const as = (input: 'name' | 'kana') => printedAs(input, (form.get(input) ?? '').slice(0, 300));
    return c.json({ name: as('name'), kana: as('kana') }, 200, { 'Cache-Control': 'no-store' });
  });

  // A verb's address typed or reloaded as a page leads to the page.
  routes.get('/p/:token/:verb{pay|continue|abandon|leave|forget}', (c) => seeOther(pageOf(c)));
  routes.all('/p/*', (c) => notFound(c, deps));
  routes.onError((error, c) => failed(c, deps, error));
  return routes;
}

/** Longer than most payments take: what takes longer goes on by itself while the page says so. */
const GRACE_MS = 3_000;

/** The verb's own answer, or null for the session's page. */
async function runVerb(
  c: PageContext,
  deps: Deps,
  visit: Visit,
  form: URLSearchParams,
): Promise<Response | null> {
  const verb = c.req.path.slice(c.req.path.lastIndexOf('/') + 1);
  const attemptId = form.get('attempt') ?? '';
  if (verb === 'forget') await forgetCard(deps, visit, form.get('card') ?? '');
  if (verb === 'leave') await leaveSession(deps, visit);
  if (verb === 'abandon') await abandonAttempt(deps, visit, attemptId);
  if (verb === 'continue') return continueWithForm(c, deps, visit, form, attemptId);
  return verb === 'pay' ? payWithForm(c, deps, visit, form) : null;
}

/** Only a card that this page offers may be removed on it. One that is gone already is as well removed. */
async function forgetCard(deps: Deps, { merchant, savedCards }: Visit, id: string): Promise<void> {
  if (!savedCards.some((card) => card.id === id)) return;
  await deleteSavedCard(deps, merchant, id, 'shopper').catch((error) => {
    if (!(error instanceof Problem)) throw error;
  });
}

async function continueWithForm(
  c: PageContext,
  deps: Deps,
  visit: Visit,
  form: URLSearchParams,
  attemptId: string,
): Promise<Response | null> {
  const view = selectView(visit);
  if (view.kind !== 'preparing') return null;
  const place = placeOf(c, visit.session);
  const read = readEmailForm(form, view.askEmail, TEXTS[place.language]);
  if (!read.ok) return showVisit(c, deps, visit, place, read);
  const browser = readBrowser(c, form, deps.config.trustProxy);
  await atMost(deps, continueAuthentication(deps, visit, { attemptId, browser, email: read.email }));
  return null;
}

async function payWithForm(
  c: PageContext,
  deps: Deps,
  visit: Visit,
  form: URLSearchParams,
): Promise<Response | null> {
  const view = selectView(visit);
  if (view.kind !== 'form') return null;
  const method = methodOf(form.get('method') ?? 'card');
  if (method === null || !visit.session.methods.includes(method.id)) return null;
  return method.flow === 'card'
    ? payWithCard(c, deps, visit, form, view.askEmail)
    : payWithMethod(c, deps, visit, form, method);
}

async function payWithMethod(
  c: PageContext,
  deps: Deps,
  visit: Visit,
  form: URLSearchParams,
  method: Method,
): Promise<Response | null> {
  const place = placeOf(c, visit.session);
  const read = readMethodForm(form, visit, method, place.language);
  if (!read.ok) return showVisit(c, deps, visit, place, { ...read, chosen: method.id });
  await atMost(deps, payElsewhere(deps, visit, read.input));
  return null;
}

async function payWithCard(
  c: PageContext,
  deps: Deps,
  visit: Visit,
  form: URLSearchParams,
  askEmail: boolean,
): Promise<Response | null> {
  const place = placeOf(c, visit.session);
  const read = readCardForm(form, visit, askEmail, TEXTS[place.language]);
  if (!read.ok) return showVisit(c, deps, visit, place, { ...read, chosen: 'card' });
  const browser = readBrowser(c, form, deps.config.trustProxy);
  const { paying, paymentType, email, consent } = read;
  const input = { paymentType, email, language: place.language, consent, browser };
  await atMost(
    deps,
    'card' in paying
      ? payByCard(deps, visit, { ...input, ...paying })
      : payBySavedCard(deps, visit, { ...input, ...paying }),
  );
  return null;
}

/** Waits for `work` as long as a shopper may be kept; after that it goes on in the background. */
async function atMost(deps: Deps, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, GRACE_MS, 'late');
  });
  const first = await Promise.race([work, late]).finally(() => clearTimeout(timer));
  if (first === 'late') deps.background.run(work);
}

/** The visit as it stands now: a session that is past its time is expired first, should the job be late. */
async function visitOf(deps: Deps, token: string): Promise<Visit | null> {
  const visit = await findVisit(deps, token);
  if (visit === null || visit.session.status !== 'open' || selectView(visit).kind !== 'form') return visit;
  if (visit.merchant.clock.now() < visit.session.expiresAt) return visit;
  await expireIfDue(deps, visit.merchant.merchantId, visit.session.id);
  return findVisit(deps, token);
}

function originOf(c: Context) {
  return { secFetchSite: c.req.header('Sec-Fetch-Site'), origin: c.req.header('Origin') };
}

/** The session's page, in the language that was chosen on it. */
function pageOf(c: PageContext): string {
  const chosen = languageOf(c.req.query('lang') ?? '');
  return `${pathOf(c)}${chosen === null ? '' : `?lang=${chosen}`}`;
}

/** The self-check looks at samples of our pages, at addresses like a session's; anybody else has a wrong address. */
async function showSample(c: PageContext, deps: Deps): Promise<Response> {
  const sample = await readCheckToken(deps, c.req.param('token'));
  if (sample === null || sample === 'fields') return notFound(c, deps);
  return respond(c, deps, samplePage(sample, placeOf(c, null), deps.config));
}
