import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiClient, apiClient, newOrderId, sessionBody } from '../support/api.ts';
import { testPan } from '../support/cards.ts';
import { eventually } from '../support/eventually.ts';
import { type Fleet, startFleet } from '../support/fleet.ts';
import { expectBooksEqual } from '../support/ledger.ts';
import { formTo, goOn, pay, submit } from '../support/shopper.ts';

/** A merchant whose policy is to go on where 3-D Secure gives no answer: how far that goes, and no further. */
let fleet: Fleet;
let api: ApiClient;

beforeAll(async () => {
  const impatient = { RESULTS_TIMEOUT_MS: '500', DS_TIMEOUT_MS: '1500', METHOD_TIMEOUT_MS: '500' };
  fleet = await startFleet({ webs: 1, workers: 0, role: 'serve' }, impatient);
  api = apiClient(fleet.webs[0]?.baseUrl ?? '', fleet.demo.secret_key);
  const sql = postgres(fleet.databaseUrl, { max: 1 });
  await sql`update merchants set settings = settings || '{"whenAuthenticationUnavailable": "proceed"}'`;
  await sql.end();
});

afterAll(async () => {
  await fleet?.stop();
});

async function ended(sessionId: string) {
  return eventually('the attempt has ended', async () => {
    const { body } = await api('GET', `/v1/sessions/${sessionId}`);
    return body.attempts[0]?.status === 'in_progress' ? null : body;
  });
}

test.each([
  ['U', '05', true, null],
  ['no answer', '06', true, null],
  ['an Erro', '07', true, null],
  ['a range that is not enrolled', '11', true, null],
  ['N', '02', true, 'authentication_failed'],
  ['R', '03', true, 'authentication_rejected'],
  ['a CRes without its RReq, which the browser could bring about', '09', true, 'authentication_unavailable'],
  ['2.1.0 without JavaScript, which the browser chooses', '12', false, 'authentication_unavailable'],
])('%s (TT %s, JavaScript %s): %s', async (_, tt, javascript, failure) => {
  const body = sessionBody({ order_id: newOrderId('policy'), max_attempts: 1 });
  const { body: session } = await api('POST', '/v1/sessions', body);
  await pay(session.url, { number: testPan(tt) }, { javascript });
  const { attempts, payment } = await ended(session.id);
  expect(attempts[0].failure?.code ?? null).toBe(failure);
  expect(payment.status).toBe(failure === null ? 'captured' : 'failed');
  expect(payment.three_ds?.liability_shift ?? false).toBe(false);
});

test('a result that comes when nobody waits for it any more changes nothing', async () => {
  const { body: session } = await api('POST', '/v1/sessions', sessionBody());
  const challenge = await pay(session.url, { number: testPan('01') }, { javascript: false, otp: 'leave' });
  const abandon = formTo(challenge, '/abandon');
  if (abandon === null) throw new Error('no way out of the challenge');
  await submit(abandon);
  const { body: before } = await api('GET', `/v1/sessions/${session.id}`);
  expect(before.attempts[0].failure.code).toBe('abandoned');
  await goOn(challenge, { javascript: false, otp: '123456' });
  const { body: after } = await api('GET', `/v1/sessions/${session.id}`);
  expect(after.payment).toEqual(before.payment);
});

test('the books are equal', async () => {
  expect(await expectBooksEqual(fleet, api)).toBeGreaterThan(0);
});
