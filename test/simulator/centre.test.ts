import { createSecretKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signRequest } from '../../src/lib/http-signature.ts';
import { slipCode } from '../../src/simulator/centre-numbers.ts';
import type { Json } from '../support/api.ts';
import { eventually } from '../support/eventually.ts';
import {
  ask,
  type NoticeServer,
  newReference,
  numberRequest,
  openNoticeServer,
  sendCall,
} from './voucher-client.ts';
import { openWorld, VOUCHER_KEY, type World } from './world.ts';

let world: World;
let notices: NoticeServer;
beforeAll(async () => {
  [world, notices] = await Promise.all([openWorld(), openNoticeServer()]);
});
afterAll(() => Promise.all([world?.close(), notices?.close()]));

describe('a call that is not signed as it must be is answered 401, and nothing happens', () => {
  type Signed = Parameters<typeof signRequest>[0];
  const wrong: [string, Partial<Signed>, string][] = [
    ['with another key', { key: createSecretKey(Buffer.alloc(32, 8)) }, 'wrong_signature'],
    ['for another address', { url: 'http://127.0.0.1:1/centre/numbers/num_x' }, 'wrong_signature'],
    ['for another body', { body: '{"amount":1}' }, 'wrong_digest'],
    ['for another method', { method: 'GET' }, 'wrong_signature'],
    ['ten minutes ago', { now: new Date(Date.now() - 600_000) }, 'too_old'],
    ['without its body', { body: '' }, 'covers_too_little'],
  ];
  test.each(wrong)('%s', async (_, changes, fault) => {
    const reference = newReference();
    const url = `${world.simulator.httpUrl}/centre/numbers/${reference}`;
    const body = JSON.stringify(numberRequest());
    const signed = { method: 'PUT', url, body, key: VOUCHER_KEY, keyId: 'payresort', now: new Date() };
    const answer = await sendCall(url, 'PUT', body, signRequest({ ...signed, ...changes }));
    expect(answer).toEqual({ status: 401, body: { error: fault } });
    expect((await ask(world, 'GET', `numbers/${reference}`)).status).toBe(404);
  });

  test('not at all', async () => {
    const url = `${world.simulator.httpUrl}/centre/numbers/${newReference()}`;
    expect(await sendCall(url, 'GET', '', {})).toEqual({ status: 401, body: { error: 'missing' } });
  });
});

const PAYEASY = {
  institution_number: /^\d{5}$/,
  customer_number: /^\d{20}$/,
  confirmation_number: /^\d{6}$/,
};
const FORMS: [string, Record<string, unknown>, Record<string, RegExp>][] = [
  ['konbini', { chain: 'seven_eleven' }, { slip_number: /^\d{13}$/ }],
  ['konbini', { chain: 'familymart' }, { company_code: /^\d{5}$/, order_number: /^\d{12}$/ }],
  ['konbini', { chain: 'lawson' }, { receipt_number: /^\d{6}$/, phone: /^09012345678$/ }],
  ['konbini', { chain: 'ministop' }, { receipt_number: /^\d{6}$/, phone: /^09012345678$/ }],
  ['konbini', { chain: 'seicomart' }, { receipt_number: /^\d{6}$/, phone: /^09012345678$/ }],
  ['konbini', { chain: 'daily_yamazaki' }, { online_number: /^\d{11}$/ }],
  ['payeasy', {}, PAYEASY],
  ['bank_link', {}, PAYEASY],
];

test.each(FORMS)('a number of %s %j', async (service, changes, parts) => {
  const { reference, answer } = await issued(service, changes);
  expect(answer.status).toBe(201);
  expect(answer.body).toMatchObject({ reference, status: 'issued', deposits: [] });
  expect(Object.keys(answer.body.numbers).sort()).toEqual(Object.keys(parts).sort());
  for (const [part, form] of Object.entries(parts)) expect(answer.body.numbers[part]).toMatch(form);
  const { barcode, url } = answer.body;
  expect([barcode !== null, url]).toEqual([
    changes.chain === 'seven_eleven',
    service === 'bank_link' ? `${world.simulator.httpUrl}/bank/${reference}` : null,
  ]);
  expect(await ask(world, 'GET', `numbers/${reference}`)).toEqual({ status: 200, body: answer.body });
});

