import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../../src/db/client.ts';
import { wallClock } from '../../src/lib/clock.ts';
import { createApiKey } from '../../src/merchants/keys.ts';
import {
  type Answer,
  type ApiClient,
  apiClient,
  type Json,
  newOrderId,
  sessionBody,
} from '../support/api.ts';
import { testPan } from '../support/cards.ts';
import { eventually } from '../support/eventually.ts';
import { type Fleet, startFleet } from '../support/fleet.ts';
import { balanceOf, expectBooksEqual } from '../support/ledger.ts';
import { formTo, goOn, open, type Page, pay, submit } from '../support/shopper.ts';
import { testConfig } from '../support/world.ts';

/** Cards that shoppers keep: agreed to, paid by again, charged by the merchant, taken away; over the real network. */
let fleet: Fleet;
let api: ApiClient;
let sql: postgres.Sql;

beforeAll(async () => {
  fleet = await startFleet({ webs: 1, workers: 1 }, { ACQUIRER_TIMEOUT_MS: '800', LEASE_MS: '1500' });
  api = apiClient(fleet.webs[0]?.baseUrl ?? '', fleet.demo.secret_key);
  sql = postgres(fleet.databaseUrl, { max: 2, onnotice: () => {} });
});

afterAll(async () => {
  await sql?.end();
  await fleet?.stop();
});

const MANDATE = { description: '毎月の会費 3,000円' };
let customers = 0;
const newCustomer = () => `member-${process.pid}-${++customers}`;

test('a card is kept only where the session asks, somebody is named, and the shopper ticks', async () => {
  const nobody = await api('POST', '/v1/sessions', sessionBody({ card: { save: 'ask' } }));
  expect((await open(nobody.body.url)).html).not.toContain('name="save"');
  const card = { save: 'ask', mandate: MANDATE };
  const unnamed = await api('POST', '/v1/sessions', sessionBody({ card }));
  expect(unnamed.body.errors).toMatchObject([{ pointer: '#/customer/reference', code: 'required' }]);
  const customer = newCustomer();
  const silent = await keepingSession(customer);
  expect((await open(silent.url)).html).toMatch(
    /<input type="checkbox" id="save" name="save" value="1" aria-describedby="save-hint">/,
  );
  await pay(silent.url, { number: testPan() }, { javascript: false });
  expect((await complete(silent)).saved_card).toBeNull();
  const plain = await newSession({ customer: { reference: customer, email: 'taro@example.com' } });
  await payTicking(plain, { save: '1', charge: '1' });
  expect((await complete(plain)).saved_card).toBeNull();
  const declined = await keepingSession(customer);
  await payTicking(declined, { save: '1', number: testPan('00', '05') });
  expect(await cardsOf(customer)).toEqual([]);
});

test('what was agreed to is kept with its time, words and session, and said to the issuer', async () => {
  const customer = newCustomer();
  const session = await keepingSession(customer, { mandate: MANDATE });
  await payTicking(session, { save: '1', charge: '1' });
  const payment = await complete(session);
  const [card] = await cardsOf(customer);
  expect(card).toMatchObject({
    object: 'saved_card',
    customer_reference: customer,
    status: 'active',
    card: { brand: 'visa', last4: testPan().slice(-4), exp_month: 12, exp_year: 2030 },
    expires_at: '2030-12-31T15:00:00.000Z',
    purposes: ['next_time', 'merchant_charges'],
    payment_id: payment.id,
    agreements: [{ text_version: '1', language: 'ja', session_id: session.id, ...MANDATE }],
  });
  expect(payment.saved_card).toBe(card.id);
  expect(await api('GET', `/v1/saved-cards/${card.id}`)).toMatchObject({ status: 200, body: card });
  expect(await networkSaw(session.order_id)).toEqual([
    { use: 'F', first_rrn: null, first_ds_trans_id: null },
  ]);
  expect(JSON.stringify(await eventsOf(session.id))).not.toContain(customer);
});

