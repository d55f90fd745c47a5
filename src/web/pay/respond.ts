import type { Context } from 'hono';
import type { Deps } from '../../deps.ts';
import { acceptedEncoding, compress } from '../encoding.ts';
import { pageHeaders } from '../security.ts';
import type { Composed } from './compose.ts';

/**
 * Compresses and sends. The page repeats what was typed next to its own secret address, but whoever could make a
 * browser ask for it over and over must know that address already.
 */
export async function respond(
  c: Context,
  deps: Pick<Deps, 'config'>,
  { html, kind, status, language, logo }: Composed,
): Promise<Response> {
  const encoding = acceptedEncoding(c.req.header('Accept-Encoding'));
  const body = encoding === null ? html : await compress(html, encoding, 8);
  return new Response(body, {
    status,
    headers: {
      ...pageHeaders(kind, deps.config, { imageUrl: logo }),
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Language': language,
      Vary: 'Accept-Encoding, Accept-Language',
      ...(encoding === null ? {} : { 'Content-Encoding': encoding }),
    },
  });
}

/** Always to a page of our own, and never 307 or 308, which would replay what was posted. */
export function seeOther(location: string): Response {
  return new Response(null, {
    status: 303,
    headers: { Location: location, 'Cache-Control': 'no-store', 'Referrer-Policy': 'strict-origin' },
  });
}
