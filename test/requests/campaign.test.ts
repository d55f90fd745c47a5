import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiClient, apiClient, newOrderId } from '../support/api.ts';
import { eventually } from '../support/eventually.ts';
import { type Fleet, startFleet } from '../support/fleet.ts';
import { type MailServer, startMailServer } from '../support/mail-server.ts';

/** Some hundred requests in the suite; `npm run campaign` takes ten thousand. */
const COUNT = Number(process.env.REQUEST_ROWS ?? 300);
const SEED = Number(process.env.REQUEST_SEED ?? Date.now() % 1_000_000);
/** Mails that a worker has in hand at a time. */
const IN_HAND = 8;
const PER_SECOND = COUNT > 1_000 ? 200 : 100;
let fleet: Fleet;
let api: ApiClient;
let server: MailServer;
let sql: postgres.Sql;

beforeAll(async () => {
  server = await startMailServer();
  const env = { SMTP_URL: server.url, LEASE_MS: '3000', REQUEST_MAILS_PER_SECOND: String(PER_SECOND) };
  fleet = await startFleet({ webs: 1, workers: 1 }, env);
  api = apiClient(fleet.webs[0]?.baseUrl ?? '', fleet.demo.secret_key);
  sql = postgres(fleet.databaseUrl, { max: 1, onnotice: () => {} });
});

afterAll(async () => {
  await sql?.end();
  await fleet?.stop();
  await server?.close();
});

test('imported and sent, killed on the way: everybody gets it, those in hand at most twice, as the same mail', async () => {
  process.stdout.write(`campaign of ${COUNT}, seed ${SEED}\n`);
  const run = newOrderId('run');
  const requests = Array.from({ length: COUNT }, (_, at) => ({
    order_id: `${run}-${at}`,
    amount: 100 + at,
    customer: { email: `person-${at}@example.com` },
  }));
  const began = Date.now();
  const { status, body } = await api('POST', '/v1/payment-requests/batch', {
    name: run,
    send: true,
    requests,
  });
  expect(status).toBe(202);
  const done = async () => (await api('GET', `/v1/payment-requests/batch/${body.id}`)).body.done;
  await eventually('a part is imported', async () => (await done()) > 0, 60_000);
  await again();
  const part = COUNT * (0.1 + ((SEED % 80) / 100) * 0.8);
  await eventually('a part is sent', async () => server.received.length >= part, 600_000);
  await again();
  await eventually('everybody has it', async () => people().size === COUNT, 600_000);
  await eventually('it is recorded', async () => (await count('sent')) === COUNT, 60_000);
  const seconds = (Date.now() - began) / 1_000;
  process.stdout.write(`all sent after ${seconds.toFixed(1)} s\n`);
  // At its set rate and not above: nothing was made up for after a death.
  expect(seconds).toBeGreaterThan((COUNT - 2 * IN_HAND) / PER_SECOND - 1);
  const repeated = [...people().values()].filter((ids) => ids.length > 1);
  process.stdout.write(`${repeated.length} came twice\n`);
  expect(repeated.length).toBeLessThanOrEqual(2 * IN_HAND);
  for (const ids of repeated) expect(new Set(ids).size).toBe(1);
  expect((await api('GET', `/v1/payment-requests/batch/${body.id}`)).body).toMatchObject({
    status: 'imported',
    done: COUNT,
    skipped: 0,
  });
}, 900_000);

/** The worker dies and another one goes on. */
async function again(): Promise<void> {
  await fleet.workers[0]?.kill('SIGKILL');
  await fleet.workers[0]?.restart();
}

function people(): Map<string, string[]> {
  const ids = new Map<string, string[]>();
  for (const { to, mail } of server.received) ids.set(to, [...(ids.get(to) ?? []), mail.messageId ?? '']);
  return ids;
}

async function count(status: string): Promise<number> {
  const [row] = await sql`select count(*)::int as n from payment_requests where status = ${status}`;
  return row?.n ?? 0;
}
