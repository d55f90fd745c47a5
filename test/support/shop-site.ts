import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A shop's own site on another origin than ours, with a policy as strict as a shop can have. It serves one page with the
 * card fields and a script that the test writes, and logs every request it gets with all of its body.
 */
export interface ShopSite {
  origin: string;
  /** `METHOD path headers body`, one entry a request: all that the shop's server ever sees. */
  log: string[];
  /** The page's own scripts, before ours is loaded and after it; `KEY` is the publishable key. */
  early: string;
  script: string;
  lang: string;
  trustedTypes: boolean;
  /** Where the page's own scripts may send to. */
  connect: string;
  /** The element that loads our script. */
  tag: string;
  /** Further headers of the page. */
  headers: Record<string, string>;
  /** Answers a path of its own. */
  on(path: string, answer: (body: string) => Promise<SiteAnswer>): void;
  close(): Promise<void>;
}

export interface SiteAnswer {
  /** Sends the browser on (303). */
  location?: string;
  text?: string;
  type?: string;
}

type Answer = Parameters<ShopSite['on']>[1];

export async function startShopSite(payOrigin: string, publishableKey: string): Promise<ShopSite> {
  const answers = new Map<string, Answer>();
  const site: ShopSite = {
    origin: '',
    log: [],
    early: '',
    script: '',
    lang: 'ja',
    trustedTypes: true,
    connect: "'self'",
    tag: `<script defer src="${payOrigin}/js/token.js"></script>`,
    headers: {},
    on: (path, answer) => {
      answers.set(path, answer);
    },
    close: () => closed(server),
  };
  const server = createServer(async (request, response) => {
    const body = await textOf(request);
    const headers = JSON.stringify(request.headers);
    site.log.push(`${request.method} ${request.url} ${headers} ${body}`);
    const { pathname } = new URL(request.url ?? '/', 'http://shop');
    const answer = answers.get(pathname);
    if (answer !== undefined) return send(response, await answer(body));
    if (pathname === '/early.js') return script(response, site.early);
    if (pathname === '/shop.js') return script(response, `const KEY = '${publishableKey}';\n${site.script}`);
    if (pathname === '/shop.css') return response.writeHead(200, { 'Content-Type': 'text/css' }).end(STYLE);
    if (pathname !== '/') return response.writeHead(204).end();
    const headersOut = {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': csp(payOrigin, site),
      ...site.headers,
    };
    return response.writeHead(200, headersOut).end(pageOf(site));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  site.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return site;
}

const STYLE =
  'body{margin:0;padding:16px;font-family:sans-serif;color:#222;background:#fff}button{min-height:48px}';

function csp(payOrigin: string, { trustedTypes, connect }: ShopSite): string {
  return [
    "default-src 'none'",
    `script-src 'self' ${payOrigin}`,
    `frame-src ${payOrigin}`,
    "style-src 'self'",
    `connect-src ${connect}`,
    `form-action 'self' ${payOrigin}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
    ...(trustedTypes ? ["require-trusted-types-for 'script'", "trusted-types 'none'"] : []),
  ].join('; ');
}

function pageOf({ lang, tag }: ShopSite): string {
  return `<!doctype html><html lang="${lang}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Shop</title>
<link rel="stylesheet" href="/shop.css"><script src="/early.js"></script>
${tag}<script defer src="/shop.js"></script></head>
<body><main><h1>Checkout</h1><div id="card"></div><button type="button" id="pay">Pay</button></main></body></html>`;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function script(response: ServerResponse, text: string): void {
  response.writeHead(200, { 'Content-Type': 'text/javascript; charset=utf-8' }).end(text);
}

function send(response: ServerResponse, { location, text = '', type = 'text/plain' }: SiteAnswer): void {
  if (location === undefined) response.writeHead(200, { 'Content-Type': type }).end(text);
  else response.writeHead(303, { Location: location }).end();
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
