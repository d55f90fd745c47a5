import { expect, test } from 'vitest';
import { decode, type Iso8583Message } from '../../src/acquirer/codec.ts';
import { outcomeOf, writeOperation } from '../../src/acquirer/operations.ts';
import type { OperationKind, OperationMessage } from '../../src/acquirer/port.ts';
import { LUMP_SUM, type PaymentType } from '../../src/lib/payment-type.ts';
import { messageOf, ORIGINAL, openerOf, PAN } from './messages.ts';
import { answerTo } from './peer.ts';

const KINDS: OperationKind[] = ['sale', 'authorize', 'capture', 'void', 'refund', 'reversal'];

async function written(message: OperationMessage): Promise<Iso8583Message> {
  const { frame } = await writeOperation(openerOf(), message);
  return decode(frame.reveal().toString('latin1', 2));
}

test.each([
  ['sale', false, '0200', '000000', undefined],
  ['sale', true, '0201', '000000', undefined],
  ['authorize', false, '0100', '000000', undefined],
  ['capture', false, '0220', '000000', undefined],
  ['capture', true, '0221', '000000', undefined],
  ['void', false, '0400', '000000', '17'],
  ['void', true, '0401', '000000', '17'],
  ['refund', false, '0200', '200000', undefined],
  ['refund', true, '0201', '200000', undefined],
  ['reversal', false, '0400', '000000', '68'],
  ['reversal', true, '0401', '000000', '68'],
] as const)('%s (repeat: %s) is %s with DE3 %s', async (kind, repeat, mti, processingCode, reason) => {
  const message = await written(messageOf(kind, { repeat }));
  expect(message).toMatchObject({
    mti,
    fields: { 2: PAN, 3: processingCode, 4: '000000012800', 7: '1123153045' },
  });
  expect(message.fields[39]).toBe(reason);
});

test('a repeat differs from its first sending in the MTI alone', async () => {
  for (const kind of ['capture', 'void', 'refund', 'reversal'] as const) {
    const first = await written(messageOf(kind));
    expect((await written(messageOf(kind, { repeat: true }))).fields).toEqual(first.fields);
  }
});

test('local time is Japan’s, names are folded to ASCII, the expiry is YYMM', async () => {
  const { fields } = await written(messageOf('sale'));
  expect(fields).toMatchObject({ 12: '003045', 13: '1124', 14: '3903', 22: '812', 63: '10' });
  expect(fields[43]).toBe('Cafe AB'.padEnd(40));
});

test('a message that takes something back names the original and carries its RRN', async () => {
  for (const kind of ['void', 'reversal'] as const) {
    const { fields } = await written(messageOf(kind));
    expect(fields).toMatchObject({ 11: '000010', 37: ORIGINAL.rrn, 38: 'A1B2C3' });
    expect(fields[90]).toBe(`0100000009112300000000000900001${'0'.repeat(11)}`);
  }
});

test('capture and refund name the original and keep an RRN of their own', async () => {
  for (const kind of ['capture', 'refund'] as const) {
    const { fields } = await written(messageOf(kind, { original: { ...ORIGINAL, approvalCode: null } }));
    expect(fields).toMatchObject({ 37: '632715000010' });
    expect(fields[90]).toBe(`0100000009112300000000000900001${'0'.repeat(11)}`);
    expect(fields[38]).toBeUndefined();
  }
});

test('the proof and the security code travel in DE48, and only with a sale or authorisation', async () => {
  const { fields } = await written(messageOf('sale'));
  expect(fields[48]).toBe(
    '01007order-1020020503028AAABBZEEBgAAAAAAAAQGAAAAAAA=' +
      '040361d042cf8-a44c-4111-a057-723b95e403d2050052.2.0060049731',
  );
  expect((await written(messageOf('refund'))).fields[48]).toBe('01007order-1');
});

test('the security code is opened for the first sending of a sale or authorisation, and for nothing else', async () => {
  const sealed = messageOf('sale').securityCode;
  for (const kind of KINDS) {
    for (const repeat of [false, true]) {
      const opener = openerOf();
      const message = messageOf(kind, { repeat, securityCode: sealed });
      const { frame } = await writeOperation(opener, message);
      const { fields } = decode(frame.reveal().toString('latin1', 2));
      const opens = kind === 'sale' || kind === 'authorize';
      expect(opener.opened).toEqual(opens && !repeat ? ['code', 'card'] : ['card']);
      expect(fields[48]?.includes('06004')).toBe(opens && !repeat);
      if (opens) expect(fields[22]).toBe(repeat ? '810' : '812');
    }
  }
});

test.each<[PaymentType, string | null, string, string]>([
  [LUMP_SUM, null, '10', ''],
  [{ type: 'installments', count: 3 }, null, '61C03', '0700203'],
  [{ type: 'installments', count: 24 }, null, '61C24', '0700224'],
  [{ type: 'revolving', count: null }, null, '80', ''],
  [{ type: 'bonus', count: null }, '2701', '21', '080042701'],
  [{ type: 'bonus_installments', count: 6 }, '2708', '31C06', '0700206080042708'],
])(
  '%j is DE63 and its details, on a sale or authorisation alone',
  async (paymentType, bonusMonth, code, details) => {
    for (const kind of KINDS) {
      const opens = kind === 'sale' || kind === 'authorize';
      const { fields } = await written(
        messageOf(kind, { paymentType, bonusMonth, threeDs: null, securityCode: null }),
      );
      expect([fields[63], fields[48]]).toEqual(
        opens ? [code, `01007order-1${details}`] : [undefined, '01007order-1'],
      );
    }
  },
);

