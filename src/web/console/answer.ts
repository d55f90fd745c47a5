import type { Context } from 'hono';
import type { Deps } from '../../deps.ts';
import { seeOther } from '../pay/respond.ts';
import { pageHeaders } from '../security.ts';
import { loginCookie } from './cookie.ts';
import type { ConsoleAnswer, ConsoleCall, ConsoleLanguage } from './route.ts';
import { showPage } from './show.ts';

/** What a route's work answered, as a response. */
export async function answerWith(
  c: Context,
  deps: Deps,
  call: ConsoleCall | { language: ConsoleLanguage },
  given: ConsoleAnswer,
): Promise<Response> {
  const response = await responseOf(c, deps, call, given);
  if ('capability' in given && given.capability !== undefined) {
    response.headers.append('Set-Cookie', loginCookie(deps.config.publicUrl, given.capability));
    // Over http, on one's own machine, browsers take no notice of it.
    if (given.capability === null) response.headers.set('Clear-Site-Data', '"cache", "storage"');
  }
  return response;
}

async function responseOf(
  c: Context,
  deps: Deps,
  call: ConsoleCall | { language: ConsoleLanguage },
  given: ConsoleAnswer,
): Promise<Response> {
  if (given.kind === 'page') return showPage(c, deps, call, given);
  if (given.kind === 'redirect') return seeOther(given.to);
  if (given.kind === 'preview') {
    const headers = pageHeaders(given.mail === true ? 'mail' : 'preview', deps.config, {
      imageUrl: given.imageUrl,
    });
    const still = given.html.replace(/<script\b[^>]*><\/script>/g, '');
    return new Response(still, { headers: { ...headers, 'Content-Type': 'text/html; charset=utf-8' } });
  }
  return new Response(given.body, {
    headers: {
      'Content-Type': given.type,
      'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(given.name)}`,
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    },
  });
}
