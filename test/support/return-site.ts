import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A merchant's return URL on another site than the payment page (127.0.0.1 against localhost). */
export interface ReturnSite {
  url: string;
  /** What came back, newest last. */
  returns: { method: string; fields: Record<string, string>; cookie: string | null; origin: string | null }[];
  close(): Promise<void>;
}

export async function startReturnSite(): Promise<ReturnSite> {
  const site: ReturnSite = { url: '', returns: [], close: async () => {} };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { pathname, searchParams } = new URL(request.url ?? '/', site.url);
    if (pathname === '/return') {
      const body =
        request.method === 'POST' ? new URLSearchParams(Buffer.concat(chunks).toString()) : searchParams;
      site.returns.push({
        method: request.method ?? '',
        fields: Object.fromEntries(body),
        cookie: request.headers.cookie ?? null,
        origin: request.headers.origin ?? null,
      });
    }
    // A cookie of the shop's own, as every cart has: the browser must not bring it along with a cross-site POST.
    response.writeHead(200, { 'Content-Type': 'text/html', 'Set-Cookie': 'cart=1; SameSite=Lax; Path=/' });
    response.end('<!doctype html><title>Shop</title><h1>Welcome back</h1>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  site.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  site.close = () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return site;
}
