import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What an answer is before it is passed on: change it in place. */
export interface Passing {
  path: string;
  status: number;
  headers: Headers;
  body: string;
}

/** Something between the browser and us, a CDN or worse, which may change what it passes on. */
export interface TamperingProxy {
  url: string;
  /** Where it fetches from. */
  target: string;
  tamper: (passing: Passing) => void;
  close(): Promise<void>;
}

export async function startTamperingProxy(): Promise<TamperingProxy> {
  const proxy: TamperingProxy = { url: '', target: '', tamper: () => {}, close: async () => {} };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = chunks.length === 0 ? {} : { body: Buffer.concat(chunks) };
    const answer = await fetch(`${proxy.target}${request.url}`, {
      method: request.method ?? 'GET',
      headers: passedOn(request.headers),
      redirect: 'manual',
      ...body,
    }).catch(() => null);
    if (answer === null) return response.writeHead(502).end();
    const headers = new Headers(answer.headers);
    for (const name of ['content-encoding', 'content-length', 'transfer-encoding', 'connection'])
      headers.delete(name);
    const passing = { path: request.url ?? '', status: answer.status, headers, body: await answer.text() };
    proxy.tamper(passing);
    return response.writeHead(passing.status, [...passing.headers].flat()).end(passing.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  proxy.url = `http://localhost:${(server.address() as AddressInfo).port}`;
  proxy.close = () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return proxy;
}

function passedOn(headers: IncomingHttpHeaders): Record<string, string> {
  const left = ['host', 'connection', 'content-length', 'accept-encoding', 'keep-alive'];
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      typeof value === 'string' && !left.includes(name) ? [[name, value]] : [],
    ),
  );
}