test('the same request again gives the same number, after a restart too; another one differs', async () => {
  const { reference, request, answer } = await issued('konbini', { chain: 'familymart' });
  expect(await put(reference, request)).toEqual({ status: 200, body: answer.body });
  await world.restart();
  expect(await put(reference, request)).toEqual({ status: 200, body: answer.body });
  for (const change of [{ amount: 12_801 }, { chain: 'lawson' }, { order_id: 'another' }]) {
    const other = await put(reference, { ...request, ...change });
    expect(other).toEqual({ status: 409, body: { error: 'differs' } });
  }
});

describe('withdrawing', () => {
  test('takes a number back, and is harmless again', async () => {
    const { reference, request } = await issued();
    for (let time = 0; time < 2; time += 1) {
      const answer = await ask(world, 'POST', `numbers/${reference}/withdraw`);
      expect(answer).toMatchObject({ status: 200, body: { status: 'withdrawn' } });
    }
    expect(await put(reference, request)).toEqual({ status: 409, body: { error: 'closed' } });
  });

  test('before it is asked for: it will not be issued afterwards', async () => {
    const reference = newReference();
    const answer = await ask(world, 'POST', `numbers/${reference}/withdraw`);
    expect(answer).toMatchObject({ status: 200, body: { status: 'withdrawn', numbers: {} } });
    await world.restart();
    expect(await put(reference, numberRequest())).toEqual({ status: 409, body: { error: 'closed' } });
  });

  test.each([
    ['payeasy', {}, false],
    ['konbini', { chain: 'daily_yamazaki' }, false],
    ['konbini', { chain: 'lawson' }, true],
  ])('%s %j, voucher in hand: %s, is not possible', async (service, changes, voucher) => {
    const { reference } = await issued(service, changes);
    if (voucher) await ask(world, 'POST', `control/${reference}/voucher`);
    const answer = await ask(world, 'POST', `numbers/${reference}/withdraw`);
    expect(answer).toMatchObject({ status: 409, body: { error: 'not_withdrawable', status: 'issued' } });
  });

  test('what is paid tells of its money', async () => {
    const { reference } = await issued();
    await ask(world, 'POST', `control/${reference}/pay`);
    const answer = await ask(world, 'POST', `numbers/${reference}/withdraw`);
    expect(answer).toMatchObject({ status: 409, body: { error: 'paid', deposits: [{ amount: 12_800 }] } });
  });
});

test('money is taken whenever it is brought: twice, of another amount, after the end', async () => {
  const { reference, request } = await issued('konbini', { chain: 'familymart' });
  await ask(world, 'POST', `control/${reference}/pay`);
  await ask(world, 'POST', `control/${reference}/pay`, { amount: 100 });
  await ask(world, 'POST', `control/${reference}/expire`);
  await ask(world, 'POST', `control/${reference}/pay`);
  const { body } = await ask(world, 'GET', `numbers/${reference}`);
  expect(body.status).toBe('expired');
  expect(body.deposits.map(({ amount }: Json) => amount)).toEqual([12_800, 100, 12_800]);
  expect(new Set(body.deposits.map(({ serial }: Json) => serial)).size).toBe(3);
  const ledger = await fetch(`${world.simulator.httpUrl}/ledger?order_id=${request.order_id}`);
  const { entries }: Json = await ledger.json();
  expect(entries.map(({ kind, amount, rrn }: Json) => [kind, amount, rrn])).toEqual(
    body.deposits.map(({ amount, serial }: Json) => ['number', amount, serial]),
  );
});

