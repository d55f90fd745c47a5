import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../src/db/client.ts';
import { authentications } from '../../src/db/schema.ts';
import { readPem } from '../../src/lib/tls.ts';
import { resultsApp } from '../../src/roles/results-listener.ts';
import { openMetrics } from '../../src/web/metrics.ts';
import { apiClient, newOrderId, sessionBody } from '../support/api.ts';
import { testPan } from '../support/cards.ts';
import { testAuthority } from '../support/certificates.ts';
import { createDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import {
  consecutivePorts,
  runMain,
  type Stack,
  startRole,
  startStack,
  type Variables,
} from '../support/processes.ts';
import { pay } from '../support/shopper.ts';
import { tlsCall } from '../support/tls-call.ts';
import { worldForTest } from '../support/world.ts';

/** One machine where service and simulated Directory Server speak mutual TLS, both ways. */
const authority = testAuthority();
const client = authority.write('3ds-server', { days: 20 });
const results = authority.write('results');
const server = authority.write('directory-server');
let stack: Stack;
let variables: Variables;
let resultsUrl: string;

beforeAll(async () => {
  const dsPort = await consecutivePorts(2);
  resultsUrl = `https://localhost:${dsPort + 1}`;
  variables = {
    TEST_DS_URL: `https://localhost:${dsPort}/ds/{brand}`,
    TEST_DS_CLIENT_CERT: client.cert,
    TEST_DS_CLIENT_KEY: client.key,
    TEST_DS_CA: authority.caFile,
    TEST_RESULTS_URL: resultsUrl,
    TEST_RESULTS_PORT: String(dsPort + 1),
    TEST_RESULTS_CERT: results.cert,
    TEST_RESULTS_KEY: results.key,
    SIMULATOR_DS_PORT: String(dsPort),
    SIMULATOR_DS_CERT: server.cert,
    SIMULATOR_DS_KEY: server.key,
    SIMULATOR_DS_CA: authority.caFile,
  };
  stack = await startStack({ env: variables });
});
afterAll(() => stack?.stop());

test.each([
  ['without a challenge', '00'],
  ['with a challenge', '01'],
])('a payment goes through over mutual TLS, %s', async (_, scenario) => {
  const api = apiClient(stack.baseUrl, stack.demo.secret_key);
  const { body: session } = await api('POST', '/v1/sessions', sessionBody({ order_id: newOrderId() }));
  await pay(session.url, { number: testPan(scenario, '00') }, { javascript: true });
  const paid = await eventually('the end of the session', async () => {
    const { body } = await api('GET', `/v1/sessions/${session.id}`);
    return body.status === 'complete' && body;
  });
  expect(paid.payment).toMatchObject({ status: 'captured', three_ds: { trans_status: 'Y' } });
});

test('results come in by their own listener alone', async () => {
  const open = await fetch(`${stack.baseUrl}/3ds/results`, { method: 'POST', body: '{}' });
  expect(open.status).toBe(404);
  expect(await tlsCall(`${resultsUrl}/3ds/results`, { ca: [authority.caFile] })).toMatch(/ALERT|ECONNRESET/);
  const metrics = await (await fetch(`${stack.baseUrl}/metrics`)).text();
  expect(metrics).toContain('payresort_results_refused_total{mode="test"} 1');
  expect(metrics).toMatch(/payresort_certificate_expiry_seconds\{name="test_ds_client"\} 17\d{5}/);
  expect(metrics).toMatch(/payresort_request_seconds_count\{[^}]*surface="results"[^}]*\} 1/);
});

