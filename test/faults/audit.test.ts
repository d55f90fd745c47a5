import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiClient, apiClient, type Json, newOrderId, sessionBody } from '../support/api.ts';
import { testPan } from '../support/cards.ts';
import { eventually } from '../support/eventually.ts';
import { type Fleet, startFleet } from '../support/fleet.ts';
import { runMain } from '../support/processes.ts';
import { pay } from '../support/shopper.ts';
import { numberUntilIssued } from './number-tour.ts';

/** The audit log over the real network: what each verb leaves in it, races over one payment, and the command that verifies. */
let fleet: Fleet;
let apis: ApiClient[];
let sql: postgres.Sql;

beforeAll(async () => {
  fleet = await startFleet({ webs: 2, workers: 1 });
  apis = fleet.webs.map(({ baseUrl }) => apiClient(baseUrl, fleet.demo.secret_key));
  sql = postgres(fleet.databaseUrl, { max: 1, onnotice: () => {} });
});
afterAll(async () => {
  await sql?.end();
  await fleet?.stop();
});

const api: ApiClient = (...asked) => (apis[0] as ApiClient)(...asked);

const audit = (...args: string[]) =>
  runMain(['audit', ...args], { DATABASE_URL: fleet.databaseUrl, DATA_DIR: fleet.dataDir });

interface Entry {
  sequence: number;
  action: string;
  outcome: string;
  target: string | null;
  actor: { kind: string; id: string | null };
  origin: string | null;
  details: Record<string, unknown>;
}

async function entriesAfter(sequence: number): Promise<Entry[]> {
  const rows = await sql<Entry[]>`select sequence::int, action, outcome, target, actor, origin, details
    from audit_entries where merchant_id = ${fleet.demo.merchant_id} and sequence > ${sequence} order by sequence`;
  return [...rows];
}

async function head(): Promise<number> {
  const [row] = await sql`select coalesce(max(sequence), 0)::int as head from audit_entries
    where merchant_id = ${fleet.demo.merchant_id}`;
  return row?.head;
}

async function paid(changes: Record<string, unknown> = {}, form: Record<string, string> = {}): Promise<Json> {
  const { body: made } = await api('POST', '/v1/sessions', sessionBody(changes));
  await pay(made.url, { number: testPan(), ...form }, { javascript: false });
  return eventually('it is paid', async () => {
    const { body } = await api('GET', `/v1/sessions/${made.id}`);
    return body.status === 'complete' ? body : null;
  });
}

/** What was recorded while the work was done, as `action target outcome`. */
async function recordedBy(work: () => Promise<unknown>): Promise<Entry[]> {
  const before = await head();
  await work();
  return entriesAfter(before);
}

test('what shoppers do leaves no entry; each verb of the merchant leaves one, by its key', async () => {
  const shopping = await recordedBy(async () => {
    await paid();
    await api('GET', '/v1/payments');
  });
  expect(shopping).toEqual([]);

  const held = await paid({ capture: 'manual' });
  const kept = await paid(
    {
      customer: { reference: newOrderId('customer'), email: 'taro@example.com' },
      card: { save: 'ask', mandate: { description: '毎月の会費' } },
    },
    { save: '1', charge: '1' },
  );
  const open = async () => (await api('POST', '/v1/sessions', sessionBody())).body.id;
  const [toCancel, toExpire, toVoid] = [await open(), await open(), await paid({ capture: 'manual' })];
  const card = `/v1/saved-cards/${kept.payment.saved_card}`;
  const { body: events } = await api('GET', '/v1/events');
  const verbs: [string, string | null, () => Promise<{ status: number; body: Json }>][] = [
    ['payment.capture', held.payment.id, () => api('POST', `/v1/payments/${held.payment.id}/capture`, {})],
    [
      'payment.refund',
      held.payment.id,
      () => api('POST', `/v1/payments/${held.payment.id}/refunds`, { amount: 100 }),
    ],
    ['payment.cancel', toVoid.payment.id, () => api('POST', `/v1/payments/${toVoid.payment.id}/cancel`, {})],
    [
      'payment.charge',
      null,
      () => api('POST', `${card}/charges`, { order_id: newOrderId('charge'), amount: 300 }),
    ],
    ['saved_card.deleted', kept.payment.saved_card, () => api('DELETE', card)],
    ['session.canceled', toCancel, () => api('POST', `/v1/sessions/${toCancel}/cancel`, {})],
    ['session.expired', toExpire, () => api('POST', `/v1/sessions/${toExpire}/expire`, {})],
    ['event.resent', events.data[0].id, () => api('POST', `/v1/events/${events.data[0].id}/resend`, {})],
    ['test.clock_moved', null, () => api('POST', '/v1/test/clock', { advance_seconds: 1 })],
  ];
  for (const [action, target, verb] of verbs) {
    const entries = await recordedBy(async () => expect((await verb()).status).toBeLessThan(300));
    expect(entries).toMatchObject([
      {
        action,
        outcome: 'success',
        actor: { kind: 'key' },
        origin: expect.stringMatching(/^(::ffff:)?127\./),
      },
    ]);
    if (target !== null) expect(entries[0]?.target).toBe(target);
  }
  const url = 'https://shop.example/hook?token=secret';
  const made = await recordedBy(async () => {
    const { body } = await api('POST', '/v1/webhook-endpoints', { url });
    await api('DELETE', `/v1/webhook-endpoints/${body.id}`);
  });
  expect(made.map(({ action, details }) => [action, details])).toEqual([
    ['endpoint.created', { host: 'shop.example' }],
    ['endpoint.deleted', { host: 'shop.example' }],
  ]);
});

