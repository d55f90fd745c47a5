import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BRANDS, type Brand } from '../../src/lib/card.ts';
import type { Balance, Entry } from '../../src/simulator/ledger.ts';
import { testPan } from '../../src/simulator/test-cards.ts';
import {
  type Client,
  following,
  frame,
  openClient,
  opening,
  reversal,
  signedOn,
  tlv,
} from './acquirer-client.ts';
import { areq, send } from './threeds-client.ts';
import { openWorld, type World } from './world.ts';

let world: World;
let client: Client;

beforeEach(async () => {
  world = await openWorld();
  client = await signedOn(world.simulator.acquirerPort);
});
afterEach(async () => {
  client.close();
  await world.close();
});

async function books(): Promise<{ entries: Entry[]; balances: Balance[] }> {
  const response = await fetch(`${world.simulator.httpUrl}/ledger`);
  return response.json() as Promise<{ entries: Entry[]; balances: Balance[] }>;
}

async function balance(): Promise<Pick<Balance, 'authorized' | 'captured' | 'reversed' | 'refunded'>> {
  const [only, ...more] = (await books()).balances;
  if (!only || more.length > 0) throw new Error(`expected one balance, not ${more.length + (only ? 1 : 0)}`);
  const { authorized, captured, reversed, refunded } = only;
  return { authorized, captured, reversed, refunded };
}

function code(mti: string, fields: Record<number, string>, waitMs?: number): Promise<string | null> {
  return client.ask(mti, fields, waitMs).then((answer) => answer?.code ?? null);
}

