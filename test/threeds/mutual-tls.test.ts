import { writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Deps } from '../../src/deps.ts';
import { BRANDS } from '../../src/lib/card.ts';
import { openIdentity, openTlsPost, readPem, type TlsFiles } from '../../src/lib/tls.ts';
import { listen } from '../../src/roles/listen.ts';
import { resultsApp } from '../../src/roles/results-listener.ts';
import { type Simulator, startSimulator } from '../../src/simulator/main.ts';
import { authenticate } from '../../src/threeds/authenticate.ts';
import { openMetrics } from '../../src/web/metrics.ts';
import { VOUCHER_KEY } from '../simulator/world.ts';
import { testPan } from '../support/cards.ts';
import { testAuthority } from '../support/certificates.ts';
import { eventually } from '../support/eventually.ts';
import { tlsCall } from '../support/tls-call.ts';
import { openThreeDsWorlds, type ThreeDsWorlds } from './world.ts';

/** Both ways between 3DS Server and Directory Server, over real TLS (EMV 3DS 2.2.0, chapter 6). */
const authority = testAuthority('DS CA');
const stranger = testAuthority('Another CA');
const ours = authority.write('3ds-server');
const OLD_TLS = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' } as const;
const PAN = testPan('00', '00');

let worlds: ThreeDsWorlds;
let simulator: Simulator;
beforeAll(async () => {
  worlds = await openThreeDsWorlds();
  simulator = await startSimulator({
    httpPort: 0,
    acquirerPort: 0,
    tls: { port: 0, files: authority.write('directory-server') },
    dataDir: authority.folder,
    voucherKey: VOUCHER_KEY,
    log: { info: () => {}, warn: () => {}, error: () => {} },
  });
});
afterAll(async () => {
  await simulator?.close();
  await worlds?.close();
});

/** Asks a Directory Server about a card, showing a certificate. */
async function ask(url: string, files: TlsFiles) {
  const { deps, requestFor } = await worlds.at(url);
  const [visa, mastercard, jcb, amex, diners] = BRANDS.map(() => files);
  if (!visa || !mastercard || !jcb || !amex || !diners) throw new Error('five brands');
  const test = { ...networkOf(deps), tls: { visa, mastercard, jcb, amex, diners } };
  const config = { ...deps.config, networks: { test, live: null } };
  return authenticate({ ...deps, config }, await requestFor(PAN));
}

function networkOf({ config }: Deps) {
  const { test } = config.networks;
  if (test === null) throw new Error('a network of test mode');
  return test;
}

const dsUrl = () => `https://localhost:${simulator.dsPort}/ds/{brand}`;

describe('the way to the Directory Server', () => {
  test('is open with a certificate of its authority', async () => {
    expect(await ask(dsUrl(), ours)).toMatchObject({ kind: 'authenticated' });
  });

  test('is closed to anything else, and so is plain HTTP', async () => {
    const foreign = { ...stranger.write('client'), ca: [authority.caFile] };
    expect(await ask(dsUrl(), foreign)).toMatchObject({ kind: 'unavailable' });
    const ended = authority.write('ended-client', { days: -1 });
    expect(await ask(dsUrl(), ended)).toMatchObject({ kind: 'unavailable' });
    expect(
      await tlsCall(`https://localhost:${simulator.dsPort}/ds/visa`, { ca: [authority.caFile] }),
    ).toMatch(/ALERT|ECONNRESET/);
    const plain = await fetch(`${simulator.httpUrl}/ds/visa`, { method: 'POST', body: '{}' });
    expect(plain.status).toBe(404);
  });

  const good = authority.write('server');
  const servers: [string, () => TlsFiles, ServerOptions, RegExp][] = [
    ['of another authority', () => stranger.write('server'), {}, /UNABLE_TO_VERIFY|SELF_SIGNED/],
    ['that has ended', () => authority.write('ended', { days: -1 }), {}, /CERT_HAS_EXPIRED/],
    ['for another host', () => authority.write('other', { hosts: ['ds.example'] }), {}, /ALTNAME_INVALID/],
    ['with TLS 1.1', () => good, OLD_TLS, /EPROTO/],
  ];
  test.each(servers)(
    'ends at a server %s, before a byte of the message',
    async (_, files, options, reason) => {
      const { cert, key } = files();
      const server = createServer({ cert: readPem(cert), key: readPem(key), ...options });
      const { url, requests } = await serving(server);
      expect(await ask(url, ours)).toMatchObject({
        kind: 'unavailable',
        detail: expect.stringMatching(reason),
      });
      expect(requests()).toBe(0);
    },
  );

  test('ends at a server that speaks no TLS', async () => {
    const { url, requests } = await serving(createHttpServer());
    expect(await ask(url, ours)).toMatchObject({ kind: 'unavailable' });
    expect(requests()).toBe(0);
  });

  test('takes a renewed certificate without a restart, and keeps the old one where the new one is of no use', async () => {
    const files = authority.write('renewed', { days: -1 });
    const faults: unknown[] = [];
    const post = openTlsPost(openIdentity(files, (error) => faults.push(error), 0));
    const call = () =>
      post(`https://localhost:${simulator.dsPort}/none`, {
        method: 'POST',
        headers: {},
        body: '{}',
        redirect: 'manual',
        signal: AbortSignal.timeout(5_000),
      }).then(({ status }) => status);
    await expect(call()).rejects.toThrow();
    authority.write('renewed');
    expect(await call()).toBe(404);
    writeFileSync(files.cert, 'half a file');
    expect(await call()).toBe(404);
    expect(faults).toHaveLength(1);
  });
});

