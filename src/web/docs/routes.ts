import { Hono } from 'hono';
import type { Deps } from '../../deps.ts';
import { DAY, plus } from '../../lib/clock.ts';
import { jwks } from '../../notify/jwks.ts';
import { openApi } from '../api/openapi.ts';
import { plainPage } from '../plain-page.ts';
import type { RequestEnv } from '../request-id.ts';
import { docsPage } from './page.ts';

const FOR_AN_HOUR = { 'Cache-Control': 'public, max-age=3600' };
const FROM_ANYWHERE = { 'Access-Control-Allow-Origin': '*' };

/** What the service says of itself: the API's document, the same for people, the keys that verify its signatures. */
export function docsRoutes(deps: Deps): Hono<RequestEnv> {
  const app = new Hono<RequestEnv>();
  const { publicUrl } = deps.config;
  const document = openApi(publicUrl);
  const page = docsPage(document, publicUrl);

  app.get('/openapi.json', (c) => c.json(document, 200, { ...FOR_AN_HOUR, ...FROM_ANYWHERE }));
  app.get('/docs', () => plainPage('docs/page', { ...page }, { headers: FOR_AN_HOUR }));
  app.get('/.well-known/jwks.json', (c) =>
    c.json(jwks(deps.config), 200, { ...FOR_AN_HOUR, ...FROM_ANYWHERE }),
  );
  app.get('/.well-known/security.txt', (c) =>
    c.text(securityText(publicUrl, deps.clock.now()), 200, FOR_AN_HOUR),
  );
  return app;
}

/** RFC 9116. `Expires` stays half a year ahead. */
function securityText(publicUrl: string, now: Date): string {
  const expires = new Date(plus(now, 182 * DAY).setUTCHours(0, 0, 0, 0));
  return [
    `Contact: mailto:security@${new URL(publicUrl).hostname}`,
    `Expires: ${expires.toISOString()}`,
    'Preferred-Languages: ja, en',
    `Canonical: ${publicUrl}/.well-known/security.txt`,
    '',
  ].join('\n');
}
