import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A Directory Server in front of the simulated one, that spoils the answers about one card. */
export async function startBadDirectoryServer(simulatorUrl: () => string, pan: string) {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const answer = await fetch(`${simulatorUrl()}${request.url}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body,
    }).catch(() => null);
    const text = (await answer?.text()) ?? '';
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(
      body.includes(pan) && body.includes('"AReq"') ? text.replace('"acsTransID"', '"acsTransXX"') : text,
    );
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const close = () =>
    new Promise<void>((closed) => {
      server.close(() => closed());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/ds/{brand}`, close };
}
