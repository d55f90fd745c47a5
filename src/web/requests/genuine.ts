import type { Deps } from '../../deps.ts';
import { findLink } from '../../links/links.ts';
import { type Merchant, shopNameOf } from '../../merchants/merchant.ts';
import { findVisit } from '../../payments/visit.ts';
import { findRequest } from '../../requests/queries.ts';
import type { Verdict } from './page.ts';

/**
 * Whether what somebody got by mail leads here, and to whom: looked up, never opened. One address of somebody else's
 * among several is enough to warn.
 */
export async function judge(deps: Deps, pasted: string): Promise<Verdict> {
  const addresses = pasted.slice(0, 20_000).match(ADDRESS) ?? [];
  if (addresses.length === 0) return { kind: 'none' };
  const ours = new URL(deps.config.publicUrl).host;
  const urls = addresses.map((text) => parsed(text));
  if (urls.some((url) => url === null || url.host !== ours || url.username !== ''))
    return { kind: 'foreign' };
  for (const url of urls) {
    const found = url === null ? null : await ownerOf(deps, url.pathname);
    if (found !== null) return { kind: 'genuine', ...found };
  }
  return { kind: 'unknown' };
}

/** With its scheme, or as mails write ours: a host and a path. */
const ADDRESS = /https?:\/\/[^\s<>"'、。」）)]+|\b[\w-]+(?:\.[\w-]+)+(?::\d+)?\/[^\s<>"'、。」）)]+/gi;

function parsed(text: string): URL | null {
  const full = /^https?:/i.test(text) ? text : `https://${text}`;
  return URL.canParse(full) ? new URL(full) : null;
}

/** What shoppers are sent to: requests, payment pages, payment links. */
const FIND: Record<string, (deps: Deps, token: string) => Promise<{ merchant: Merchant } | null>> = {
  r: findRequest,
  p: findVisit,
  l: findLink,
};

async function ownerOf(deps: Deps, path: string): Promise<{ shop: string; mode: 'test' | 'live' } | null> {
  const [, room = '', token = ''] = path.split('/');
  const find = FIND[room];
  const found = find === undefined || !/^[0-9a-z]{14,32}$/.test(token) ? null : await find(deps, token);
  return found === null ? null : { shop: shopNameOf(found.merchant), mode: found.merchant.mode };
}
