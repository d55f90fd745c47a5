import { type Context, Hono } from 'hono';
import { getCookie } from 'hono/cookie';
import { noteDenied } from '../../audit/denied.ts';
import type { Deps } from '../../deps.ts';
import { FRAME_TEXTS } from '../../i18n/console/frame.ts';
import { describeError } from '../../lib/log.ts';
import { PROBLEMS, Problem } from '../../lib/problem.ts';
import { merchantOf } from '../../merchants/merchant.ts';
import { findLogin, keepLogin, type Login } from '../../users/logins.ts';
import { allows } from '../../users/policy.ts';
import { callerAddress } from '../caller-address.ts';
import { seeOther } from '../pay/respond.ts';
import type { RequestEnv } from '../request-id.ts';
import { isSameOrigin } from '../same-origin.ts';
import { accountRoutes } from './account.ts';
import { factorRoutes } from './account-factors.ts';
import { answerWith } from './answer.ts';
import { auditRoutes } from './audit.ts';
import { cookieName } from './cookie.ts';
import { designRoutes } from './design.ts';
import { developerRoutes } from './developers.ts';
import { readPosted } from './form.ts';
import { homeRoutes } from './home.ts';
import { languageOf } from './language.ts';
import { letterRoutes } from './letters.ts';
import { linksRoutes } from './links.ts';
import { loginRoutes } from './login.ts';
import { type OutsideRoute, serveOutside } from './outside.ts';
import { detailRoutes } from './payment-detail.ts';
import { listRoutes } from './payments.ts';
import { requestListRoutes, requestRoutes } from './requests.ts';
import { requestActRoutes } from './requests-act.ts';
import { editRequestRoutes } from './requests-edit.ts';
import { requestFileRoutes } from './requests-file.ts';
import { newRequestRoutes } from './requests-new.ts';
import { requestTemplateRoutes } from './requests-templates.ts';
import { type ConsoleCall, type ConsoleLanguage, type ConsoleRoute, page } from './route.ts';
import { secondRoutes } from './second.ts';
import { sessionRoutes } from './session.ts';
import { showPage } from './show.ts';
import { userRoutes } from './users.ts';

/** Every route that needs a login, in the order of the navigation. */
export const CONSOLE_ROUTES: readonly ConsoleRoute[] = [
  ...homeRoutes,
  ...listRoutes,
  ...detailRoutes,
  ...sessionRoutes,
  ...linksRoutes,
  ...requestListRoutes,
  ...newRequestRoutes,
  ...editRequestRoutes,
  ...requestFileRoutes,
  ...requestTemplateRoutes,
  ...requestActRoutes,
  ...requestRoutes,
  ...designRoutes,
  ...developerRoutes,
  ...auditRoutes,
  ...userRoutes,
  ...accountRoutes,
  ...factorRoutes,
];

/** What leads to a login. */
const OUTSIDE_ROUTES: readonly OutsideRoute[] = [...loginRoutes, ...secondRoutes, ...letterRoutes];

/**
 * The merchant console: cookie → login → policy → the same verbs as the API → page. Who is not logged in is sent to the
 * login; what is not allowed is denied and recorded; another merchant's things do not exist. Needs `requestId` before it.
 */
export function consoleRoutes(deps: Deps): Hono<RequestEnv> {
  const app = new Hono<RequestEnv>();
  for (const route of OUTSIDE_ROUTES) {
    app.on(route.method.toUpperCase(), route.path, (c) => serveOutside(c, deps, route));
  }
  for (const route of CONSOLE_ROUTES) {
    app.on(route.method.toUpperCase(), route.path, (c) => serve(c, deps, route));
  }
  app.all('/console/*', async (c) => {
    const known = await loginOf(c, deps);
    if (known === null) return toLogin(c);
    return message(c, deps, await callOf(c, deps, known), 'notFound', 404);
  });
  app.onError((error, c) => failed(c, deps, error));
  return app;
}

type ConsoleContext = Context<RequestEnv>;

async function serve(c: ConsoleContext, deps: Deps, route: ConsoleRoute): Promise<Response> {
  const known = await loginOf(c, deps);
  if (known === null) return toLogin(c);
  const call = await callOf(c, deps, known);
  if (!call.may(route.permission) || (route.testOnly === true && call.merchant.mode !== 'test')) {
    noteDenied(deps, call.merchant, {
      reason: 'not_permitted',
      route: `${route.method.toUpperCase()} ${route.path}`,
    });
    return message(c, deps, call, 'denied', 403);
  }
  if (route.method === 'post') {
    const headers = { secFetchSite: c.req.header('Sec-Fetch-Site'), origin: c.req.header('Origin') };
    if (!isSameOrigin(headers, deps.config.publicUrl)) return message(c, deps, call, 'refused', 403);
    Object.assign(call, await readPosted(c, route.uploadBytes ?? null));
  }
  try {
    return await answerWith(c, deps, call, await route.run(deps, call));
  } catch (error) {
    if (error instanceof Problem && error.code === 'not_found')
      return message(c, deps, call, 'notFound', 404);
    throw error;
  }
}

/** Only a login with both factors opens the console. */
async function loginOf(c: ConsoleContext, deps: Deps): Promise<Login | null> {
  const capability = getCookie(c, cookieName(deps.config.publicUrl));
  const known = capability === undefined ? null : await findLogin(deps, capability);
  if (known === null || known.login.stage !== 'complete') return null;
  await keepLogin(deps, known.login);
  return known;
}

async function callOf(c: ConsoleContext, deps: Deps, { login, user }: Login): Promise<ConsoleCall> {
  const { id, login: name, role } = user;
  const actor = { kind: 'user', id, name, role } as const;
  const origin = callerAddress(c, deps.config.trustProxy);
  const merchant = { ...(await merchantOf(deps, login)), acting: { actor, origin } };
  return {
    merchant,
    user,
    login,
    language: languageOf(c, user.language),
    may: (permission) => allows(actor, permission),
    params: c.req.param(),
    query: new URL(c.req.url).searchParams,
    form: new URLSearchParams(),
    files: {},
    requestId: c.var.requestId,
  };
}

/** Back to where one wanted to go once one has logged in; a form that was posted is not repeated. */
function toLogin(c: ConsoleContext): Response {
  const { pathname, search } = new URL(c.req.url);
  const wanted =
    c.req.method === 'GET' && pathname !== '/console' ? `?next=${encodeURIComponent(pathname + search)}` : '';
  return seeOther(`/console/login${wanted}`);
}

type Saying = 'notFound' | 'denied' | 'refused' | 'tooLarge' | 'busy';

function message(
  c: ConsoleContext,
  deps: Deps,
  call: ConsoleCall | { language: ConsoleLanguage },
  what: Saying,
  status: number,
): Promise<Response> {
  const t = FRAME_TEXTS[call.language];
  const { title, text } = t[what];
  const reference = what === 'busy' ? ` ${t.reference}: ${c.var.requestId}` : '';
  const data = { text: `${text}${reference}`, action: { text: t.toHome, href: '/console' } };
  return showPage(c, deps, call, page('message', { title, place: 'home', data, status }));
}

function failed(c: ConsoleContext, deps: Deps, error: Error): Promise<Response> {
  const call = { language: languageOf(c, null) };
  if (error instanceof Problem && PROBLEMS[error.code].status < 500) {
    const tooLarge = error.code === 'too_large';
    return message(c, deps, call, tooLarge ? 'tooLarge' : 'refused', PROBLEMS[error.code].status);
  }
  deps.log.error({ request_id: c.var.requestId, ...describeError(error) }, 'console page failed');
  return message(c, deps, call, 'busy', 503);
}
