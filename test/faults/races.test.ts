import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Answer, type ApiClient, apiClient, newOrderId, sessionBody } from '../support/api.ts';
import { testPan } from '../support/cards.ts';
import { eventually } from '../support/eventually.ts';
import { type Fleet, startFleet } from '../support/fleet.ts';
import { balanceOf, expectBooksEqual } from '../support/ledger.ts';
import { formTo, open, pay, submit } from '../support/shopper.ts';

/** Over HTTP, against two web processes and one database, 50 connections at a time. */
const CONNECTIONS = 50;
let fleet: Fleet;
let apis: ApiClient[];

beforeAll(async () => {
  fleet = await startFleet({ webs: 2, workers: 1 });
  apis = fleet.webs.map(({ baseUrl }) => apiClient(baseUrl, fleet.demo.secret_key));
});

afterAll(async () => {
  await fleet?.stop();
});

const apiOf = (index: number): ApiClient => apis[index % apis.length] as ApiClient;

test('200 submissions of one session charge once', async () => {
  const { body: session } = await apiOf(0)('POST', '/v1/sessions', sessionBody());
  const form = formTo(await open(session.url), '/pay');
  if (form === null) throw new Error('no card form');
  const card = { number: testPan(), exp: '12/30', csc: '123', name: 'TARO YAMADA' };
  await many(200, async (index) => {
    const { pathname } = new URL(form.action);
    return submit({ ...form, action: `${fleet.webs[index % 2]?.baseUrl}${pathname}` }, card);
  });
  const paid = await sessionOnce(session.id, 'complete');
  expect(paid.attempts.map(({ status }: { status: string }) => status)).toEqual(['succeeded']);
  expect(await balanceOf(fleet, paid.order_id)).toMatchObject({ captured: 12_800 });
});

test('1,000 uses of one token: one succeeds, every other one is told so', { timeout: 120_000 }, async () => {
  const pk = apiClient(fleet.webs[0]?.baseUrl ?? '', fleet.demo.publishable_key);
  const card = { number: testPan(), exp_month: 12, exp_year: 2030, csc: '123', name: 'TARO YAMADA' };
  const { body: token } = await pk('POST', '/v1/tokens', { card });
  const answers = await many(1_000, (index) =>
    apiOf(index)('POST', '/v1/payments', {
      ...sessionBody({ order_id: newOrderId('token') }),
      token: token.id,
    }),
  );
  expect(countBy(answers)).toEqual({ 201: 1, '409 token_used': 999 });
});

test('fifty sessions opened for one order at once and all of them paid charge once', async () => {
  const order_id = newOrderId('twins');
  const answers = await many(50, (index) => apiOf(index)('POST', '/v1/sessions', sessionBody({ order_id })));
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
  await many(50, async (index) => {
    const { url } = answers[index]?.body ?? {};
    const page = await open(url);
    return formTo(page, '/pay') === null ? page : pay(url, { number: testPan() }, { javascript: false });
  });
  await eventually('one session is paid', async () => {
    const { body } = await apiOf(0)('GET', `/v1/sessions?order_id=${order_id}&limit=100`);
    const statuses = body.data.map(({ status }: { status: string }) => status);
    return (
      statuses.filter((status: string) => status === 'complete').length === 1 && !statuses.includes('open')
    );
  });
  expect(await balanceOf(fleet, order_id)).toMatchObject({ captured: 12_800 });
});

test('sessions of one order paid in two browsers at the same moment charge once', async () => {
  const order_id = newOrderId('moment');
  const { body: first } = await apiOf(0)('POST', '/v1/sessions', sessionBody({ order_id }));
  await Promise.all([
    pay(first.url, { number: testPan() }, { javascript: false }),
    apiOf(1)('POST', '/v1/sessions', sessionBody({ order_id })).then(({ status, body }) =>
      status === 201 ? pay(body.url, { number: testPan() }, { javascript: false }) : null,
    ),
  ]).catch(() => {});
  const balance = await eventually('the order is paid', async () => {
    const found = await balanceOf(fleet, order_id);
    return found.captured > 0 ? found : null;
  });
  expect(balance.captured).toBe(12_800);
});

test('capture against cancel against refund: exactly one success each', async () => {
  const { body: session } = await apiOf(0)('POST', '/v1/sessions', sessionBody({ capture: 'manual' }));
  await pay(session.url, { number: testPan() }, { javascript: false });
  const { payment } = await sessionOnce(session.id, 'complete');
  const verbs = ['capture', 'cancel', 'refunds'];
  const answers = await many(150, async (index) => {
    const verb = verbs[index % 3] ?? '';
    const answer = await apiOf(index)('POST', `/v1/payments/${payment.id}/${verb}`, {});
    return { verb, ...answer };
  });
  const won = (verb: string) =>
    answers.filter((answer) => answer.verb === verb && answer.status < 300).length;
  expect(won('capture') + won('cancel')).toBe(1);
  expect(won('refunds')).toBeLessThanOrEqual(won('capture'));
  const lost = answers.filter(({ status }) => status >= 300).map(({ body }) => body.code);
  expect(
    lost.filter((code) => !['invalid_state', 'operation_in_progress', 'amount_too_large'].includes(code)),
  ).toEqual([]);
});

test('after all races the books are equal', async () => {
  expect(await expectBooksEqual(fleet, apiOf(0))).toBeGreaterThan(3);
});

async function sessionOnce(id: string, status: string) {
  return eventually(`session ${status}`, async () => {
    const { body } = await apiOf(0)('GET', `/v1/sessions/${id}`);
    return body.status === status ? body : null;
  });
}

/** `count` calls, never more than CONNECTIONS at a time. */
async function many<T>(count: number, call: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      for (let index = next++; index < count; index = next++) results[index] = await call(index);
    }),
  );
  return results;
}

function countBy(answers: Answer[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, body } of answers) {
    const name = status < 300 ? String(status) : `${status} ${body.code}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
