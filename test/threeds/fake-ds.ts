import { createServer, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';

type Elements = Record<string, unknown>;

/** Answers one message: with an object, with raw text, or (undefined) by itself or not at all. */
export type Script = (message: Elements, response: ServerResponse) => unknown;

/** Visa's Directory Server over real HTTP, doing what a test tells it; the other brands have none. */
export interface FakeDs {
  url: string;
  /** What it received, by message type. */
  received(type: string): Elements[];
  answer(type: string, script: Script): void;
}

export async function openFakeDs(): Promise<FakeDs> {
  const messages: Elements[] = [];
  const scripts = new Map<string, Script>([['Erro', () => ({})]]);
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    if (request.url !== '/ds/visa') return void response.writeHead(404).end();
    const message: Elements = JSON.parse(body);
    messages.push(message);
    const reply = scripts.get(String(message.messageType))?.(message, response);
    if (reply !== undefined) response.end(typeof reply === 'string' ? reply : JSON.stringify(reply));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/ds/{brand}`,
    received: (type) => messages.filter(({ messageType }) => messageType === type),
    answer: (type, script) => void scripts.set(type, script),
  };
}