test('next time the card is offered first, wants its security code and 3-D Secure, and is kept once', async () => {
  const customer = newCustomer();
  const { payment } = await keep(customer, { number: testPan('01'), save: '1' });
  const again = await keepingSession(customer);
  const page = await open(again.url);
  const [kept] = await cardsOf(customer);
  expect(formTo(page, '/pay')?.fields.use).toBe(kept.id);
  const without = await payByKept(again, { csc: '' });
  expect(without.html).toContain('data-code="missing"');
  await goOn(await payByKept(again, { csc: '123' }), { javascript: false });
  const second = await complete(again);
  expect(second).toMatchObject({
    saved_card: kept.id,
    initiated_by: 'shopper',
    three_ds: { trans_status: 'Y' },
  });
  expect(await networkSaw(again.order_id)).toEqual([
    { use: 'C', first_rrn: payment.network.rrn, first_ds_trans_id: payment.three_ds.ds_trans_id },
  ]);
  await keep(customer, { number: testPan('01'), save: '1', use: 'new' });
  const cards = await cardsOf(customer);
  expect(cards.map(({ id }) => id)).toEqual([kept.id]);
  expect(cards[0]?.agreements).toHaveLength(2);
});

test('nobody else sees a card: not another customer, not a session that does not ask, not the other mode', async () => {
  const customer = newCustomer();
  const { card } = await keep(customer, { save: '1' });
  const last4 = card.card.last4;
  const others = [
    await keepingSession(newCustomer()),
    await newSession({ customer: { reference: customer, email: 'taro@example.com' } }),
  ];
  for (const other of others) {
    const page = await open(other.url);
    expect(page.html).not.toContain(card.id);
    const form = formTo(page, '/pay');
    if (form === null) throw new Error('no form');
    const refused = await submit(form, { use: card.id, csc: '123' });
    expect(refused.html).toContain('data-code="missing"');
    await submit({ ...form, action: form.action.replace('/pay', '/forget') }, { card: card.id });
  }
  expect((await cardsOf(customer)).map((each) => each.card.last4)).toEqual([last4]);
  for (const stranger of await strangers()) {
    expect((await stranger('GET', `/v1/saved-cards/${card.id}`)).status).toBe(404);
    expect((await stranger('GET', '/v1/saved-cards')).body.data).toEqual([]);
    expect((await stranger('DELETE', `/v1/saved-cards/${card.id}`)).status).toBe(404);
    expect((await stranger('POST', `/v1/saved-cards/${card.id}/charges`, chargeBody())).status).toBe(404);
  }
});

test('the merchant charges a card whose cardholder agreed, by reference to that payment and with nobody there', async () => {
  const customer = newCustomer();
  const { card, payment } = await keep(customer, { charge: '1' });
  expect(card.purposes).toEqual(['merchant_charges']);
  expect((await open((await keepingSession(customer)).url)).html).not.toContain(card.id);
  const body = { order_id: newOrderId('charge'), amount: 3_000, metadata: { month: '2026-12' } };
  const charge = await api('POST', `/v1/saved-cards/${card.id}/charges`, body, key());
  expect(charge).toMatchObject({
    status: 201,
    body: {
      status: 'captured',
      amount: 3_000,
      order_id: body.order_id,
      saved_card: card.id,
      initiated_by: 'merchant',
      three_ds: null,
      metadata: { month: '2026-12' },
    },
  });
  expect(charge.body.redirect_url).toBeUndefined();
  expect(await networkSaw(body.order_id)).toEqual([
    { use: 'M', first_rrn: payment.network.rrn, first_ds_trans_id: payment.three_ds.ds_trans_id },
  ]);
  const { body: session } = await api('GET', `/v1/sessions/${charge.body.session_id}`);
  expect(session).toMatchObject({ status: 'complete', payment_status: 'paid', url: null });
  const [row] = await sql`select token from sessions where id = ${session.id}`;
  expect((await open(`${fleet.webs[0]?.baseUrl}/p/${row?.token}`)).status).toBe(404);
  const types = (await eventsOf(session.id)).map(({ type }: Json) => type).reverse();
  expect(types).toEqual(['payment.captured', 'session.completed']);
  const held = await charged(card, { capture: 'manual' });
  expect(held).toMatchObject({ status: 201, body: { status: 'authorized' } });
  expect((await api('POST', `/v1/payments/${held.body.id}/capture`, {})).body.status).toBe('captured');
  const refund = await api('POST', `/v1/payments/${charge.body.id}/refunds`, { amount: 1_000 });
  expect(refund.status).toBe(201);
});

