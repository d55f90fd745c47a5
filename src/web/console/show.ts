import { join } from 'node:path';
import { Eta } from 'eta';
import type { Context } from 'hono';
import type { Deps } from '../../deps.ts';
import { FRAME_TEXTS } from '../../i18n/console/frame.ts';
import { ROOT } from '../../lib/root.ts';
import { allows, type Permission } from '../../users/policy.ts';
import { acceptedEncoding, compress } from '../encoding.ts';
import { pageHeaders } from '../security.ts';
import { type Asset, asset } from '../static.ts';
import type { ConsoleCall, ConsoleLanguage, ConsolePage, Place } from './route.ts';
import type { ConsoleTemplates } from './templates.ts';

/** What every console page has around its content. `nav` holds what the user may open. */
interface Frame {
  language: ConsoleLanguage;
  t: (typeof FRAME_TEXTS)['ja'] | (typeof FRAME_TEXTS)['en'];
  title: string;
  styles: Asset[];
  scripts: Asset[];
  icon: Asset;
  /** Null before anybody has logged in. */
  who: { merchant: string; merchantId: string; name: string; role: string; mode: 'test' | 'live' } | null;
  nav: { place: Place; text: string; href: string; current: boolean }[];
  /** The same page in the other language. */
  other: { language: ConsoleLanguage; href: string };
}

/** Which permission opens an entry of the navigation. */
const PLACES: readonly [Place, string, Permission][] = [
  ['home', '/console', 'account.own'],
  ['payments', '/console/payments', 'payments.read'],
  ['requests', '/console/requests', 'requests.read'],
  ['links', '/console/links', 'links.read'],
  ['design', '/console/design', 'design.read'],
  ['developers', '/console/developers', 'developer.read'],
  ['users', '/console/users', 'users.read'],
  ['audit', '/console/audit', 'audit.read'],
  ['account', '/console/account', 'account.own'],
];

/** `<%=` escapes and is the only way for data to get into a page, here as in `web/render.ts`. */
const eta = new Eta({ views: join(ROOT, 'views'), cache: true, autoEscape: true, autoTrim: [false, 'nl'] });

/** A page of the console as an answer. `call` is null where nobody is logged in. */
export async function showPage<Name extends keyof ConsoleTemplates>(
  c: Context,
  deps: Pick<Deps, 'config'>,
  call: Pick<ConsoleCall, 'user' | 'merchant' | 'language'> | { language: ConsoleLanguage },
  { template, title, place, data, modules = [], status = 200, refresh }: ConsolePage<Name>,
): Promise<Response> {
  const frame = { ...frameOf(c, call, title, place), modules: modules.map(asset) };
  const html = eta.render(`console/${template}`, { frame, t: frame.t, data });
  const encoding = acceptedEncoding(c.req.header('Accept-Encoding'));
  return new Response(encoding === null ? html : await compress(html, encoding, 8), {
    status,
    headers: {
      ...pageHeaders('console', deps.config),
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Language': call.language,
      Vary: 'Accept-Encoding, Accept-Language, Cookie',
      ...(refresh === undefined ? {} : { Refresh: String(refresh) }),
      ...(encoding === null ? {} : { 'Content-Encoding': encoding }),
    },
  });
}

function frameOf(
  c: Context,
  call: Pick<ConsoleCall, 'user' | 'merchant' | 'language'> | { language: ConsoleLanguage },
  title: string,
  current: Place,
): Frame {
  const { language } = call;
  const t = FRAME_TEXTS[language];
  const other = language === 'ja' ? 'en' : 'ja';
  const address = new URL(c.req.url);
  address.searchParams.set('lang', other);
  const known = 'user' in call ? call : null;
  const actor = { kind: 'user', role: known?.user.role ?? null } as const;
  return {
    language,
    t,
    title,
    styles: [asset('pay.css'), asset('console.css')],
    scripts: [asset('console.js')],
    icon: asset('icon.svg'),
    who: known && {
      merchant: known.merchant.name,
      merchantId: known.merchant.merchantId,
      name: known.user.name,
      role: t.roles[known.user.role],
      mode: known.merchant.mode,
    },
    nav: PLACES.filter(([, , permission]) => known !== null && allows(actor, permission)).map(
      ([place, href]) => ({ place, href, text: t.places[place], current: place === current }),
    ),
    other: { language: other, href: `${address.pathname}${address.search}` },
  };
}