const FIRST = { rrn: '632715000009', dsTransId: 'f38e6948-5388-41a6-bca4-b49723c19437', eci: '05' };

test.each<[OperationMessage['storedCard'], boolean, string, string]>([
  [null, true, '812', ''],
  [{ use: 'first' }, true, '812', '09001F'],
  [{ use: 'cardholder', first: FIRST }, true, '102', `09001C10012${FIRST.rrn}11036${FIRST.dsTransId}1200205`],
  [
    { use: 'merchant', first: { ...FIRST, dsTransId: null, eci: null } },
    false,
    '100',
    `09001M10012${FIRST.rrn}`,
  ],
])('a stored card %j is DE22 and elements 09 to 12', async (storedCard, withCode, entryMode, elements) => {
  const changes = { storedCard, threeDs: null, ...(withCode ? {} : { securityCode: null }) };
  const { fields } = await written(messageOf('sale', changes));
  expect([fields[22], fields[48]]).toEqual([
    entryMode,
    `01007order-1${elements}${withCode ? '060049731' : ''}`,
  ]);
  const capture = await written(messageOf('capture', changes));
  expect(capture.fields[48]).toBe('01007order-1');
});

test.each([
  ['G74', 'G74'],
  ['C01', 'C01'],
  [undefined, null],
  ['M', null],
  ['G740', null],
])('a decline with DE44 %s has the Japanese code %s', async (said, japanCode) => {
  const message = messageOf('sale');
  const { mti, fields } = answerTo(await written(message), '12');
  const answer = { mti, fields: said === undefined ? fields : { ...fields, 44: said } };
  expect(outcomeOf(message, answer)).toEqual({ kind: 'declined', responseCode: '12', japanCode });
});

test('what is handed to the link prints nothing of the card', async () => {
  const wire = await writeOperation(openerOf(), messageOf('sale'));
  expect(JSON.stringify(wire)).not.toContain(PAN.slice(0, 6));
});

test.each([
  ['sale', '00', 'approved'],
  ['sale', '51', 'declined'],
  ['sale', '10', 'unknown'],
  ['sale', '94', 'unknown'],
  ['sale', '25', 'declined'],
  ['authorize', '10', 'unknown'],
  ['capture', '00', 'approved'],
  ['capture', '94', 'unknown'],
  ['void', '79', 'declined'],
  ['refund', '12', 'declined'],
  ['reversal', '00', 'approved'],
  ['reversal', '25', 'approved'],
  ['reversal', '79', 'approved'],
  ['reversal', '96', 'declined'],
] as const)('a %s that is answered %s is %s', async (kind, code, outcome) => {
  const message = messageOf(kind);
  expect(outcomeOf(message, answerTo(await written(message), code)).kind).toBe(outcome);
});

test.each([
  ['sale', false, '68', 'unknown'],
  ['sale', false, '09', 'unknown'],
  ['sale', false, '96', 'declined'],
  ['capture', false, '96', 'declined'],
  ['capture', true, '96', 'unknown'],
  ['refund', true, '91', 'unknown'],
  ['refund', true, '06', 'unknown'],
  ['void', true, '92', 'unknown'],
  ['refund', true, '12', 'declined'],
  ['refund', true, '00', 'approved'],
] as const)(
  'a %s (repeat: %s) that is answered %s is %s: the first may have been booked',
  async (kind, repeat, code, is) => {
    const message = messageOf(kind, { repeat });
    expect(outcomeOf(message, answerTo(await written(message), code)).kind).toBe(is);
  },
);

test('an approval brings its code, without the padding', async () => {
  const message = messageOf('sale');
  const { mti, fields } = answerTo(await written(message), '00');
  const outcome = outcomeOf(message, { mti, fields: { ...fields, 38: 'AB12  ' } });
  expect(outcome).toEqual({ kind: 'approved', responseCode: '00', approvalCode: 'AB12' });
});

test('an answer that differs from its request in anything it repeats says nothing', async () => {
  const message = messageOf('sale');
  const answer = answerTo(await written(message), '00');
  const changed: [number, string][] = [
    [3, '200000'],
    [4, '000000000001'],
    [7, '1123153046'],
    [11, '000011'],
    [37, '632715000011'],
    [41, 'T0000009'],
    [42, 'A100000002     '],
  ];
  const without = (number: number) =>
    Object.fromEntries(Object.entries(answer.fields).filter(([key]) => Number(key) !== number));
  const wrong: Iso8583Message[] = [
    { ...answer, mti: '0230' },
    { ...answer, mti: '0110' },
    ...changed.map(([number, value]) => ({ ...answer, fields: { ...answer.fields, [number]: value } })),
    ...[39, ...changed.map(([number]) => number)].map((number) => ({ ...answer, fields: without(number) })),
  ];
  expect(outcomeOf(message, answer).kind).toBe('approved');
  for (const each of wrong) expect(outcomeOf(message, each).kind, JSON.stringify(each)).toBe('unknown');
});