describe('notices', () => {
  test('tell of each deposit and of the end, signed', async () => {
    const { reference } = await issued('payeasy', { notice_url: notices.url });
    await ask(world, 'POST', `control/${reference}/pay`);
    await ask(world, 'POST', `control/${reference}/pay`);
    await ask(world, 'POST', `control/${reference}/expire`);
    const { deposits } = (await ask(world, 'GET', `numbers/${reference}`)).body;
    const told = await eventually('three notices', async () => {
      const mine = toldOf(reference);
      return mine.length === 3 && mine;
    });
    expect(told.filter(({ kind }) => kind === 'paid').map(({ deposit }) => deposit)).toEqual(deposits);
    expect(told.find(({ kind }) => kind === 'expired')).toMatchObject({ reference, deposit: null });
    expect(notices.unsigned).toBe(0);
  });

  test('are repeated until they are acknowledged, and not again', async () => {
    const { reference } = await issued('konbini', { notice_url: notices.url });
    notices.failures = 2;
    await ask(world, 'POST', `control/${reference}/pay`);
    await eventually('three tries', async () => toldOf(reference).length === 3);
    expect(new Set(toldOf(reference).map(({ notice_id }) => notice_id)).size).toBe(1);
    const heard = (line: string) => line.includes(reference) && line.includes('"status":204');
    await eventually('the centre has heard it', async () => world.log.some(heard));
    await world.restart();
    await laterNotice();
    expect(toldOf(reference)).toHaveLength(3);
  });

  test('are told after a restart, when all tries before were in vain', async () => {
    const { reference } = await issued('konbini', { notice_url: notices.url });
    notices.failures = 4;
    await ask(world, 'POST', `control/${reference}/pay`);
    await eventually('four tries in vain', async () => toldOf(reference).length === 4);
    await laterNotice();
    expect(toldOf(reference)).toHaveLength(4);
    await world.restart();
    await eventually('it is told', async () => toldOf(reference).length === 5);
  });

  test.each([
    ['drop_request', 1],
    ['drop_answer', 2],
    ['close', 2],
    ['duplicate', 2],
    ['delay', 1],
  ])('with the fault %s: received %i times', async (action, times) => {
    const { reference, request } = await issued('konbini', { notice_url: notices.url });
    const match = { order_id: request.order_id, message: 'notice' };
    await fault({ match, action, delay_ms: 30 });
    await ask(world, 'POST', `control/${reference}/pay`);
    await eventually('all are received', async () => toldOf(reference).length === times);
    await laterNotice();
    expect(toldOf(reference)).toHaveLength(times);
  });
});

describe('faults of calls', () => {
  test.each([
    ['issue', 'drop_request', false],
    ['issue', 'drop_answer', true],
    ['issue', 'close', false],
  ])('%s, %s: no answer, issued: %s', async (message, action, known) => {
    const reference = newReference();
    const request = numberRequest();
    await fault({ match: { order_id: request.order_id, message }, action });
    await expect(put(reference, request)).rejects.toThrow('fetch failed');
    expect((await ask(world, 'GET', `numbers/${reference}`)).status).toBe(known ? 200 : 404);
    expect((await put(reference, request)).status).toBe(known ? 200 : 201);
  });

  test('decline of issue is a chain that is closed', async () => {
    const request = numberRequest();
    await fault({ match: { order_id: request.order_id, message: 'issue' }, action: 'decline' });
    expect(await put(newReference(), request)).toEqual({ status: 422, body: { error: 'chain_closed' } });
  });

  test.each([
    ['inquiry', 'GET', ''],
    ['withdraw', 'POST', '/withdraw'],
  ])('%s, close: no answer, and nothing is done', async (message, method, verb) => {
    const { reference, request } = await issued();
    await fault({ match: { order_id: request.order_id, message }, action: 'close' });
    await expect(ask(world, method, `numbers/${reference}${verb}`)).rejects.toThrow('fetch failed');
    expect((await ask(world, 'GET', `numbers/${reference}`)).body.status).toBe('issued');
  });
});

