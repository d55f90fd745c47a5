import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A message's elements; any may be asked for. */
// biome-ignore lint/suspicious/noExplicitAny: a wrong guess fails the assertion on it
export type Wire = Record<string, any>;

/** What is done to the messages of the next authentication. `null`: the connection is cut; text is sent as it is. */
export interface Spoiling {
  ares?: (ares: Wire, areq: Wire) => Wire | string | null;
  /** Status of the HTTP answer to the AReq. */
  status?: number;
  /** How long the ARes is held back, ms. */
  delayMs?: number;
  /** What becomes of the RReq: as many are sent on as are given. */
  rreq?: (rreq: Wire) => (Wire | string)[];
}

export interface DirectoryProxy {
  /** For TEST_DS_URL. */
  url: string;
  spoil(next: Spoiling): void;
  /** Every message of the last authentication in its order, requests and answers, as they went over the wire. */
  wire: Wire[];
  of(messageType: string): Wire[];
  close(): Promise<void>;
}

/**
 * Stands between the service and the simulated Directory Server: listens to both, and spoils what it is told to.
 *
 * @param simulatorUrl null while it is not there yet.
 */
export async function startDirectoryProxy(simulatorUrl: () => string | null): Promise<DirectoryProxy> {
  const wire: Wire[] = [];
  let spoiling: Spoiling = {};
  let resultsUrl = '';

  async function toSimulator(path: string, text: string): Promise<string> {
    const headers = { 'Content-Type': 'application/json' };
    const answer = await fetch(`${simulatorUrl()}${path}`, { method: 'POST', headers, body: text });
    return answer.text();
  }

  async function authenticate(areq: Wire, path: string, response: ServerResponse): Promise<void> {
    wire.push(areq);
    resultsUrl = areq.threeDSServerURL;
    const answer = await toSimulator(
      path,
      JSON.stringify({ ...areq, threeDSServerURL: `${origin}/results` }),
    );
    const { ares = (same: Wire) => same, status = 200, delayMs = 0 } = spoiling;
    const spoiled = ares(JSON.parse(answer), areq);
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
    if (spoiled === null) return void response.destroy();
    const text = typeof spoiled === 'string' ? spoiled : JSON.stringify(spoiled);
    wire.push(typeof spoiled === 'string' ? { messageType: 'ARes', text } : spoiled);
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(text);
  }

  async function results(rreq: Wire, response: ServerResponse): Promise<void> {
    let first = '';
    for (const message of (spoiling.rreq ?? ((same: Wire) => [same]))(rreq)) {
      const body = typeof message === 'string' ? message : JSON.stringify(message);
      wire.push(typeof message === 'string' ? { messageType: 'RReq', text: body } : message);
      const answer = await fetch(resultsUrl, { method: 'POST', body });
      const text = await answer.text();
      wire.push(JSON.parse(text));
      first ||= text;
    }
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(first);
  }

  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    const message = JSON.parse(text) as Wire;
    const path = request.url ?? '';
    if (path === '/results') return results(message, response);
    if (message.messageType === 'AReq') return authenticate(message, path, response);
    if (message.messageType === 'Erro') wire.push(message);
    if (simulatorUrl() === null) return void response.writeHead(503).end();
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(await toSimulator(path, text));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `${origin}/ds/{brand}`,
    wire,
    of: (messageType) => wire.filter((message) => message.messageType === messageType),
    spoil: (next) => {
      wire.length = 0;
      spoiling = next;
    },
    close: () =>
      new Promise<void>((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
