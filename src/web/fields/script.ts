import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Hono } from 'hono';
import { ROOT } from '../../lib/root.ts';
import { type StoredFile, sendStored, storeFile } from '../static.ts';

const FOLDER = join(ROOT, 'views/js');
const RELEASES = readdirSync(FOLDER)
  .filter((name) => /^token-\d+\.\d+\.\d+\.js$/.test(name))
  .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));

/** Every release of the script, oldest first: what was released once never changes and is served for ever. */
export const TOKEN_SCRIPTS: readonly { href: string; integrity: string }[] = RELEASES.map((name) => ({
  href: `/js/${name}`,
  integrity: stored(name).integrity,
}));

/**
 * `/js/token.js`, the newest release, looked up again after five minutes; each release at its own address for ever; and
 * the types. For pages of any origin: they are told nothing that is not public.
 */
export function tokenScriptRoutes(): Hono {
  const routes = new Hono();
  const newest = stored(RELEASES.at(-1) ?? '');
  routes.get('/js/token.js', (c) => sendStored(c, newest, { ...FROM_ANYWHERE, 'Cache-Control': SHORT }));
  routes.get('/js/token.d.ts', (c) =>
    sendStored(c, stored('token.d.ts'), { ...FROM_ANYWHERE, 'Cache-Control': SHORT }),
  );
  for (const name of RELEASES) {
    const file = stored(name);
    routes.get(`/js/${name}`, (c) => sendStored(c, file, { ...FROM_ANYWHERE, 'Cache-Control': FOR_EVER }));
  }
  return routes;
}

const SHORT = 'public, max-age=300';
const FOR_EVER = 'public, max-age=31536000, immutable';
const FROM_ANYWHERE = {
  'Access-Control-Allow-Origin': '*',
  'Cross-Origin-Resource-Policy': 'cross-origin',
  'X-Content-Type-Options': 'nosniff',
};

/** As it stands in the repository, comments too: merchants read what they load. */
function stored(name: string): StoredFile {
  return storeFile(join(FOLDER, name));
}
