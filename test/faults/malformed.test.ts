import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CONSOLE_ROUTES } from '../../src/web/console/routes.ts';
import { apiClient, newOrderId, sessionBody } from '../support/api.ts';
import { codeAt } from '../support/people.ts';
import { type Stack, startStack } from '../support/processes.ts';
import { randomOf } from '../support/random.ts';
import { type Known, type Malformed, malformed } from './malformed-requests.ts';

/**
 * Requests that no honest client sends: none is answered with an error of ours, none makes the process grow, and it goes on
 * taking payments. `npm run malformed` sends 100,000; the suite some, drawn by a printed seed.
 */
const COUNT = Number(process.env.MALFORMED ?? 1_500);
const SEED = Number(process.env.MALFORMED_SEED ?? Date.now() % 1_000_000);
const AT_ONCE = 16;
const PARTS = 20;
const MOST_GROWTH = 40 * 1024 * 1024;
let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ env: { LOG_LEVEL: 'error' } });
});
afterAll(() => stack?.stop());

async function whatThereIs(): Promise<Known> {
  const { demo } = stack;
  const api = apiClient(stack.baseUrl, demo.secret_key);
  const document = await (await fetch(`${stack.baseUrl}/openapi.json`)).json();
  const { body: session } = await api('POST', '/v1/sessions', sessionBody());
  const link = { title: '器', price: { type: 'fixed', amount: 100 }, stock: 5 };
  const { body: paymentLink } = await api('POST', '/v1/payment-links', link);
  const asked = { order_id: newOrderId('asked'), amount: 100, customer: { email: 'a@example.com' } };
  const { body: request } = await api('POST', '/v1/payment-requests', asked);
  const page = new URL(session.url).pathname;
  const pages = [
    ...['', '/pay', '/continue', '/cancel', '/method', '/result'].map((end) => page + end),
    ...[
      '/pay',
      '/console/login',
      '/console/login/code',
      '/console/forgot',
      '/console',
      '/r/check',
      '/v1/tokens',
    ],
    ...[
      '/3ds/results',
      '/3ds/notification',
      '/3ds/method-notification',
      '/vouchers/notices/test',
      '/docs',
      '/static',
    ],
    ...['/fields/card', '/js/token.js', '/csp-reports', '/receipts/x', '/legal/x', '/logos/x', '/demo/inbox'],
    new URL(paymentLink.url).pathname,
    new URL(request.url).pathname,
  ];
  const { cookie, routes } = await atTheConsole();
  const ids = [session.id, paymentLink.id, request.id, demo.merchant_id];
  return {
    document,
    secretKey: demo.secret_key,
    publishableKey: demo.publishable_key,
    ids,
    pages,
    cookie,
    console: routes,
  };
}

/** Logged in with both factors. What would end the login, or leave the mode, is not tried. */
async function atTheConsole(): Promise<{ cookie: string; routes: Known['console'] }> {
  const { login_id, password, totp_secret } = stack.demo.console;
  let cookie = '';
  const post = async (path: string, form: Record<string, string>) => {
    const answered = await fetch(`${stack.baseUrl}${path}`, {
      method: 'POST',
      headers: { 'Sec-Fetch-Site': 'same-origin', Cookie: cookie },
      body: new URLSearchParams(form),
      redirect: 'manual',
    });
    cookie = answered.headers.getSetCookie()[0]?.split(';')[0] ?? cookie;
  };
  await post('/console/login', { login_id, password });
  await post('/console/login/code', { code: codeAt(new Date(), totp_secret) });
  const seen = await fetch(`${stack.baseUrl}/console/payments`, {
    headers: { Cookie: cookie },
    redirect: 'manual',
  });
  expect(seen.status).toBe(200);
  const routes = CONSOLE_ROUTES.filter(
    ({ path }) => !/logout|mode|sessions\/end|account\/confirm|conformance/.test(path),
  );
  return { cookie, routes: routes.map(({ method, path }) => ({ method, path })) };
}

