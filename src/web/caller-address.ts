import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';

/** Behind our own proxy the last entry is the one that it added: what stands before may be anybody's. */
export function callerAddress(c: Context, trustProxy: boolean): string | null {
  const forwarded = trustProxy ? c.req.header('X-Forwarded-For')?.split(',').at(-1)?.trim() : undefined;
  if (forwarded !== undefined && forwarded !== '') return forwarded;
  // Without a socket (a test that calls the app directly) there is no address.
  if (c.env?.incoming === undefined) return null;
  return getConnInfo(c).remote.address ?? null;
}
