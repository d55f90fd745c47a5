import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DAY } from '../../src/lib/clock.ts';
import { bonusMonth } from '../../src/lib/payment-type.ts';
import { type ApiClient, apiClient, type Json, sessionBody } from '../support/api.ts';
import { type TestBrand, testPan } from '../support/cards.ts';
import { eventually } from '../support/eventually.ts';
import { type Stack, startStack } from '../support/processes.ts';
import { formTo, open, pay, submit } from '../support/shopper.ts';

/** Payment types from the page to the network's books, and back into API, events and receipt. */
let stack: Stack;
let api: ApiClient;

beforeAll(async () => {
  stack = await startStack();
  api = apiClient(stack.baseUrl, stack.demo.secret_key);
  if (bonusMonth(new Date()) === null) {
    await api('POST', '/v1/test/clock', { advance_seconds: (31 * DAY) / 1000 });
  }
});
afterAll(() => stack?.stop());

const EVERYTHING = { installments: [2, 3, 24], revolving: true, bonus: true, bonus_installments: [6] };

async function session(changes: Record<string, unknown> = {}): Promise<Json> {
  const { status, body } = await api('POST', '/v1/sessions', sessionBody({ card: EVERYTHING, ...changes }));
  expect(status).toBe(201);
  return body;
}

async function entriesOf(orderId: string): Promise<Json[]> {
  const response = await fetch(`${stack.demo.simulator_url}/ledger?order_id=${orderId}`);
  return ((await response.json()) as Json).entries;
}

async function eventsOf(sessionId: string): Promise<Json[]> {
  const { body } = await api('GET', '/v1/events?limit=100');
  return body.data.filter((event: Json) => event.data.session?.id === sessionId);
}

const cardOf = (brand: TestBrand, tt = '00') => ({
  number: testPan(tt, '00', brand),
  csc: brand === 'amex' ? '1234' : '123',
});

const WORDS = {
  lump_sum: ['lump_sum', null, '10', '1回払い'],
  installments_2: ['installments', 2, '61C02', '2回払い'],
  installments_3: ['installments', 3, '61C03', '3回払い'],
  installments_24: ['installments', 24, '61C24', '24回払い'],
  revolving: ['revolving', null, '80', 'リボ払い'],
  bonus: ['bonus', null, '21', 'ボーナス一括払い'],
  bonus_installments_6: ['bonus_installments', 6, '31C06', 'ボーナス併用6回払い'],
} as const;
type Word = keyof typeof WORDS;

const ALL = Object.keys(WORDS).filter((word): word is Word => word in WORDS);
const TAKEN: Record<TestBrand, Word[]> = {
  visa: ALL,
  mastercard: ALL,
  jcb: ALL,
  amex: ['lump_sum', 'installments_2', 'installments_3', 'installments_24', 'bonus'],
  diners: ['lump_sum', 'revolving', 'bonus'],
};
const ROWS = Object.entries(TAKEN).flatMap(([brand, words]) =>
  words.map((word) => [brand as TestBrand, word] as const),
);

test.each(ROWS)('%s, %s: on the wire, in the API, in the event and on the receipt', async (brand, word) => {
  const [type, count, code, text] = WORDS[word];
  const { id, url, order_id: orderId } = await session();
  const page = await pay(url, { ...cardOf(brand), payment_type: word }, { javascript: false });
  const receipt = await eventually('the receipt', async () => {
    const { html } = page.html.includes('data-outcome="paid"') ? page : await open(url);
    return html.includes('data-outcome="paid"') ? html : null;
  });
  expect(receipt).toContain(`<dt>お支払い回数</dt><dd>${text}</dd>`);
  expect(await entriesOf(orderId)).toMatchObject([
    { kind: 'sale', response_code: '00', payment_type: code, japan_code: null },
  ]);
  const { body } = await api('GET', `/v1/sessions/${id}`);
  expect(body.payment.card).toMatchObject({ brand, payment_type: type, installments: count });
  const events = await eventsOf(id);
  expect(events.map((event) => event.type)).toEqual(['session.completed', 'payment.captured']);
  for (const { data } of events) {
    expect(data.payment.card).toMatchObject({ payment_type: type, installments: count });
    expect(data.session.payment.card).toMatchObject({ payment_type: type, installments: count });
  }
});

describe('what is not offered is not taken', () => {
  test.each<[TestBrand, string, string, string]>([
    [
      'amex',
      'revolving',
      'not_for_brand',
      'American Expressのカードでは「リボ払い」をお使いいただけません。',
    ],
    [
      'diners',
      'installments_3',
      'not_for_brand',
      'Diners Clubのカードでは「3回払い」をお使いいただけません。',
    ],
    ['visa', 'installments_12', 'invalid', 'お支払い回数をもう一度お選びください。'],
    ['visa', '61C03', 'invalid', 'お支払い回数をもう一度お選びください。'],
  ])('%s by %s is a fault of the form (%s), and no attempt', async (brand, word, fault, text) => {
    const { id, url } = await session();
    const page = await pay(url, { ...cardOf(brand), payment_type: word }, { javascript: false });
    expect(page.status).toBe(422);
    expect(page.html).toContain(`id="payment_type-error" role="status" data-code="${fault}">${text}`);
    expect(page.html).toContain('aria-invalid="true"');
    expect((await api('GET', `/v1/sessions/${id}`)).body.attempts).toEqual([]);
  });

  test('where a lump sum is all there is, nothing is asked, and nothing else is taken', async () => {
    const { url } = await session({ card: {} });
    expect((await open(url)).html).not.toContain('payment_type');
    const page = await pay(url, { ...cardOf('visa'), payment_type: 'revolving' }, { javascript: false });
    expect(page.status).toBe(422);
  });
});

test('a hold carries the payment type, its capture and its refund follow it', async () => {
  const { id, url, order_id: orderId } = await session({ capture: 'manual' });
  const card = { ...cardOf('jcb', '01'), payment_type: 'installments_3' };
  await pay(url, card, { javascript: false, otp: '123456' });
  const { payment } = await eventually('the hold', async () => {
    const { body } = await api('GET', `/v1/sessions/${id}`);
    return body.payment_status === 'authorized' ? body : null;
  });
  expect((await api('POST', `/v1/payments/${payment.id}/capture`, {})).body.card.installments).toBe(3);
  expect((await api('POST', `/v1/payments/${payment.id}/refunds`, { amount: 800 })).status).toBe(201);
  const entries = await entriesOf(orderId);
  expect(entries.map(({ kind, response_code, payment_type }) => [kind, response_code, payment_type])).toEqual(
    [
      ['authorization', '00', '61C03'],
      ['capture', '00', null],
      ['refund', '00', null],
    ],
  );
});

test('a token pays by the type that its merchant names', async () => {
  const publishable = apiClient(stack.baseUrl, stack.demo.publishable_key);
  const { number, csc } = cardOf('mastercard');
  const fields = { number, csc, exp_month: 12, exp_year: 2030, name: 'TARO YAMADA' };
  const { body: token } = await publishable('POST', '/v1/tokens', { card: fields });
  const card = { payment_type: 'installments', installments: [6] };
  const { body } = await api('POST', '/v1/payments', sessionBody({ token: token.id, card }));
  const page = await open(body.redirect_url);
  const waiting = formTo(page, '/continue');
  expect(page.html).toContain('6回払い');
  if (waiting !== null) await submit(waiting);
  await eventually('the sale', async () => {
    const [entry] = await entriesOf(body.order_id);
    return entry?.payment_type === '61C06' && entry.response_code === '00';
  });
});