test('a charge that was not agreed to, or of an expired card, never reaches the network', async () => {
  const customer = newCustomer();
  const { card } = await keep(customer, { save: '1' });
  const order_id = newOrderId('refused');
  expect(await charged(card, { order_id })).toMatchObject({
    status: 409,
    body: { code: 'charge_not_agreed' },
  });
  const { card: agreed } = await keep(newCustomer(), { charge: '1' });
  await sql`update saved_cards set expires_at = now() - interval '1 day' where id = ${agreed.id}`;
  expect(await charged(agreed, { order_id })).toMatchObject({
    status: 409,
    body: { code: 'saved_card_expired' },
  });
  expect(await networkSaw(order_id)).toEqual([]);
  expect((await api('POST', '/v1/sessions', sessionBody({ order_id }))).status).toBe(201);
  const soon = new Date(Date.now()).toISOString();
  const { body } = await api('GET', `/v1/saved-cards?expires_before=${soon}`);
  expect(body.data).toMatchObject([{ id: agreed.id, status: 'expired' }]);
});

test('an expired card is shown as that and cannot be paid by', async () => {
  const customer = newCustomer();
  const { card } = await keep(customer, { save: '1' });
  await sql`update saved_cards set expires_at = now() - interval '1 day' where id = ${card.id}`;
  const session = await keepingSession(customer);
  const page = await open(session.url);
  expect(page.html).toMatch(new RegExp(`value="${card.id}" disabled`));
  expect((await payByKept(session, { use: card.id, csc: '123' })).html).toContain('data-code="missing"');
});

test('a declined charge says why and leaves the order free', async () => {
  const { card } = await keep(newCustomer(), { charge: '1' });
  const order_id = newOrderId('declined');
  await fault({ order_id, message: '0200' }, { action: 'decline', response_code: '51' });
  const declined = await charged(card, { order_id });
  expect(declined).toMatchObject({
    status: 402,
    body: { code: 'charge_declined', decline_code: '51', failure: 'insufficient_funds' },
  });
  const { body: session } = await api('GET', `/v1/sessions/${declined.body.session_id}`);
  expect(session).toMatchObject({ status: 'expired', payment: { status: 'failed' } });
  expect((await charged(card, { order_id })).status).toBe(201);
});

test('of many charges of one order one is made, with one key or with many', async () => {
  const { card } = await keep(newCustomer(), { charge: '1' });
  const order_id = newOrderId('twice');
  const answers = await Promise.all(Array.from({ length: 12 }, () => charged(card, { order_id })));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  const codes = answers.filter(({ status }) => status !== 201).map(({ body }) => body.code);
  expect(codes.filter((code) => !['order_in_progress', 'order_already_paid'].includes(code))).toEqual([]);
  expect(await balanceOf(fleet, order_id)).toMatchObject({ captured: 3_000 });
  const same = key();
  const body = chargeBody();
  const first = await api('POST', `/v1/saved-cards/${card.id}/charges`, body, same);
  const replayed = await api('POST', `/v1/saved-cards/${card.id}/charges`, body, same);
  expect(replayed.body).toEqual(first.body);
  expect(replayed.headers.get('idempotent-replayed')).toBe('true');
});

