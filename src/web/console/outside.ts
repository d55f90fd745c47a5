import type { Context } from 'hono';
import { getCookie } from 'hono/cookie';
import type { Deps } from '../../deps.ts';
import { FRAME_TEXTS } from '../../i18n/console/frame.ts';
import { addressMark } from '../../limits/address.ts';
import type { Scene } from '../../users/change.ts';
import { type Knock, sceneOf } from '../../users/log-in.ts';
import { findLogin, type Login } from '../../users/logins.ts';
import { callerAddress } from '../caller-address.ts';
import type { RequestEnv } from '../request-id.ts';
import { isSameOrigin } from '../same-origin.ts';
import { answerWith } from './answer.ts';
import { cookieName } from './cookie.ts';
import { readPosted } from './form.ts';
import { languageOf } from './language.ts';
import { type ConsoleAnswer, type ConsoleLanguage, page, redirect } from './route.ts';

/** What a route is given where nobody, or not yet anybody, is logged in. */
export interface OutsideCall {
  language: ConsoleLanguage;
  knock: Knock;
  /** A login on its way, or complete; null without one. */
  known: Login | null;
  params: Record<string, string>;
  query: URLSearchParams;
  form: URLSearchParams;
  /** A path of the console to go to in the end; empty for its home. */
  next: string;
}

export interface OutsideRoute {
  method: 'get' | 'post';
  path: string;
  run(deps: Deps, call: OutsideCall): Promise<ConsoleAnswer>;
}

/** A route before the login: the same protection from other sites as behind it. */
export async function serveOutside(
  c: Context<RequestEnv>,
  deps: Deps,
  route: OutsideRoute,
): Promise<Response> {
  const headers = { secFetchSite: c.req.header('Sec-Fetch-Site'), origin: c.req.header('Origin') };
  const capability = getCookie(c, cookieName(deps.config.publicUrl));
  const known = capability === undefined ? null : await findLogin(deps, capability);
  const language = languageOf(c, known?.user.language ?? null);
  if (route.method === 'post' && !isSameOrigin(headers, deps.config.publicUrl)) {
    const t = FRAME_TEXTS[language];
    const data = { text: t.refused.text, action: { text: t.toHome, href: '/console' } };
    const refused = page('message', { title: t.refused.title, place: 'home', data, status: 403 });
    return answerWith(c, deps, { language }, refused);
  }
  const query = new URL(c.req.url).searchParams;
  const { form } = route.method === 'post' ? await readPosted(c, null) : { form: new URLSearchParams() };
  const call: OutsideCall = {
    language,
    knock: await knockOf(c, deps),
    known,
    params: c.req.param(),
    query,
    form,
    next: safePath(form.get('next') ?? query.get('next') ?? ''),
  };
  return answerWith(c, deps, { language }, await route.run(deps, call));
}

/** The stage of a login that a route is for; whoever is elsewhere is sent to where they are. */
export async function atStage(
  deps: Deps,
  { known, knock, next }: OutsideCall,
  stage: 'password' | 'enrolling',
): Promise<{ known: Login; scene: Scene } | ConsoleAnswer> {
  if (known === null) return redirect(withNext('/console/login?done=ended', next));
  if (known.login.stage !== stage) return redirect(wayOf(known.login.stage, next));
  const scene = await sceneOf(deps, known.user.merchantId, knock);
  if (scene === null) throw new Error('a login without its merchant');
  return { known, scene: { ...scene, mode: known.login.mode } };
}

/** Where a login of this stage goes on. */
export function wayOf(stage: Login['login']['stage'], next: string): string {
  if (stage === 'password') return withNext('/console/login/code', next);
  if (stage === 'enrolling') return withNext('/console/login/enrol', next);
  return next === '' ? '/console' : next;
}

export function withNext(path: string, next: string): string {
  if (next === '') return path;
  return `${path}${path.includes('?') ? '&' : '?'}next=${encodeURIComponent(next)}`;
}

/** A path of the console behind the login, as it is written in an address; empty for anything else. */
export function safePath(wanted: string): string {
  if (!/^\/console(\/[\w\-./%~]*)?(\?[^\s\\#]*)?$/.test(wanted) || wanted.includes('//')) return '';
  const { origin, pathname, search } = new URL(wanted, 'http://console.invalid');
  if (origin !== 'http://console.invalid') return '';
  const inside = pathname === '/console' || pathname.startsWith('/console/');
  return inside && !/^\/console\/(login|logout|join|reset|forgot)\b/.test(pathname) ? pathname + search : '';
}

async function knockOf(c: Context, deps: Deps): Promise<Knock> {
  const ip = callerAddress(c, deps.config.trustProxy);
  const { key } = await deps.keys.active('fingerprint');
  return { ip, address: addressMark(ip, key), userAgent: c.req.header('User-Agent') ?? '' };
}
