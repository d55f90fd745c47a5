import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What stands before several web processes: one is taken out before it is restarted, as operators do. */
export interface Balancer {
  url: string;
  /** Gives requests to this base address too, in turn. */
  add(target: string): void;
  /** Gives it no more requests; resolves once it has answered those that it has. */
  takeOut(target: string): Promise<void>;
  close(): Promise<void>;
}

const KEEP_ALIVE_MS = 75_000;

export async function startBalancer(): Promise<Balancer> {
  const targets: string[] = [];
  const inFlight = new Map<string, number>();
  const count = (target: string, by: number) => inFlight.set(target, (inFlight.get(target) ?? 0) + by);
  let turn = 0;
  const server = createServer((incoming, outgoing) => {
    turn += 1;
    const target = targets[turn % targets.length];
    if (target === undefined) return outgoing.writeHead(503).end();
    count(target, 1);
    outgoing.once('close', () => count(target, -1));
    const options = { method: incoming.method ?? 'GET', headers: incoming.headers, agent: false } as const;
    const passing = request(new URL(incoming.url ?? '/', target), options, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    passing.on('error', () => (outgoing.headersSent ? outgoing.destroy() : outgoing.writeHead(502).end()));
    incoming.pipe(passing);
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    add: (target) => {
      targets.push(target);
    },
    takeOut: async (target) => {
      targets.splice(targets.indexOf(target), 1);
      while ((inFlight.get(target) ?? 0) > 0) await new Promise((later) => setTimeout(later, 20));
    },
    close: () => closeServer(server),
  };
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
