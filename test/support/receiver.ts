import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import type { Json } from './api.ts';

/** A merchant's endpoint: verifies each notification and keeps what it said. */
export interface Receiver {
  url: string;
  /** Verified notifications in the order in which they came. */
  received: { id: string; event: Json }[];
  /** Notifications whose signature did not hold. */
  refused: number;
  close(): Promise<void>;
}

export async function startReceiver(secret: () => string): Promise<Receiver> {
  const receiver: Receiver = { url: '', received: [], refused: 0, close: async () => {} };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    );
    try {
      const event: Json = new Webhook(secret()).verify(Buffer.concat(chunks), headers);
      receiver.received.push({ id: headers['webhook-id'] ?? '', event });
      response.writeHead(204).end();
    } catch {
      receiver.refused += 1;
      response.writeHead(400).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  receiver.close = () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return receiver;
}