describe('what is refused for good', () => {
  const payer = (changes: Record<string, unknown>) => ({ payer: { ...numberRequest().payer, ...changes } });
  const refused: [string, Parameters<typeof numberRequest>[0], Record<string, unknown>, string][] = [
    ['nothing to pay', 'konbini', { amount: 0 }, 'amount_out_of_range'],
    ['more than a register takes', 'konbini', { amount: 300_001 }, 'amount_out_of_range'],
    ['more than an ATM takes', 'payeasy', { amount: 100_000_000 }, 'amount_out_of_range'],
    ['a day that is over', 'konbini', { pay_by: '2020-01-01T14:59:59Z' }, 'pay_by_out_of_range'],
    ['no name', 'konbini', payer({ name1: '' }), 'name_not_printable'],
    ['a name of eleven characters', 'konbini', payer({ name1: 'あ'.repeat(11) }), 'name_not_printable'],
    ['letters of half width', 'konbini', payer({ name1: 'Yamada' }), 'name_not_printable'],
    ['a kanji beyond JIS X 0208', 'konbini', payer({ name1: '𠮷田' }), 'name_not_printable'],
    ['hangul', 'konbini', payer({ name2: '김' }), 'name_not_printable'],
    ['katakana of half width', 'payeasy', payer({ kana: 'ﾔﾏﾀﾞ' }), 'name_not_printable'],
    ['what is paid for, unprintable', 'konbini', { content: 'Café' }, 'name_not_printable'],
    ['no telephone number at Lawson', 'konbini', { chain: 'lawson', ...payer({ phone: null }) }, 'invalid'],
    ['no katakana for Pay-easy', 'payeasy', payer({ kana: null }), 'invalid'],
    ['no way back from the bank', 'bank_link', { return_url: undefined }, 'invalid'],
    ['no chain', 'konbini', { chain: undefined }, 'invalid'],
    ['a field that nobody knows', 'konbini', { colour: 'red' }, 'invalid'],
  ];
  test.each(refused)('%s', async (_, service, changes, error) => {
    const reference = newReference();
    const answer = await put(reference, numberRequest(service, changes));
    expect(answer).toEqual({ status: 422, body: { error } });
    expect((await ask(world, 'GET', `numbers/${reference}`)).status).toBe(404);
  });

  test('the largest amounts and the longest names are taken', async () => {
    const longest = payer({ name1: 'あ'.repeat(10), name2: '\u3000'.repeat(10), kana: 'ヤ'.repeat(15) });
    expect((await put(newReference(), numberRequest('konbini', { amount: 300_000 }))).status).toBe(201);
    const atm = numberRequest('payeasy', { amount: 99_999_999, content: '亜'.repeat(12), ...longest });
    expect((await put(newReference(), atm)).status).toBe(201);
  });
});

describe('the code of a slip', () => {
  const file = new URL('../vectors/konbini-gs1-128.json', import.meta.url);
  const { cases }: Json = JSON.parse(readFileSync(file, 'utf8'));
  const ours = cases.filter(({ fields }: Json) => fields?.reissue === '0');

  test.each<Json>(ours)('$name', ({ fields, data44 }) => {
    const [, year, month, day] = /^(\d\d)(\d\d)(\d\d)$/.exec(fields.dueDate) ?? [];
    const lastSecond = new Date(`20${year}-${month}-${day}T23:59:59+09:00`);
    expect(slipCode(fields.freeField, lastSecond, fields.amount)).toBe(data44);
  });

  test('stands on the slip, and can be paid by at the register', async () => {
    expect(ours.length).toBeGreaterThan(5);
    const { reference, request, answer } = await issued('konbini', { amount: 50_000 });
    const { barcode, numbers } = answer.body;
    expect(barcode).toBe(slipCode(numbers.slip_number, new Date(request.pay_by), 50_000));
    const page = await fetch(`${world.simulator.httpUrl}/register?number=${barcode}`);
    expect(await page.text()).toContain(`value="${reference}"`);
  });
});

async function put(reference: string, request: unknown) {
  return ask(world, 'PUT', `numbers/${reference}`, request);
}

async function issued(service: string = 'konbini', changes: Record<string, unknown> = {}) {
  const reference = newReference();
  const request = numberRequest(service as Parameters<typeof numberRequest>[0], changes);
  return { reference, request, answer: await put(reference, request) };
}

function toldOf(reference: string): Json[] {
  return notices.received.filter((notice) => notice.reference === reference);
}

/** One more notice, of another number, is told and acknowledged: what was due before it has been sent. */
async function laterNotice(): Promise<void> {
  const { reference } = await issued('konbini', { notice_url: notices.url });
  await ask(world, 'POST', `control/${reference}/pay`);
  await eventually('a later notice', async () => toldOf(reference).length > 0);
}

async function fault(rule: Record<string, unknown>): Promise<void> {
  const response = await fetch(`${world.simulator.httpUrl}/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(rule),
  });
  expect(response.status).toBe(201);
}