test('a charge waits for a shopper who is paying for the order, and takes the place of one who is not', async () => {
  const customer = newCustomer();
  const { card } = await keep(customer, { number: testPan('01'), charge: '1', save: '1' });
  const session = await keepingSession(customer, { mandate: MANDATE });
  const atTheBank = await payByKept(session, { csc: '123', charge: '1' });
  const { order_id } = session;
  expect((await charged(card, { order_id })).body.code).toBe('order_in_progress');
  const [late] = await Promise.all([
    charged(card, { order_id }),
    open(atTheBank.url).then((page) => goOn(page, { javascript: false })),
  ]);
  expect(['order_in_progress', 'order_already_paid']).toContain(late.body.code);
  expect((await complete(session)).status).toBe('captured');
  expect(await balanceOf(fleet, order_id)).toMatchObject({ captured: 12_800 });
  const idle = await keepingSession(customer);
  expect((await charged(card, { order_id: idle.order_id })).status).toBe(201);
  expect((await api('GET', `/v1/sessions/${idle.id}`)).body).toMatchObject({ ended_reason: 'replaced' });
});

test.each(['drop_answer', 'drop_request', 'close'])(
  'a charge with %s is answered 202 and reversed',
  async (action) => {
    const { card } = await keep(newCustomer(), { charge: '1' });
    const order_id = newOrderId('lost');
    await fault({ order_id, message: '0200' }, { action });
    const lost = await charged(card, { order_id });
    expect(lost).toMatchObject({ status: 202, body: { status: 'processing' } });
    await eventually('it has ended', async () => {
      const { body } = await api('GET', `/v1/payments/${lost.body.id}`);
      return body.status === 'failed' && body.failure.code === 'outcome_reversed';
    });
    expect((await charged(card, { order_id })).status).toBe(201);
    expect(await balanceOf(fleet, order_id)).toMatchObject({ captured: 3_000 });
  },
);

test('a card that is taken away while it is paid by does not come back', async () => {
  const customer = newCustomer();
  const { card } = await keep(customer, { number: testPan('01'), save: '1' });
  const session = await keepingSession(customer, { mandate: MANDATE });
  const atTheBank = await payByKept(session, { csc: '123', charge: '1' });
  expect((await api('DELETE', `/v1/saved-cards/${card.id}`)).status).toBe(204);
  await goOn(await open(atTheBank.url), { javascript: false });
  expect((await complete(session)).status).toBe('captured');
  expect(await cardsOf(customer)).toEqual([]);
  expect((await charged(card)).status).toBe(404);
});

test('deletions and charges at the same moment: what was charged can be refunded, the rest finds no card', async () => {
  const { card } = await keep(newCustomer(), { charge: '1' });
  const charges = Array.from({ length: 6 }, () => charged(card));
  const [removed, ...answers] = await Promise.all([api('DELETE', `/v1/saved-cards/${card.id}`), ...charges]);
  expect(removed?.status).toBe(204);
  expect(answers.filter(({ status }) => status !== 201 && status !== 404)).toEqual([]);
  for (const { body } of answers.filter(({ status }) => status === 201)) {
    expect((await api('POST', `/v1/payments/${body.id}/refunds`, {})).status).toBe(201);
  }
});

test('the shopper takes a card away on the page; its number stays only as long as a refund needs it', async () => {
  const customer = newCustomer();
  const { card, payment } = await keep(customer, { save: '1' });
  const keptUntil = async () => {
    const [row] = await sql`select v.purge_at from vault_cards v join saved_cards s on s.card_id = v.id
      and s.merchant_id = v.merchant_id where s.id = ${card.id}`;
    return row?.purge_at as Date | undefined;
  };
  expect((await keptUntil())?.getUTCFullYear()).toBe(2030);
  const page = await open((await keepingSession(customer)).url);
  const form = formTo(page, '/forget');
  if (form === null) throw new Error('no form to take a card away');
  const after = await submit(form, { card: card.id });
  expect(after.html).not.toContain(card.id);
  expect((await submit(form, { card: card.id })).status).toBe(200);
  expect(await cardsOf(customer)).toEqual([]);
  const days = (((await keptUntil())?.getTime() ?? 0) - Date.now()) / 86_400_000;
  expect(days).toBeGreaterThan(399);
  expect(days).toBeLessThan(401);
  expect((await api('POST', `/v1/payments/${payment.id}/refunds`, {})).status).toBe(201);
});

test('after all of it the books are equal', async () => {
  expect(await expectBooksEqual(fleet, api)).toBeGreaterThan(15);
});

