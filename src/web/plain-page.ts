import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Eta } from 'eta';
import { ROOT } from '../lib/root.ts';

/** Pages without script, form or picture: the documentation, and what `/pay` says when an entry is not good. */
const eta = new Eta({ views: join(ROOT, 'views'), cache: true, autoTrim: false });
const STYLE = readFileSync(join(ROOT, 'views/plain.css'), 'utf8');
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

const HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': [
    "default-src 'none'",
    `style-src 'sha256-${STYLE_HASH}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

/** Renders `views/{template}.eta` with `data` (as `it`); everything is escaped. */
export function plainPage(
  template: string,
  data: Record<string, unknown>,
  { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {},
): Response {
  const body = eta.render(template, { ...data, style: STYLE });
  return new Response(body, { status, headers: { ...HEADERS, ...headers } });
}
