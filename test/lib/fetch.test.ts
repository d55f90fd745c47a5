import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { isPrivate, type PostOptions, postSafely } from '../../src/lib/fetch.ts';

const servers: ReturnType<typeof createServer>[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
});

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return (server.address() as AddressInfo).port;
}

function options(url: string, changes: Partial<PostOptions> = {}): PostOptions {
  return { url, headers: {}, body: '{}', timeoutMs: 1_000, allowPrivate: true, ...changes };
}

test.each([
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '127.0.0.1',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:10.0.0.1',
  '::ffff:7f00:1',
  '64:ff9b::7f00:1',
  'fc00::1',
  'fd12:3456::1',
  'fe80::1',
  'ff02::1',
  '2001:db8::1',
  '2002:7f00:1::',
  'not an address',
])('%s is no public address', (address) => {
  expect(isPrivate(address)).toBe(true);
});

test.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '::ffff:8.8.8.8'])(
  '%s is public',
  (address) => {
    expect(isPrivate(address)).toBe(false);
  },
);

test('a name that leads to a private address, even as one of several, is not called', async () => {
  let calls = 0;
  const port = await serve((_, response) => {
    calls += 1;
    response.end();
  });
  for (const addresses of [['127.0.0.1'], ['8.8.8.8', '127.0.0.1'], ['::ffff:127.0.0.1']]) {
    const target = options(`http://shop.example:${port}/`, {
      allowPrivate: false,
      resolve: async () => addresses,
    });
    expect(await postSafely(target)).toEqual({ kind: 'fault', fault: 'private_address' });
  }
  expect(calls).toBe(0);
});

test('the name is looked up once and the connection goes to that very address', async () => {
  let lookups = 0;
  let host = '';
  const port = await serve((request, response) => {
    host = request.headers.host ?? '';
    response.writeHead(204).end();
  });
  const resolve = async () => {
    lookups += 1;
    return [lookups === 1 ? '127.0.0.1' : '127.0.0.2'];
  };
  const result = await postSafely(options(`http://rebinding.example:${port}/`, { resolve }));
  expect(result).toMatchObject({ kind: 'answer', status: 204 });
  expect([lookups, host]).toEqual([1, `rebinding.example:${port}`]);
});

test('a redirect is an answer and is not followed', async () => {
  const paths: string[] = [];
  const port = await serve((request, response) => {
    paths.push(request.url ?? '');
    response.writeHead(302, { Location: '/elsewhere' }).end();
  });
  expect(await postSafely(options(`http://127.0.0.1:${port}/hook`))).toMatchObject({
    kind: 'answer',
    status: 302,
  });
  expect(paths).toEqual(['/hook']);
});

test.each([
  ['too large', (response: ServerResponse) => response.end('x'.repeat(200_000))],
  ['never whole', (response: ServerResponse) => response.writeHead(200).write('x')],
  [
    'cut off',
    (response: ServerResponse) =>
      response.writeHead(200, { 'Content-Length': '9' }).write('x', () => response.destroy()),
  ],
])('a body that is %s changes nothing about the status', async (_, answer) => {
  const port = await serve((__, response) => void answer(response));
  const result = await postSafely(options(`http://127.0.0.1:${port}/`, { timeoutMs: 3_000 }));
  expect(result).toMatchObject({ kind: 'answer', status: 200, retryAfter: null });
  expect(result.kind === 'answer' && result.body.length).toBeLessThanOrEqual(1_024);
});

test('no status in time is a fault, and so is a name server that takes its time', async () => {
  const silent = await serve(() => {});
  const late = await postSafely(options(`http://127.0.0.1:${silent}/`, { timeoutMs: 80 }));
  expect(late).toEqual({ kind: 'fault', fault: 'timeout' });
  const resolve = () => new Promise<string[]>(() => {});
  const unresolved = await postSafely(options('http://slow.example/', { timeoutMs: 80, resolve }));
  expect(unresolved).toEqual({ kind: 'fault', fault: 'dns_failed' });
});

test('nobody there and no such name are faults with their own names', async () => {
  expect(await postSafely(options('http://127.0.0.1:9/'))).toEqual({
    kind: 'fault',
    fault: 'connection_failed',
  });
  const nameless = options('http://nowhere.example/', { resolve: async () => [] });
  expect(await postSafely(nameless)).toEqual({ kind: 'fault', fault: 'dns_failed' });
});