test('a result is taken by the listener of its mode alone', async () => {
  const api = apiClient(stack.baseUrl, stack.demo.secret_key);
  const { body: session } = await api('POST', '/v1/sessions', sessionBody({ order_id: newOrderId() }));
  await pay(session.url, { number: testPan('01', '00') }, { javascript: true, otp: 'leave' });
  const { db, close } = openDatabase(stack.databaseUrl ?? '', 2);
  onTestFinished(() => close());
  const [row] = await db.select().from(authentications).where(eq(authentications.sessionId, session.id));
  const message = JSON.stringify({
    messageType: 'RReq',
    messageVersion: row?.version,
    messageCategory: '01',
    threeDSServerTransID: row?.transId,
    acsTransID: row?.acsTransId,
    dsTransID: row?.dsTransId,
    transStatus: 'N',
    transStatusReason: '01',
    authenticationType: '02',
    interactionCounter: '01',
  });
  const world = await worldForTest();
  const live = resultsApp({ ...world.deps, db }, openMetrics(), 'live');
  const unknown = await live.request('/3ds/results', { method: 'POST', body: message });
  expect(await unknown.json()).toMatchObject({ messageType: 'Erro' });
  const taken = await tlsCall(`${resultsUrl}/3ds/results`, server, message);
  expect(taken).toMatchObject({ status: 200, text: expect.stringContaining('"messageType":"RRes"') });
});

test('what ends soon is said by the log and by the command', async () => {
  const line = await eventually('the warning', async () =>
    readFileSync(stack.outputFile, 'utf8')
      .split('\n')
      .find((each) => each.includes('certificate_expiring')),
  );
  expect(JSON.parse(line)).toMatchObject({ name: 'test_ds_client', days: 19, subject: 'CN=3ds-server' });
  const listed = await runMain(['certificates'], { ...variables, DATA_DIR: stack.dataDir });
  expect(listed.code).toBe(3);
  expect(listed.output).toMatch(/^test_ds_client {2}renew {2}/m);
  expect(listed.output).toMatch(/^test_ds_ca {2}good {2}/m);
  expect(listed.output).toMatch(/^test_results {2}good {2}/m);
});

test('nothing starts with certificates that cannot be used, and every one is named', async () => {
  const broken = { TEST_DS_CLIENT_KEY: server.key, TEST_RESULTS_CERT: '/nowhere/results.crt' };
  const { code, output } = await runMain(['web'], { ...variables, ...broken, DATA_DIR: stack.dataDir });
  expect(code).toBe(1);
  expect(output).toMatch(/test_ds_client: cannot be used \(.*key values mismatch\)/);
  expect(output).toMatch(/test_results: cannot be used \(ENOENT/);
});

test('in production a web process is ready only with the listener for live results', async () => {
  const database = await createDatabase();
  const [metricsPort, livePort] = [await consecutivePorts(1), await consecutivePorts(1)];
  const random = () => randomBytes(32).toString('base64');
  const web = await startRole('web', {
    NODE_ENV: 'production',
    PUBLIC_URL: 'https://pay.example.jp',
    DATABASE_URL: database.url,
    SMTP_URL: 'smtp://127.0.0.1:9',
    METRICS_PORT: String(metricsPort),
    KEY_ENCRYPTION_KEY: random(),
    SIGNING_KEY_TEST: random(),
    SIGNING_KEY_LIVE: random(),
    LIVE_DS_URL: 'https://ds.example.jp/{brand}',
    LIVE_ACQUIRER: 'acquirer.invalid:9',
    LIVE_DS_CLIENT_CERT: client.cert,
    LIVE_DS_CLIENT_KEY: readPem(client.key),
    LIVE_DS_CA: authority.caFile,
    LIVE_RESULTS_URL: 'https://results.example.jp',
    LIVE_RESULTS_PORT: String(livePort),
    LIVE_RESULTS_CERT: results.cert,
    LIVE_RESULTS_KEY: results.key,
  });
  onTestFinished(async () => {
    await web.kill('SIGTERM');
    await database.drop();
  });
  const url = `https://localhost:${livePort}/3ds/results`;
  expect(await tlsCall(url, server)).toMatchObject({ status: 200 });
  expect(await tlsCall(url, { ca: [authority.caFile] })).toMatch(/ALERT|ECONNRESET/);
  const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  expect(metrics).toContain('payresort_results_refused_total{mode="live"} 1');
  for (const name of ['live_ds_client', 'live_ds_ca', 'live_results']) {
    expect(metrics).toContain(`payresort_certificate_expiry_seconds{name="${name}"}`);
  }
});
