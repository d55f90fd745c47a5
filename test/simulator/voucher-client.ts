import { createServer } from 'node:http';
import { signRequest, verifyRequest } from '../../src/lib/http-signature.ts';
import type { Json } from '../support/api.ts';
import { VOUCHER_KEY, type World } from './world.ts';

/** What the service sends to the voucher centre, and where its notices go (docs/voucher-centre.md). */
export interface CentreAnswer {
  status: number;
  body: Json;
}

/** One signed call: `ask(world, 'GET', 'numbers/num_1')`. */
export async function ask(
  { simulator }: World,
  method: string,
  path: string,
  value?: unknown,
): Promise<CentreAnswer> {
  const url = `${simulator.httpUrl}/centre/${path}`;
  const body = value === undefined ? '' : JSON.stringify(value);
  const signed = { method, url, body, key: VOUCHER_KEY, keyId: 'payresort', now: new Date() };
  return sendCall(url, method, body, signRequest(signed));
}

export async function sendCall(
  url: string,
  method: string,
  body: string,
  headers: Record<string, string>,
): Promise<CentreAnswer> {
  // A connection that was kept would not outlive a restart.
  const closing = { ...headers, connection: 'close' };
  const response = await fetch(url, { method, headers: closing, ...(body === '' ? {} : { body }) });
  return { status: response.status, body: await response.json() };
}

let made = 0;

/** A reference that no other test has. */
export function newReference(): string {
  made += 1;
  return `num_test${made}`;
}

type Service = 'konbini' | 'payeasy' | 'bank_link';

const PLACES: Record<Service, Record<string, unknown>> = {
  konbini: { chain: 'seven_eleven' },
  payeasy: {},
  bank_link: { bank: '0010', return_url: 'https://pay.example/p/t/returned?lang=en' },
};

/** What a number of ¥12,800 is asked for with. Notices go nowhere unless somebody listens. */
export function numberRequest(service: Service = 'konbini', changes: Record<string, unknown> = {}) {
  return {
    service,
    ...PLACES[service],
    merchant_id: 'A100000001',
    order_id: `order-${made}`,
    amount: 12_800,
    pay_by: new Date(Date.now() + 3 * 86_400_000).toISOString(),
    payer: { name1: '山田', name2: '太郎', kana: 'ヤマダタロウ', phone: '09012345678' },
    content: 'こはる商店',
    notice_url: 'http://127.0.0.1:9/notices',
    ...changes,
  };
}

export interface NoticeServer {
  url: string;
  received: Json[];
  /** How many more notices are not acknowledged. */
  failures: number;
  /** Notices whose signature was not the centre's. */
  unsigned: number;
  close(): Promise<void>;
}

export async function openNoticeServer(): Promise<NoticeServer> {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    );
    const signed = { method: 'POST', url: notices.url, body, headers };
    const verdict = verifyRequest({ ...signed, key: VOUCHER_KEY, now: new Date(), toleranceMs: 5_000 });
    if (!verdict.ok || verdict.keyId !== 'centre') notices.unsigned += 1;
    notices.received.push(JSON.parse(body));
    notices.failures -= 1;
    response.writeHead(notices.failures >= 0 ? 503 : 204).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const notices: NoticeServer = {
    url: `http://127.0.0.1:${port}/notices`,
    received: [],
    failures: 0,
    unsigned: 0,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return notices;
}