async function newSession(changes: Record<string, unknown>): Promise<Json> {
  const { status, body } = await api('POST', '/v1/sessions', sessionBody(changes));
  expect(status).toBe(201);
  return body;
}

function keepingSession(reference: string, card: Record<string, unknown> = {}): Promise<Json> {
  const customer = { reference, email: 'taro@example.com' };
  return newSession({ customer, card: { save: 'ask', ...card } });
}

/** Types a card, with what is ticked, and answers the bank. */
async function payTicking({ url }: Json, values: Record<string, string>): Promise<Page> {
  const form = formTo(await open(url), '/pay');
  if (form === null) throw new Error('no card form');
  const typed = { number: testPan(), exp: '12/30', csc: '123', name: 'TARO YAMADA', ...values };
  return goOn(await submit(form, typed), { javascript: false });
}

async function payByKept({ url }: Json, values: Record<string, string>): Promise<Page> {
  const form = formTo(await open(url), '/pay');
  if (form === null) throw new Error('no card form');
  return submit(form, values);
}

/** A customer who agrees, and pays. */
async function keep(
  reference: string,
  { number = testPan(), ...ticked }: Record<string, string>,
): Promise<{ card: Json; payment: Json }> {
  const session = await keepingSession(reference, { mandate: MANDATE });
  await payTicking(session, { number, ...ticked });
  const payment = await complete(session);
  const { body: card } = await api('GET', `/v1/saved-cards/${payment.saved_card}`);
  return { card, payment };
}

function complete({ id }: Json): Promise<Json> {
  return eventually('the session is complete', async () => {
    const { body } = await api('GET', `/v1/sessions/${id}`);
    return body.status === 'complete' ? body.payment : null;
  });
}

async function cardsOf(customer: string): Promise<Json[]> {
  const { body } = await api('GET', `/v1/saved-cards?customer_reference=${customer}`);
  return body.data;
}

function chargeBody(): Record<string, unknown> {
  return { order_id: newOrderId('charge'), amount: 3_000 };
}

function charged({ id }: Json, changes: Record<string, unknown> = {}): Promise<Answer> {
  return api('POST', `/v1/saved-cards/${id}/charges`, { ...chargeBody(), ...changes });
}

function key(): Record<string, string> {
  return { 'Idempotency-Key': newOrderId('key') };
}

async function eventsOf(sessionId: string): Promise<Json[]> {
  const { body } = await api('GET', '/v1/events?limit=100');
  return body.data.filter(({ data }: Json) => data.session?.id === sessionId);
}

/** What the network was told of stored cards, message by message. */
async function networkSaw(orderId: string): Promise<unknown[]> {
  const response = await fetch(`${fleet.demo.simulator_url}/ledger?order_id=${orderId}`);
  const { entries } = (await response.json()) as { entries: { stored_credential: unknown }[] };
  return entries.map(({ stored_credential }) => stored_credential);
}

/** Keys of the same merchant's other mode and of another merchant. */
async function strangers(): Promise<ApiClient[]> {
  const database = openDatabase(fleet.databaseUrl, 1);
  const other = 'A199887766';
  await sql`insert into merchants (merchant_id, name, url, mcc, acquirer_bin, acquirer_merchant_id, settings, created_at)
    select ${other}, name, url, mcc, acquirer_bin, acquirer_merchant_id, settings, now() from merchants limit 1`;
  const deps = { db: database.db, clock: wallClock, config: testConfig() };
  const keys = [
    await createApiKey(deps, { merchantId: fleet.demo.merchant_id, mode: 'live', kind: 'secret' }),
    await createApiKey(deps, { merchantId: other, mode: 'test', kind: 'secret' }),
  ];
  await database.close();
  return keys.map((each) => apiClient(fleet.webs[0]?.baseUrl ?? '', each));
}

async function fault(match: Record<string, string>, rule: Record<string, unknown>): Promise<void> {
  const response = await fetch(`${fleet.demo.simulator_url}/faults`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ match, times: 1, ...rule }),
  });
  if (!response.ok) throw new Error(`the simulator refused the fault: ${response.status}`);
}
