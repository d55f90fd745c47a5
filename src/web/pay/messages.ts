import type { Context } from 'hono';
import type { Deps } from '../../deps.ts';
import { chooseLanguage, languageOf } from '../../i18n/language.ts';
import type { Message, Texts } from '../../i18n/texts.ts';
import { describeError } from '../../lib/log.ts';
import { PROBLEMS, Problem } from '../../lib/problem.ts';
import type { RequestEnv } from '../request-id.ts';
import { composeMessage } from './compose.ts';
import type { Place } from './page.ts';
import { respond } from './respond.ts';

/** Pages that say one thing: shoppers meet them where there is nothing to show, or something went wrong. */
export function showMessage(
  c: Context,
  deps: Deps,
  choose: (t: Texts) => Message,
  { status, link = false, reference = null }: { status: number; link?: boolean; reference?: string | null },
): Promise<Response> {
  const composed = composeMessage(placeOf(c, null), deps.config, choose, { status, link, reference });
  return respond(c, deps, composed);
}

/** For people who followed a wrong address, here or anywhere else. */
export function notFound(c: Context, deps: Deps): Promise<Response> {
  return showMessage(c, deps, (t) => t.notFound, { status: 404 });
}

export function refused(c: Context, deps: Deps, status: number, link = true): Promise<Response> {
  return showMessage(c, deps, (t) => (status === 403 ? t.refused : t.tooLarge), { status, link });
}

/** Whatever went wrong, the shopper gets a page; what it was stands in the log under the page's reference. */
export function failed(c: Context<RequestEnv>, deps: Deps, error: Error, link = true): Promise<Response> {
  if (error instanceof Problem && PROBLEMS[error.code].status < 500) {
    return refused(c, deps, PROBLEMS[error.code].status, link);
  }
  deps.log.error({ request_id: c.get('requestId'), ...describeError(error) }, 'page failed');
  return showMessage(c, deps, (t) => t.busy, { status: 503, link, reference: c.get('requestId') });
}

/** Where a page stands, and its language: what the shopper chose on it, else the session's, else the browser's. */
export function placeOf(c: Context, session: { locale: string } | null): Place {
  const chosen = c.req.query('lang');
  const acceptLanguage = c.req.header('Accept-Language');
  const language = chooseLanguage({ chosen, locale: session?.locale ?? 'auto', acceptLanguage });
  return { path: pathOf(c), language, chosen: languageOf(chosen ?? '') !== null };
}

/** Of a page with verbs: the page. */
export function pathOf(c: Context): string {
  return c.req.path.split('/').slice(0, 3).join('/');
}
