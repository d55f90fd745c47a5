import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Log } from '../lib/log.ts';
import type { Identity } from '../lib/tls.ts';

/** A request as the simulator's handlers see it. */
export interface HttpRequest {
  method: string;
  url: URL;
  body: string;
  contentType: string;
  acceptLanguage: string;
  /** Names in lower case. */
  headers: Record<string, string>;
}

/** An answer, or one of two ways of giving none: holding the connection open, or cutting it. */
export type HttpReply =
  | { status: number; headers?: Record<string, string>; body?: string }
  | { silence: 'hold' | 'cut' };

export interface HttpServer {
  port: number;
  close(): Promise<void>;
}

const BODY_LIMIT = 65_536;

/**
 * An HTTP server on 127.0.0.1, with `identity` one by https that asks for a certificate. The simulator must be able to leave a request unanswered or to cut it
 * off, which is why it does not stand on the service's web framework.
 */
export async function openHttp(
  options: { port: number; holdMs: number; log: Log; identity?: Identity },
  handle: (request: HttpRequest) => Promise<HttpReply>,
): Promise<HttpServer> {
  const listener = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    answer(incoming, outgoing, options.holdMs, handle).catch((error) => {
      options.log.error({ error: error instanceof Error ? error.message : 'unknown' }, 'simulator failed');
      outgoing.destroy();
    });
  };
  const { identity } = options;
  const server =
    identity === undefined
      ? createServer(listener)
      : createTlsServer({ ...identity, requestCert: true, rejectUnauthorized: true }, listener);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  const address = server.address();
  return {
    port: address !== null && typeof address === 'object' ? address.port : 0,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  holdMs: number,
  handle: (request: HttpRequest) => Promise<HttpReply>,
): Promise<void> {
  const body = await readBody(incoming);
  const reply = body === null ? { status: 413, body: 'too large' } : await handle(toRequest(incoming, body));
  if ('silence' in reply) {
    if (reply.silence === 'cut') outgoing.destroy();
    else setTimeout(() => outgoing.destroy(), holdMs).unref();
    return;
  }
  const text = reply.body ?? '';
  outgoing.writeHead(reply.status, { 'content-length': String(Buffer.byteLength(text)), ...reply.headers });
  outgoing.end(incoming.method === 'HEAD' ? '' : text);
}

async function readBody(incoming: IncomingMessage): Promise<string | null> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of incoming) {
    size += part.length;
    if (size > BODY_LIMIT) return null;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function toRequest(incoming: IncomingMessage, body: string): HttpRequest {
  return {
    method: incoming.method ?? 'GET',
    url: new URL(incoming.url ?? '/', `http://${incoming.headers.host ?? '127.0.0.1'}`),
    body,
    contentType: incoming.headers['content-type'] ?? '',
    acceptLanguage: incoming.headers['accept-language'] ?? '',
    headers: Object.fromEntries(
      Object.entries(incoming.headers).map(([name, value]) => [name, String(value)] as const),
    ),
  };
}

/** A JSON answer. */
export function json(value: unknown, status = 200): HttpReply {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=UTF-8', 'cache-control': 'no-store' },
    body: JSON.stringify(value),
  };
}

/**
 * An HTML answer. The page may be framed by anybody, as an ACS must; its forms go back here or to `origin`
 * only.
 */
export function html(page: (nonce: string) => string, origin: string, status = 200): HttpReply {
  const nonce = randomBytes(16).toString('base64');
  const policy = [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    `script-src 'nonce-${nonce}'`,
    `form-action 'self'${origin === 'none' ? '' : ` ${origin}`}`,
    "base-uri 'none'",
  ];
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=UTF-8',
      'cache-control': 'no-store',
      'content-security-policy': policy.join('; '),
      'x-content-type-options': 'nosniff',
    },
    body: page(nonce),
  };
}

/** Of an address, for a page's policy; `none` where it is no web address. */
export function originOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  return parsed && /^https?:$/.test(parsed.protocol) ? parsed.origin : 'none';
}
