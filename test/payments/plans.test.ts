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

async function addFault(rule: Record<string, unknown>): Promise<void> {
  const answer = await fetch(`${stack.demo.simulator_url}/faults`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(rule),
  });
  expect(answer.status).toBe(201);
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

/** The same for every no to a card, so that nobody learns from it what is wrong with a number. */
const NO = '請求はされていません。1回払いに変えるか、別のカード、ほかのお支払い方法をお試しください。';

describe('a code of the network', () => {
  async function declined(code: Record<string, string>) {
    const { id, url, order_id: orderId } = await session({ card: { installments: [3] } });
    await addFault({ match: { order_id: orderId }, action: 'decline', ...code });
    const shown = await pay(
      url,
      { ...cardOf('visa'), payment_type: 'installments_3' },
      { javascript: false },
    );
    const { html } = await eventually('the form again', async () => {
      const now = /role="alert"[^>]*data-code/.test(shown.html) ? shown : await open(url);
      return /role="alert"[^>]*data-code/.test(now.html) ? now : null;
    });
    const { body } = await api('GET', `/v1/sessions/${id}`);
    return { html, session: body, orderId };
  }

  test.each([
    ['12', 'G74', 'card_declined', 'other_payment_type', NO],
    ['05', 'G60', 'card_declined', 'never', NO],
    ['05', 'G02', 'insufficient_funds', 'later', NO],
    ['91', 'C12', 'issuer_unavailable', 'later', 'カード会社につながらず、お支払いを完了できませんでした。'],
  ])('%s with %s ends the attempt as %s, advice %s', async (code, japan, failure, advice, words) => {
    const told = await declined({ response_code: code, japan_code: japan });
    const expected = { code: failure, advice, reason: expect.any(String), message: expect.any(String) };
    const { payment, attempts } = told.session;
    expect([payment.failure, attempts[0].failure]).toEqual([expected, expected]);
    expect(payment.network).toMatchObject({ response_code: code, japan_code: japan, approval_code: null });
    const [event] = await eventsOf(told.session.id);
    expect([event.type, event.data.payment.failure]).toEqual(['payment.attempt_failed', expected]);
    expect(event.data.payment.network.japan_code).toBe(japan);
    expect(told.html).toContain(words);
    expect(told.html).not.toContain(japan);
    expect(told.html).toMatch(/value="installments_3"[^>]* selected/);
  });

  test('without a Japanese one, DE39 has the word, and there is none to show', async () => {
    const { session: ended } = await declined({ response_code: '61' });
    expect(ended.payment.failure).toMatchObject({ code: 'limit_exceeded', advice: 'later' });
    expect(ended.payment.network).toMatchObject({ response_code: '61', japan_code: null });
  });

  test('of a refused capture stands in the problem', async () => {
    const { id, url, order_id: orderId } = await session({ capture: 'manual' });
    await pay(url, cardOf('visa'), { javascript: false });
    const { payment } = await eventually('the hold', async () => {
      const { body } = await api('GET', `/v1/sessions/${id}`);
      return body.payment_status === 'authorized' ? body : null;
    });
    await addFault({
      match: { order_id: orderId },
      action: 'decline',
      response_code: '05',
      japan_code: 'G12',
    });
    const { status, body } = await api('POST', `/v1/payments/${payment.id}/capture`, {});
    expect([status, body]).toMatchObject([402, { decline_code: '05', japan_code: 'G12' }]);
  });

  test('says nothing of failures that are not the network’s', async () => {
    const { id, url } = await session();
    await pay(url, cardOf('visa', '07'), { javascript: false });
    const { body } = await api('GET', `/v1/sessions/${id}`);
    expect(Object.keys(body.attempts[0].failure)).toEqual(['code', 'message']);
  });
});