test('numbers: taken back by the merchant, paid all the same in a test, and resolved by whom', async () => {
  const { body: made } = await api('POST', '/v1/sessions', sessionBody());
  const { payment } = await numberUntilIssued(api, made, 'konbini', 'seven_eleven');
  let item: Json;
  const entries = await recordedBy(async () => {
    await api('POST', `/v1/payments/${payment.id}/cancel`, {});
    await api('POST', `/v1/test/payments/${payment.id}/pay`, {});
    item = await eventually('the late money is something to act on', async () => {
      const { body } = await api('GET', '/v1/action-items?open=true');
      return body.data.find((each: Json) => each.payment_id === payment.id);
    });
    await api('POST', `/v1/action-items/${item.id}/resolve`, { resolution: 'returned' });
  });
  expect(entries.map(({ action, target }) => [action, target])).toEqual([
    ['payment.cancel', payment.id],
    ['test.payment_settled', payment.id],
    ['action_item.resolved', item.id],
  ]);
  const [row] = await sql`select resolved_by from action_items where id = ${item.id}`;
  expect(row?.resolved_by).toMatchObject({ kind: 'key', id: entries[0]?.actor.id });
});

test('a verb that is refused leaves no entry; a refusal of the network leaves a failed one', async () => {
  const { payment } = await paid();
  const refused = await recordedBy(async () => {
    expect((await api('POST', `/v1/payments/${payment.id}/capture`, {})).status).toBe(409);
    expect((await api('POST', `/v1/payments/${payment.id}/refunds`, { amount: 99_999 })).status).toBe(422);
  });
  expect(refused).toEqual([]);

  const held = await paid({ capture: 'manual' }, { number: testPan('00', '25') });
  const declined = await recordedBy(() => api('POST', `/v1/payments/${held.payment.id}/capture`, {}));
  expect(declined).toMatchObject([
    { action: 'payment.capture', outcome: 'success', target: held.payment.id },
    { action: 'payment.capture', outcome: 'failure', details: { response_code: '05' } },
  ]);
});

test('a false key is recorded once a minute, and the wrong kind of key as well', async () => {
  const falseKey = apiClient(fleet.webs[0]?.baseUrl ?? '', `${fleet.demo.secret_key.slice(0, -8)}zzzzzzzz`);
  const wrongKind = apiClient(fleet.webs[0]?.baseUrl ?? '', fleet.demo.publishable_key);
  const entries = await recordedBy(async () => {
    for (let time = 0; time < 20; time += 1) expect((await falseKey('GET', '/v1/events')).status).toBe(401);
    for (let time = 0; time < 5; time += 1) expect((await wrongKind('GET', '/v1/events')).status).toBe(403);
    const before = await head();
    await eventually(
      'both are recorded',
      async () => (await head()) >= Math.max(before, 1) && (await denied()) >= 2,
    );
  });
  const told = entries.filter(({ action }) => action === 'access.denied');
  // The minute of the process may turn meanwhile; that of the database does not.
  expect(told.map(({ details, actor }) => [details.reason, actor.kind]).sort()).toEqual([
    ['unknown_key', 'visitor'],
    ['wrong_kind', 'key'],
  ]);
});

async function denied(): Promise<number> {
  const [row] = await sql`select count(*)::int as n from audit_entries
    where merchant_id = ${fleet.demo.merchant_id} and action = 'access.denied'`;
  return row?.n;
}

test('captures against cancellations against refunds, many in parallel: nobody waits for ever, no hole, one entry each', {
  timeout: 120_000,
}, async () => {
  const holds = await Promise.all(Array.from({ length: 6 }, () => paid({ capture: 'manual' })));
  const answers: { status: number; verb: string }[] = [];
  const entries = await recordedBy(async () => {
    const races = holds.flatMap(({ payment }) =>
      Array.from({ length: 12 }, async (_, index) => {
        const verb = ['capture', 'cancel', 'refunds'][index % 3] ?? '';
        const by = apis[index % apis.length] as ApiClient;
        const { status } = await by('POST', `/v1/payments/${payment.id}/${verb}`, {});
        answers.push({ status, verb });
      }),
    );
    await Promise.all(races);
  });
  expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
  const done = answers.filter(({ status }) => status < 300).length;
  expect(entries.filter(({ outcome }) => outcome === 'success').length).toBe(done);
  expect(await audit('verify')).toMatchObject({ code: 0 });
});

test('the command verifies by its words and its exit code, with the anchors told outside', async () => {
  const file = join(fleet.dataDir, 'audit-anchors.jsonl');
  expect(await audit()).toMatchObject({ code: 2, output: expect.stringContaining('audit verify') });
  expect(await audit('verify', '--trust', 'short')).toMatchObject({ code: 2 });
  const { merchant_id: id } = fleet.demo;
  const holds = await audit('verify', id, '--anchors', file);
  expect(holds).toMatchObject({
    code: 0,
    output: expect.stringContaining(': holds\nEverything is as it was recorded.'),
  });

  await sql.begin(async (tx) => {
    await tx`alter table audit_entries disable trigger user`;
    await tx`update audit_entries set target = 'pay_other' where merchant_id = ${id} and sequence = 3`;
    await tx`delete from audit_entries where merchant_id = ${id} and sequence >
      (select min(sequence) from audit_anchors where merchant_id = ${id}) - 1`;
    await tx`alter table audit_entries enable trigger user`;
  });
  const broken = await audit('verify', id, '--anchors', file);
  expect(broken.code).toBe(3);
  expect(broken.output).toContain(`${id}  entry 3  changed`);
  expect(broken.output).toMatch(new RegExp(`${id} {2}(entry|entries) .* {2}cut off`));

  const spoilt = join(fleet.dataDir, 'spoilt.jsonl');
  writeFileSync(spoilt, 'nothing\n');
  expect(await audit('verify', id, '--anchors', spoilt)).toMatchObject({ code: 1 });
});