test('nothing malformed is an error of ours, and memory stays flat', { timeout: 3_600_000 }, async () => {
  const known = await whatThereIs();
  const random = randomOf(SEED);
  const statuses: Record<string, number> = {};
  const faults: string[] = [];
  const heap: number[] = [];
  for (let part = 0; part < PARTS; part += 1) {
    await sendAll(known, random, COUNT / PARTS, statuses, faults);
    heap.push(await heapBytes());
  }
  // What is held stands after a collection: the least of several looks, in the second half against the first.
  const grown = Math.min(...heap.slice(PARTS / 2)) - Math.min(...heap.slice(0, PARTS / 2));
  const told = Object.entries(statuses).map(([status, count]) => `${count} × ${status}`);
  process.stdout.write(
    `malformed: ${COUNT} requests, seed ${SEED}: ${told.join(', ')}; MB of heap ${heap.map((bytes) => Math.round(bytes / 1e6)).join(' ')}\n`,
  );
  expect(faults.slice(0, 5)).toEqual([]);
  expect(grown).toBeLessThan(MOST_GROWTH);
  const api = apiClient(stack.baseUrl, stack.demo.secret_key);
  expect((await api('POST', '/v1/sessions', sessionBody())).status).toBe(201);
});

test.each([
  ['a method that there is not', 'BREW /v1/sessions HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['no HTTP', '\u0016\u0003\u0001 hello\r\n\r\n'],
  ['a flood of headers', `GET / HTTP/1.1\r\nHost: x\r\n${'X-A: b\r\n'.repeat(5_000)}\r\n`],
  ['a header without end', `GET / HTTP/1.1\r\nHost: x\r\nX-A: ${'b'.repeat(100_000)}\r\n\r\n`],
  [
    'two lengths',
    'POST /v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello',
  ],
  [
    'a length and chunks',
    'POST /v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  ],
  ['broken chunks', 'POST /v1/sessions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello'],
  ['a body that never comes', 'POST /v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\nhello'],
  ['a line end in the path', 'GET /p/a\u000bb HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['no host', 'GET /docs HTTP/1.1\r\n\r\n'],
])('%s is refused, and the next request answered', async (_, raw) => {
  const answer = await sendRaw(raw);
  expect(answer).not.toMatch(/^HTTP\/1\.1 5/);
  expect((await fetch(`${stack.baseUrl}/readyz`)).status).toBe(200);
});

test('who sends a body larger than there may be is told so, without its being read', async () => {
  const body = new Uint8Array(8 * 1024 * 1024).fill(97);
  const answered = await fetch(`${stack.baseUrl}/v1/sessions`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${stack.demo.secret_key}`, 'Content-Type': 'application/json' },
    body,
  }).then(
    ({ status }) => status,
    () => 'closed',
  );
  expect([413, 'closed']).toContain(answered);
});

async function sendAll(
  known: Known,
  random: () => number,
  count: number,
  statuses: Record<string, number>,
  faults: string[],
): Promise<void> {
  let left = count;
  const client = async () => {
    while (left > 0) {
      left -= 1;
      const request = malformed(known, random);
      const status = await send(request);
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (status === 'none' || Number(status) >= 500) faults.push(`${status}: ${told(request)}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, client));
}

async function send({ method, path, headers, body }: Malformed): Promise<string> {
  const init: RequestInit = { method, headers, redirect: 'manual' };
  if (body !== undefined && method !== 'GET' && method !== 'HEAD') init.body = Buffer.from(body);
  try {
    const response = await fetch(`${stack.baseUrl}${path}`, init);
    await response.arrayBuffer();
    return String(response.status);
  } catch (error) {
    return error instanceof TypeError && /invalid|Failed to parse/i.test(String(error.message))
      ? 'unsent'
      : 'none';
  }
}

function told({ method, path, headers, body }: Malformed): string {
  const text = typeof body === 'string' ? body : Buffer.from(body ?? []).toString('latin1');
  return `${method} ${path.slice(0, 200)} ${JSON.stringify({ ...headers, Authorization: undefined })} ${text.slice(0, 400)}`;
}

function sendRaw(raw: string): Promise<string> {
  return new Promise((resolve) => {
    const { port } = new URL(stack.baseUrl);
    let answer = '';
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(raw, 'latin1'));
    socket.setTimeout(1_000, () => socket.destroy());
    socket.on('data', (data) => {
      answer += data.toString('latin1');
    });
    socket.on('error', () => {}).on('close', () => resolve(answer));
  });
}

async function heapBytes(): Promise<number> {
  const told = await (await fetch(`${stack.baseUrl}/metrics`)).text();
  return Number(/^nodejs_heap_size_used_bytes (\S+)/m.exec(told)?.[1]);
}
