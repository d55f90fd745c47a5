import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer, Server as TlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { Identity } from '../lib/tls.ts';

type Serve = Parameters<typeof createAdaptorServer>[0]['fetch'];

export interface Listener {
  port: number;
  /** Takes nothing new, lets what is in flight finish (at most `DRAIN_MS`), closes. */
  close(): Promise<void>;
}

const DRAIN_MS = 20_000;
/** Longer than the idle time of the proxies in front of us, so that it is they who close. */
const KEEP_ALIVE_MS = 75_000;
const HEADERS_MS = 10_000;
const REQUEST_MS = 30_000;

/** For a listener that asks everybody for a certificate. */
export interface MutualTls {
  /** What is shown by the host's name that is asked for, and whom it believes; the first where none is named. */
  identities: { host: string; current(): Identity }[];
  /** Somebody was turned away before anything was read. */
  onRefused(error: Error): void;
  checkMs?: number;
}

/** Serves over HTTP, or with `tls` over https to who has the right certificate. Throws when the address cannot be had. */
export async function listen(fetch: Serve, host: string, port: number, tls?: MutualTls): Promise<Listener> {
  const limits = {
    keepAliveTimeout: KEEP_ALIVE_MS,
    headersTimeout: HEADERS_MS,
    requestTimeout: REQUEST_MS,
    maxHeaderSize: 16_384,
  };
  const server = (
    tls === undefined
      ? createAdaptorServer({ fetch, createServer, serverOptions: limits })
      : createAdaptorServer({
          fetch,
          createServer: createTlsServer,
          serverOptions: { ...limits, ...DEMANDING, ...tls.identities[0]?.current() },
        })
  ) as Server;
  if (tls !== undefined && server instanceof TlsServer) keepFresh(server, tls);
  const silent = trackSilent(server);
  await new Promise<void>((bound, failed) => {
    const onError = (cause: Error) => failed(new Error(`cannot listen on ${host}:${port}`, { cause }));
    server.once('error', onError).listen(port, host, () => {
      server.off('error', onError);
      bound();
    });
  });
  return { port: (server.address() as AddressInfo).port, close: () => close(server, silent) };
}

const DEMANDING = { requestCert: true, rejectUnauthorized: true, handshakeTimeout: 5_000 } as const;

const CHECK_MS = 10_000;

/** New connections get the new certificate; those that stand go on with the old one. */
function keepFresh(server: TlsServer, { identities, onRefused, checkMs = CHECK_MS }: MutualTls): void {
  const used = new Map<string, Identity>();
  const refresh = () => {
    for (const [index, { host, current }] of identities.entries()) {
      const identity = current();
      if (identity === used.get(host)) continue;
      used.set(host, identity);
      server.addContext(host, identity);
      if (index === 0) server.setSecureContext(identity);
    }
  };
  refresh();
  const timer = setInterval(refresh, checkMs).unref();
  server.on('tlsClientError', onRefused).once('close', () => clearInterval(timer));
}

/** Connections that never sent anything: browsers open some ahead of need, and Node.js counts them as busy. */
function trackSilent(server: Server): Set<Socket> {
  const silent = new Set<Socket>();
  server.on(server instanceof TlsServer ? 'secureConnection' : 'connection', (socket: Socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  server.on('request', ({ socket }) => silent.delete(socket));
  return silent;
}

async function close(server: Server, silent: Set<Socket>): Promise<void> {
  const idle = setInterval(() => {
    server.closeIdleConnections();
    for (const socket of silent) socket.destroy();
  }, 50);
  const force = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await new Promise((closed) => server.close(closed));
  clearInterval(idle);
  clearTimeout(force);
}
