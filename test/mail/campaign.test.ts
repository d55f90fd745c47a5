import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiClient, apiClient, sessionBody } from '../support/api.ts';
import { eventually } from '../support/eventually.ts';
import { type Fleet, startFleet } from '../support/fleet.ts';
import { type MailServer, startMailServer } from '../support/mail-server.ts';
import { choose } from '../support/shopper.ts';

/** A thousand reminders in the same minute: the mail server is down at first, and the worker is killed on the way. */
const COUNT = 1_000;
/** Mails that a worker has in hand at a time. */
const IN_HAND = 8;
let fleet: Fleet;
let api: ApiClient;
let server: MailServer;
let sql: postgres.Sql;

beforeAll(async () => {
  server = await startMailServer();
  fleet = await startFleet({ webs: 1, workers: 1 }, { SMTP_URL: server.url, LEASE_MS: '1500' });
  api = apiClient(fleet.webs[0]?.baseUrl ?? '', fleet.demo.secret_key);
  sql = postgres(fleet.databaseUrl, { max: 2, onnotice: () => {} });
});

afterAll(async () => {
  await sql?.end();
  await fleet?.stop();
  await server?.close();
});

test('each is sent, and twice at most those in hand at the kill, with the same Message-ID', async () => {
  const { body } = await api(
    'POST',
    '/v1/sessions',
    sessionBody({ customer: { email: 'first@example.com' } }),
  );
  await choose(body.url, 'konbini', 'familymart');
  const first = await eventually('the reminder is owed', async () => {
    const rows = await sql`select id from mails where kind = 'number_reminder'`;
    return rows[0]?.id as string | undefined;
  });
  await multiply(first);
  await server.down();
  const { body: session } = await api('GET', `/v1/sessions/${body.id}`);
  const due = Date.parse(session.payment.number.expires_at) - 29 * 3_600_000 + 60_000;
  await api('POST', '/v1/test/clock', { advance_seconds: Math.ceil((due - Date.now()) / 1_000) });
  await eventually('half of them were tried in vain', async () => (await tried()) >= COUNT / 2, 60_000);
  await server.up();
  const sent = () => server.received.filter(({ to }) => to.startsWith('reminded-'));
  const worker = fleet.workers[0];
  // Those that were tried in vain come again after a minute.
  await eventually(
    'a part of them is sent',
    async () => {
      await bringNear();
      return sent().length >= COUNT / 4;
    },
    60_000,
  );
  await worker?.kill('SIGKILL');
  await worker?.restart();
  await eventually(
    'all are sent',
    async () => {
      await bringNear();
      return new Set(sent().map(({ to }) => to)).size === COUNT;
    },
    120_000,
  );
  await eventually('none is left', async () => {
    await bringNear();
    const [row] = await sql`select count(*)::int as left from mails where status = 'queued'`;
    return row?.left === 0;
  });
  const ids = new Map<string, string[]>();
  for (const { to, mail } of sent()) ids.set(to, [...(ids.get(to) ?? []), mail.messageId ?? '']);
  const repeated = [...ids.values()].filter((each) => each.length > 1);
  expect(repeated.length).toBeLessThanOrEqual(IN_HAND);
  for (const each of repeated) expect(new Set(each).size).toBe(1);
}, 240_000);

/** The same reminder to a thousand people. */
async function multiply(id: string): Promise<void> {
  await sql`
    insert into mails (merchant_id, id, mode, kind, subject, recipient, language, facts, session_id, message_id, status, created_at)
    select merchant_id, id || n, mode, kind, subject, 'reminded-' || n || '@example.com', language, facts, session_id,
      '<' || id || n || '@localhost>', status, created_at
    from mails, generate_series(1, ${COUNT}) n where id = ${id}`;
  await sql`
    insert into jobs (name, key, payload, lane, run_at, clock, merchant_id, mode, created_at)
    select name, key || n, jsonb_set(payload, '{mail_id}', to_jsonb(key || n)), lane, run_at, clock, merchant_id, mode, created_at
    from jobs, generate_series(1, ${COUNT}) n where key = ${id}`;
}

/** Lets a minute pass when nothing is due: what was tried in vain comes again, and the numbers do not lapse. */
async function bringNear(): Promise<void> {
  const [row] = await sql`select count(*)::int as due from jobs where lane = 'mail' and run_at <= now()`;
  if (row?.due === 0) await api('POST', '/v1/test/clock', { advance_seconds: 60 });
}

async function tried(): Promise<number> {
  const [row] = await sql`select count(*)::int as n from mails where tries > 0`;
  return row?.n ?? 0;
}