async function addFault(rule: object): Promise<void> {
  const response = await fetch(`${world.simulator.httpUrl}/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(rule),
  });
  expect(response.status).toBe(201);
}

const pan = (issuer: string, brand: Brand = 'visa') => testPan(brand, '00', issuer);

describe('the link', () => {
  test('nothing is processed before sign-on, nor after sign-off', async () => {
    const stranger = await openClient(world.simulator.acquirerPort);
    expect((await stranger.ask('0200', opening(pan('00'))))?.code).toBe('91');
    await client.ask('0800', { 7: '0101000000', 11: '000777', 32: '900001', 41: 'T0000001', 70: '002' });
    expect(await code('0200', opening(pan('00')))).toBe('91');
    expect((await books()).entries).toEqual([]);
    stranger.close();
  });

  test('an echo is answered with the same STAN', async () => {
    const answer = await client.ask('0800', {
      7: '0101000000',
      11: '000778',
      32: '900001',
      41: 'T0000001',
      70: '301',
    });
    expect(answer).toMatchObject({ mti: '0810', code: '00', stan: '000778' });
  });

  test.each(['\u0000\u0000', 'GARBAGE', '0200ZZ'])(
    'what cannot be decoded ends the link: %j',
    async (text) => {
      client.write(text.startsWith('\u0000') ? Buffer.from([0, 0]) : frame(text));
      await client.closed;
    },
  );

  test('many messages in flight are answered out of order', async () => {
    const slow = opening(pan('22'));
    const quick = Array.from({ length: 20 }, () => opening(pan('00')));
    const answers = await Promise.all([slow, ...quick].map((fields) => client.ask('0200', fields)));
    expect(answers.map((answer) => answer?.code)).toEqual(Array(21).fill('00'));
    expect(client.met.at(-1)?.stan).toBe(slow[11]);
  });

  test.each<[string, Record<number, string>]>([
    ['a wrong country', { 19: '840' }],
    ['no security code in 812', { 48: tlv({ '01': 'order-1' }) }],
    ['no order', { 48: tlv({ '06': '123' }) }],
    ['local time that is not the moment of DE7', { 12: '000000', 13: '0101', 7: '0101000000' }],
    ['amount 0', { 4: '000000000000' }],
  ])('%s is answered 30 and not booked', async (_, change) => {
    expect(await code('0200', opening(pan('00'), change))).toBe('30');
    expect((await books()).entries).toEqual([]);
  });
});

describe('issuer scenarios', () => {
  const declines = ['05', '51', '54', '57', '61', '65', '82', '91', '96'];
  test.each(declines)('AA %s declines with that code, and no money is held', async (issuer) => {
    expect(await code('0200', opening(pan(issuer)))).toBe(issuer);
    expect(await code('0100', opening(pan(issuer)))).toBe(issuer);
    const { entries, balances } = await books();
    expect(entries.map(({ response_code }) => response_code)).toEqual([issuer, issuer]);
    expect(balances).toEqual([]);
  });

  test.each(BRANDS)('%s approves, with an approval code', async (brand) => {
    const answer = await client.ask('0200', opening(pan('00', brand)));
    expect(answer).toMatchObject({ mti: '0210', code: '00', approval: expect.stringMatching(/^\d{6}$/) });
    expect(await balance()).toEqual({ authorized: 0, captured: 12_800, reversed: 0, refunded: 0 });
  });

  test('an unlisted scenario acts as 00, a number that is no test card declines 14', async () => {
    expect(await code('0200', opening(pan('77')))).toBe('00');
    expect(await code('0200', opening('4242424242424242'))).toBe('14');
    expect(await code('0200', opening('4000000012345678'))).toBe('14');
  });

  test('a card past its month declines 54', async () => {
    expect(await code('0200', opening(pan('00'), { 14: '2001' }))).toBe('54');
  });

  test('AA 20 processes nothing and is silent; its reversal meets nothing', async () => {
    const sale = opening(pan('20'));
    expect(await code('0200', sale, 100)).toBeNull();
    expect((await books()).entries).toEqual([]);
    expect(await code('0400', reversal('0200', sale))).toBe('25');
    expect((await books()).balances).toEqual([]);
  });

  test('AA 21 books and is silent; its reversal brings the balance to 0', async () => {
    const sale = opening(pan('21'));
    expect(await code('0200', sale, 100)).toBeNull();
    expect((await balance()).captured).toBe(12_800);
    expect(await code('0400', reversal('0200', sale))).toBe('00');
    expect(await balance()).toEqual({ authorized: 0, captured: 0, reversed: 12_800, refunded: 0 });
  });

  test('AA 27 answers too late: the approval still comes after the reversal, the balance stays 0', async () => {
    const sale = opening(pan('27'));
    const late = client.ask('0200', sale);
    expect(await code('0400', reversal('0200', sale))).toBe('00');
    expect((await late)?.code).toBe('00');
    expect(await balance()).toEqual({ authorized: 0, captured: 0, reversed: 12_800, refunded: 0 });
  });

  test('AA 25 holds money but lets none be captured; AA 26 sells but refunds nothing', async () => {
    const hold = opening(pan('25'));
    expect(await code('0100', hold)).toBe('00');
    expect(await code('0220', following('0100', hold))).toBe('05');
    expect(await balance()).toMatchObject({ authorized: 12_800, captured: 0 });
    const sale = opening(pan('26'));
    expect(await code('0200', sale)).toBe('00');
    expect(await code('0200', following('0200', sale, { 3: '200000' }))).toBe('05');
  });

  test('AA 28 closes every link before it is authenticated, and refuses sign-on for a moment', async () => {
    const ares = await send(`${world.simulator.httpUrl}/ds/visa`, areq(pan('28')));
    expect(ares.transStatus).toBe('Y');
    await client.closed;
    const refused = await openClient(world.simulator.acquirerPort);
    const signOn = { 7: '0101000000', 11: '000001', 32: '900001', 41: 'T0000001', 70: '001' };
    expect((await refused.ask('0800', signOn))?.code).toBe('91');
    await expect.poll(async () => (await refused.ask('0800', signOn))?.code).toBe('00');
    expect((await refused.ask('0200', opening(pan('28'))))?.code).toBe('00');
    refused.close();
  });
});

describe('what follows an authorisation', () => {
  test('a partial capture takes its amount once and releases the rest; refunds never exceed it', async () => {
    const hold = opening(pan('00'));
    await client.ask('0100', hold);
    expect(await balance()).toMatchObject({ authorized: 12_800, captured: 0 });
    expect(await code('0220', following('0100', hold, { 4: '000000012801' }))).toBe('13');
    expect(await code('0220', following('0100', hold, { 4: '000000005000' }))).toBe('00');
    expect(await code('0220', following('0100', hold, { 4: '000000000001' }))).toBe('12');
    const refund = (amount: string) => code('0200', following('0100', hold, { 3: '200000', 4: amount }));
    expect(await refund('000000002000')).toBe('00');
    expect(await refund('000000003001')).toBe('13');
    expect(await refund('000000003000')).toBe('00');
    expect(await balance()).toEqual({ authorized: 0, captured: 5_000, reversed: 0, refunded: 5_000 });
    const { entries } = await books();
    expect(
      entries.filter(({ kind }) => kind !== 'authorization').map(({ original_seq }) => original_seq),
    ).toEqual(Array(6).fill(1));
  });

  test('a void gives the hold back; another one is told 79; a captured one is refused', async () => {
    const hold = opening(pan('00'));
    await client.ask('0100', hold);
    expect(await code('0400', reversal('0100', hold, '17'))).toBe('00');
    expect(await code('0400', reversal('0100', hold, '68'))).toBe('79');
    expect(await code('0220', following('0100', hold))).toBe('12');
    expect(await balance()).toEqual({ authorized: 0, captured: 0, reversed: 12_800, refunded: 0 });
    const taken = opening(pan('00'));
    await client.ask('0100', taken);
    await client.ask('0220', following('0100', taken));
    expect(await code('0400', reversal('0100', taken, '17'))).toBe('12');
  });

  test.each(['0220', '0200', '0400'] as const)(
    'a repeat of %s gets the same answer and books nothing',
    async (mti) => {
      const original = opening(pan('00'));
      const first = mti === '0200' ? '0200' : '0100';
      await client.ask(first, original);
      const change: Record<number, string> =
        mti === '0200' ? { 3: '200000' } : mti === '0400' ? { 37: original[37] ?? '', 39: '17' } : {};
      const message = following(first, original, { ...change });
      await client.ask(mti, message);
      const before = await books();
      await world.restart();
      client = await signedOn(world.simulator.acquirerPort);
      const repeat = await client.ask(`${mti.slice(0, 3)}1`, message);
      expect(repeat).toMatchObject({
        mti: mti === '0220' ? '0230' : mti === '0200' ? '0210' : '0410',
        code: '00',
      });
      expect(await books()).toEqual(before);
    },
  );

  test('a repeat whose first sending never arrived is processed', async () => {
    const hold = opening(pan('00'));
    await client.ask('0100', hold);
    expect(await code('0221', following('0100', hold))).toBe('00');
    expect(await balance()).toMatchObject({ authorized: 0, captured: 12_800 });
  });

  test('an original that comes after its reversal is refused, also after a restart', async () => {
    const sale = opening(pan('00'));
    expect(await code('0400', reversal('0200', sale))).toBe('25');
    await world.restart();
    client = await signedOn(world.simulator.acquirerPort);
    expect(await code('0200', sale)).toBe('12');
    expect((await books()).balances).toEqual([]);
  });

  test('two terminals that use one STAN in one second are told apart', async () => {
    const one = opening(pan('00'));
    const same = { 7: one[7] ?? '', 11: one[11] ?? '', 12: one[12] ?? '', 13: one[13] ?? '' };
    const two = opening(pan('00'), { ...same, 41: 'T0000002', 4: '000000000700' });
    await client.ask('0100', one);
    const second = await client.ask('0100', two);
    expect(await code('0220', following('0100', two, { 38: second?.approval ?? '' }))).toBe('00');
    expect(await code('0400', reversal('0100', one))).toBe('00');
    expect((await books()).balances).toMatchObject([
      { authorized: 0, captured: 0, reversed: 12_800 },
      { authorized: 0, captured: 700, reversed: 0 },
    ]);
  });

  test('another merchant, or another card, does not reach an original', async () => {
    const sale = opening(pan('00'));
    await client.ask('0200', sale);
    expect(await code('0400', { ...reversal('0200', sale), 42: 'A199999999'.padEnd(15) })).toBe('25');
    expect(await code('0400', { ...reversal('0200', sale), 2: pan('05') })).toBe('25');
    expect((await balance()).captured).toBe(12_800);
  });

  test('an authentication value that the issuer did not give for the transaction is refused with 63', async () => {
    const ares = await send(`${world.simulator.httpUrl}/ds/visa`, areq(pan('00')));
    const proof = (value: string) =>
      tlv({ '01': 'order-1', '03': value, '04': String(ares.dsTransID), '05': '2.2.0', '06': '123' });
    expect(await code('0200', opening(pan('00'), { 48: proof(String(ares.authenticationValue)) }))).toBe(
      '00',
    );
    expect(await code('0200', opening(pan('00'), { 48: proof(`${'A'.repeat(27)}=`) }))).toBe('63');
  });
});

describe('faults', () => {
  test('drop_request processes nothing, drop_answer processes in silence', async () => {
    await addFault({ match: { order_id: 'order-1', message: '0200' }, action: 'drop_request', times: 1 });
    const sale = opening(pan('00'));
    expect(await code('0200', opening(pan('00'), {}, 'order-2'))).toBe('00');
    expect(await code('0200', sale, 100)).toBeNull();
    expect(await code('0400', reversal('0200', sale))).toBe('25');
    await addFault({
      match: { last4: sale[2]?.slice(-4), message: '0220' },
      action: 'drop_answer',
      times: 1,
    });
    const hold = opening(pan('00'));
    await client.ask('0100', hold);
    const capture = following('0100', hold);
    expect(await code('0220', capture, 100)).toBeNull();
    expect(await code('0221', capture)).toBe('00');
    expect((await books()).entries.filter(({ kind }) => kind === 'capture')).toHaveLength(1);
  });

  test('duplicate answers twice, delay answers later, close ends the link unprocessed', async () => {
    await addFault({ match: { message: '0200' }, action: 'duplicate', times: 1 });
    await addFault({ match: { message: '0200' }, action: 'delay', delay_ms: 40, times: 1 });
    await addFault({ match: {}, action: 'close', times: 1 });
    const doubled = opening(pan('00'));
    await client.ask('0200', doubled);
    const delayed = opening(pan('00'));
    expect(await code('0200', delayed)).toBe('00');
    expect(client.met.filter(({ stan }) => stan === doubled[11])).toHaveLength(2);
    expect(await code('0200', opening(pan('00')))).toBeNull();
    await client.closed;
    expect((await books()).entries).toHaveLength(2);
  });

  test('DELETE /faults takes them all back; a rule that is none is refused', async () => {
    await addFault({ match: {}, action: 'drop_request', times: 9 });
    await fetch(`${world.simulator.httpUrl}/faults`, { method: 'DELETE' });
    expect(await code('0200', opening(pan('00')))).toBe('00');
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ match: { order: 1 }, action: 'explode', times: 0 });
    const refused = await fetch(`${world.simulator.httpUrl}/faults`, { method: 'POST', headers, body });
    expect(refused.status).toBe(422);
  });
});

test('books survive a kill in the middle of a line', async () => {
  await client.ask('0200', opening(pan('00')));
  const before = await books();
  const { appendFileSync } = await import('node:fs');
  appendFileSync(join(world.dataDir, 'simulator.jsonl'), '{"record":"entry","seq":2,"at":"20');
  await world.restart();
  expect(await books()).toEqual(before);
  client = await signedOn(world.simulator.acquirerPort);
  await client.ask('0200', opening(pan('00')));
  await world.restart();
  expect((await books()).entries.map(({ seq }) => seq)).toEqual([1, 2]);
});

test('neither the log nor the memory holds a card number or a security code', async () => {
  const fields = opening(pan('00'), { 48: tlv({ '01': 'order-1', '06': '907' }) });
  await client.ask('0200', fields);
  await client.ask('0400', reversal('0200', fields));
  await send(`${world.simulator.httpUrl}/ds/visa`, areq(pan('00')));
  const memory = readFileSync(join(world.dataDir, 'simulator.jsonl'), 'utf8');
  for (const text of [world.log.join('\n'), memory]) {
    expect(text).toContain('order-1');
    expect(text).not.toContain(pan('00'));
    expect(text).not.toMatch(/"907"|06003907/);
  }
});

describe('payment types', () => {
  const sale = (code: string, details: Record<string, string> = {}, brand: Brand = 'visa') => {
    const csc = brand === 'amex' ? '1234' : '123';
    return opening(pan('00', brand), { 48: tlv({ '01': 'order-1', '06': csc, ...details }), 63: code });
  };

  test.each<[string, Record<string, string>, Brand, string]>([
    ['61C04', { '07': '04' }, 'visa', 'G74'],
    ['61C01', { '07': '01' }, 'visa', 'G74'],
    ['61', {}, 'visa', 'G74'],
    ['61C03', {}, 'visa', 'G74'],
    ['61C03', { '07': '06' }, 'visa', 'G74'],
    ['31C02', { '07': '02', '08': '2608' }, 'visa', 'G74'],
    ['10', { '07': '03' }, 'visa', 'G74'],
    ['80C03', { '07': '03' }, 'visa', 'G74'],
    ['21', {}, 'visa', 'G71'],
    ['21', { '08': '2607' }, 'visa', 'G71'],
    ['61C03', { '07': '03', '08': '2608' }, 'visa', 'G71'],
    ['99', {}, 'visa', 'G78'],
    ['62C03', { '07': '03' }, 'visa', 'G78'],
    ['80', {}, 'amex', 'G78'],
    ['61C03', { '07': '03' }, 'diners', 'G78'],
  ])('DE63 %s with %j is declined for %s: %s', async (sent, details, brand, japanCode) => {
    const answer = await client.ask('0200', sale(sent, details, brand));
    expect(answer).toMatchObject({ mti: '0210', code: '12', japanCode });
    expect((await books()).entries).toMatchObject([{ payment_type: sent, japan_code: japanCode }]);
  });

  test('a capture or refund with a payment type is a format error', async () => {
    const original = sale('61C03', { '07': '03' });
    expect(await code('0200', original)).toBe('00');
    const refund = following('0200', original, { 3: '200000' });
    expect(await code('0200', { ...refund, 63: '61C03' })).toBe('30');
    expect(await code('0200', refund)).toBe('00');
  });
});

test('a fault declines with any code, and a repeat hears the same again', async () => {
  await addFault({ match: {}, action: 'decline', response_code: '91', japan_code: 'C12' });
  const sale = opening(pan('00'));
  expect(await client.ask('0200', sale)).toMatchObject({ code: '91', japanCode: 'C12', approval: null });
  expect(await client.ask('0201', sale)).toMatchObject({ code: '91', japanCode: 'C12' });
  const { entries, balances } = await books();
  expect(entries).toMatchObject([{ response_code: '91', japan_code: 'C12', payment_type: '10' }]);
  expect(balances).toEqual([]);
});

describe('stored cards', () => {
  const agreed = () => opening(pan('00'), { 48: tlv({ '01': 'order-1', '06': '123', '09': 'F' }) });
  const byMerchant = (first: string | undefined, number = pan('00'), change: Record<number, string> = {}) =>
    opening(number, {
      22: '100',
      48: tlv({ '01': 'order-2', '09': 'M', ...(first === undefined ? {} : { '10': first }) }),
      ...change,
    });

  test('a merchant charges a card by naming the payment in which its cardholder agreed, and not else', async () => {
    const first = agreed();
    const unasked = opening(pan('00'));
    await client.ask('0200', first);
    await client.ask('0200', unasked);
    expect(await code('0200', byMerchant(first[37]))).toBe('00');
    expect(await code('0200', byMerchant(undefined))).toBe('12');
    expect(await code('0200', byMerchant('000000000000'))).toBe('12');
    expect(await code('0200', byMerchant(unasked[37]))).toBe('12');
    expect(await code('0200', byMerchant(first[37], pan('22')))).toBe('12');
    expect(await code('0200', byMerchant(first[37], pan('00'), { 42: 'A100000099'.padEnd(15) }))).toBe('12');
    expect((await books()).entries[2]).toMatchObject({
      stored_credential: { use: 'M', first_rrn: first[37], first_ds_trans_id: null },
    });
  });

  test.each<[string, string, Record<string, string>]>([
    ['a merchant with a security code', '102', { '06': '123', '09': 'M', '10': '632715000010' }],
    ['a stored card by the entry mode of a typed one', '812', { '06': '123', '09': 'C' }],
    ['a typed card by the entry mode of a stored one', '102', { '06': '123' }],
    ['a reference without a use', '812', { '06': '123', '10': '632715000010' }],
    ['an unknown use', '812', { '06': '123', '09': 'X' }],
  ])('%s is a format error', async (_, entryMode, elements) => {
    const fields = { 22: entryMode, 48: tlv({ '01': 'order-1', ...elements }) };
    expect(await code('0200', opening(pan('00'), fields))).toBe('30');
  });
});
