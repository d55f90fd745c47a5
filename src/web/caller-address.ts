import { isIP } from 'node:net';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';

/**
 * Who calls. Behind proxies of ours each has added an entry to `X-Forwarded-For`; what stands before theirs may be
 * anybody's.
 *
 * @param proxies how many there are; 0: whoever is connected.
 */
export function callerAddress(c: Context, proxies: number): string | null {
  const forwarded = c.req.header('X-Forwarded-For')?.split(',').at(-proxies)?.trim() ?? '';
  if (proxies > 0 && isIP(forwarded) > 0) return forwarded;
  // Without a socket (a test that calls the app directly) there is no address.
  if (c.env?.incoming === undefined) return null;
  return getConnInfo(c).remote.address ?? null;
}