describe('the listener for live results', () => {
  let url: string;
  const refused: Error[] = [];
  const server = authority.write('results', { days: 1 });
  beforeAll(async () => {
    const { deps } = await worlds.at('http://127.0.0.1:9');
    const app = resultsApp(deps, openMetrics(), 'live');
    const identities = [
      { host: 'localhost', current: openIdentity(server, () => {}, 0) },
      { host: 'jcb.example', current: openIdentity(stranger.write('results'), () => {}, 0) },
    ];
    const onRefused = (error: Error) => refused.push(error);
    const listener = await listen(app.fetch, '127.0.0.1', 0, { identities, onRefused, checkMs: 20 });
    url = `https://localhost:${listener.port}/3ds/results`;
    return () => listener.close();
  });

  test('reads what a Directory Server posts, and nothing else', async () => {
    const erro = { status: 200, text: expect.stringContaining('"messageType":"Erro"') };
    expect(await tlsCall(url, ours, '{"messageType":"RReq"}')).toMatchObject(erro);
    expect(await tlsCall(url, ours, '', { method: 'GET' })).toEqual({ status: 404, text: '' });
    for (const path of ['/', '/v1/sessions', '/readyz', '/metrics', '/3ds/notification']) {
      expect(await tlsCall(new URL(path, url).href, ours)).toEqual({ status: 404, text: '' });
    }
    expect(await tlsCall(url, ours, 'x'.repeat(70_000))).toMatchObject(erro);
  });

  test('turns everybody else away in the handshake', async () => {
    const ca = [authority.caFile];
    const bad: [TlsFiles | { ca: string[] }, object][] = [
      [{ ca }, {}],
      [{ ...stranger.write('client'), ca }, {}],
      [authority.write('ended-client', { days: -1 }), {}],
      [ours, OLD_TLS],
    ];
    for (const [files, options] of bad) {
      expect(await tlsCall(url, files, '{}', options)).toMatch(/ALERT|ECONNRESET|CERT|EPROTO/);
    }
    await expect(fetch(url.replace('https:', 'http:'), { method: 'POST', body: '{}' })).rejects.toThrow();
    expect(refused).toHaveLength(5);
  });

  test('each host shows its own certificate and believes its own authority alone', async () => {
    const theirs = stranger.write('client');
    const named = { servername: 'jcb.example', checkServerIdentity: () => undefined };
    expect(await tlsCall(url, theirs, '{}', named)).toMatchObject({ status: 200 });
    const crossed = { ...ours, ca: [stranger.caFile] };
    expect(await tlsCall(url, crossed, '{}', named)).toMatch(/ALERT|ECONNRESET|EPROTO/);
  });

  test('shows a renewed certificate without a restart', async () => {
    authority.write('results', { hosts: ['renewed.example', 'localhost'] });
    await eventually('the renewed certificate', async () => {
      const answer = await tlsCall(url, ours, '{}', { servername: 'renewed.example' });
      return typeof answer !== 'string' && answer.status === 200;
    });
  });
});

async function serving(server: Server | ReturnType<typeof createServer>) {
  let count = 0;
  server.on('request', (_request, response) => {
    count += 1;
    response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}/ds/{brand}`,
    requests: () => count,
  };
}
