import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Context, Hono } from 'hono';
import PostalMime, { type Email } from 'postal-mime';
import type { Config } from '../../config.ts';
import { render } from '../render.ts';

/** What was caught, newest first, for the templates. */
export interface InboxPage {
  mails: { id: string; subject: string; to: string; at: string }[];
}

export interface CaughtPage {
  id: string;
  subject: string;
  from: string;
  to: string;
  at: string;
  text: string;
}

const NAME = /^mail_[0-9a-z]{20,60}$/;
const SHOWN = 100;

/** `/demo/inbox`: the mails that this machine's catcher kept, as they look in a mail program. Never in production. */
export function inboxRoutes(config: Pick<Config, 'dataDir'>): Hono {
  const folder = join(config.dataDir, 'inbox');
  const routes = new Hono();
  routes.get('/demo/inbox', async (c) => {
    const names = (await readdir(folder).catch(() => [])).filter((name) => /^mail_\w+\.eml$/.test(name));
    const ids = names.map((name) => name.slice(0, -4)).sort();
    const newest = ids.slice(-SHOWN).reverse();
    const mails = await Promise.all(newest.map(async (id) => headOf(id, await open(folder, id))));
    return page(c, render('demo/inbox', { mails }));
  });
  routes.get('/demo/inbox/:id', async (c) => {
    const mail = await open(folder, c.req.param('id'));
    if (mail === null) return c.text('There is no such mail.', 404);
    const from = `${mail.from?.name ?? ''} <${mail.from?.address ?? ''}>`;
    const shown = { ...headOf(c.req.param('id'), mail), from, text: mail.text ?? '' };
    return page(c, render('demo/mail', shown));
  });
  routes.get('/demo/inbox/:id/html', async (c) => {
    const mail = await open(folder, c.req.param('id'));
    if (mail?.html === undefined) return c.text('There is no such mail.', 404);
    return c.html(mail.html, 200, {
      ...HEADERS,
      'Content-Security-Policy': `sandbox allow-popups; ${STYLES}`,
    });
  });
  return routes;
}

const STYLES = "default-src 'none'; style-src 'unsafe-inline'";
const HEADERS = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' };

function page(c: Context, html: string): Response | Promise<Response> {
  const policy = `${STYLES}; frame-src 'self'; base-uri 'none'; form-action 'none'`;
  return c.html(html, 200, { ...HEADERS, 'Content-Security-Policy': policy });
}

async function open(folder: string, id: string): Promise<Email | null> {
  if (!NAME.test(id)) return null;
  const bytes = await readFile(join(folder, `${id}.eml`)).catch(() => null);
  return bytes === null ? null : PostalMime.parse(bytes);
}

function headOf(id: string, mail: Email | null) {
  const to = (mail?.to ?? []).map(({ address }) => address ?? '').join(', ');
  return { id, subject: mail?.subject ?? '', to, at: mail?.date ?? '' };
}
