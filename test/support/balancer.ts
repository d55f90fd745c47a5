import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What stands before several web processes: one is taken out before it is restarted, as operators do. */
export interface Balancer {
  url: string;
  /** Base addresses that get requests, in turn. */
  targets: string[];
  close(): Promise<void>;
}

export async function startBalancer(): Promise<Balancer> {
  const balancer: Balancer = { url: '', targets: [], close: () => closeServer(server) };
  let turn = 0;
  const server = createServer((incoming, outgoing) => {
    turn += 1;
    const target = balancer.targets[turn % balancer.targets.length];
    if (target === undefined) return outgoing.writeHead(503).end();
    const options = { method: incoming.method ?? 'GET', headers: incoming.headers, agent: false } as const;
    const passing = request(new URL(incoming.url ?? '/', target), options, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    passing.on('error', () => (outgoing.headersSent ? outgoing.destroy() : outgoing.writeHead(502).end()));
    incoming.pipe(passing);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  balancer.url = `http://localhost:${(server.address() as AddressInfo).port}`;
  return balancer;
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
