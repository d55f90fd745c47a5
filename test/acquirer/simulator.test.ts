import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDeframer } from '../../src/acquirer/framing.ts';
import { openLink } from '../../src/acquirer/link.ts';
import { acquirerOver } from '../../src/acquirer/open-acquirer.ts';
import type { Acquirer, OperationKind, OperationMessage } from '../../src/acquirer/port.ts';
import { scrub } from '../../src/acquirer/scrub.ts';
import { BRANDS, type Brand } from '../../src/lib/card.ts';
import { wallClock } from '../../src/lib/clock.ts';
import { BONUS_COUNTS, brandTakes, COUNTS, LUMP_SUM, type PaymentType } from '../../src/lib/payment-type.ts';
import type { Balance, Entry } from '../../src/simulator/ledger.ts';
import { testPan } from '../../src/simulator/test-cards.ts';
import { openWorld, type World } from '../simulator/world.ts';
import { eventually } from '../support/eventually.ts';
import { CSC, formsOf, messageOf, openerOf } from './messages.ts';
import { openTap, type Tap } from './peer.ts';

let world: World;
let tap: Tap;
let log: string[];
const open: Acquirer[] = [];

beforeEach(async () => {
  world = await openWorld();
  tap = await openTap(world.simulator.acquirerPort);
  log = [];
});
afterEach(async () => {
  for (const acquirer of open.splice(0)) await acquirer.close();
  await tap.close();
  await world.close();
});

/** An acquirer whose vault holds one card with this issuer code. */
async function acquirerWith(issuer: string, timeoutMs = 1_000, brand: Brand = 'amex'): Promise<Acquirer> {
  const write = (fields: Record<string, unknown>, message: string) => {
    log.push(JSON.stringify({ ...fields, message }));
  };
  const written = { info: write, warn: write, error: write };
  const terminal = 'T0000001';
  const address = { host: '127.0.0.1', port: tap.port };
  const link = openLink({ address, terminal, timeoutMs, log: written, clock: wallClock });
  const acquirer = acquirerOver(
    link,
    openerOf(testPan(brand, '00', issuer), brand === 'amex' ? CSC : CSC.slice(0, 3)),
    { terminal, log: written, clock: wallClock },
  );
  open.push(acquirer);
  await eventually('signed on', async () => acquirer.ready());
  return acquirer;
}

let stan = 100;

function fresh(kind: OperationKind, changes: Partial<OperationMessage> = {}): OperationMessage {
  stan += 1;
  const digits = String(stan).padStart(6, '0');
  const transmittedAt = wallClock.now();
  return messageOf(kind, { stan: digits, rrn: `632715${digits}`, transmittedAt, threeDs: null, ...changes });
}

function after(message: OperationMessage, approvalCode: string | null): OperationMessage['original'] {
  const { kind, terminal, rrn, transmittedAt } = message;
  return { kind, terminal, rrn, transmittedAt, stan: message.stan, approvalCode };
}

async function approval(acquirer: Acquirer, message: OperationMessage): Promise<string> {
  const outcome = await acquirer.send(message);
  if (outcome.kind !== 'approved') throw new Error(JSON.stringify(outcome));
  return outcome.approvalCode ?? '';
}

async function balances(): Promise<Balance[]> {
  const response = await fetch(`${world.simulator.httpUrl}/ledger`);
  return ((await response.json()) as { balances: Balance[] }).balances;
}

test('the acquirer at the other end understands every operation, and its books are ours', async () => {
  const acquirer = await acquirerWith('00');
  const hold = fresh('authorize', { orderId: 'held' });
  const held = after(hold, await approval(acquirer, hold));
  await approval(acquirer, fresh('capture', { orderId: 'held', amount: 10_000, original: held }));
  await approval(acquirer, fresh('refund', { orderId: 'held', amount: 4_000, original: held }));
  const sale = fresh('sale', { orderId: 'sold' });
  const sold = after(sale, await approval(acquirer, sale));
  await approval(acquirer, fresh('refund', { orderId: 'sold', amount: 800, original: sold }));
  const dropped = fresh('authorize', { orderId: 'voided' });
  await approval(
    acquirer,
    fresh('void', { orderId: 'voided', original: after(dropped, await approval(acquirer, dropped)) }),
  );
  expect(await balances()).toMatchObject([
    { order_id: 'held', captured: 10_000, refunded: 4_000 },
    { order_id: 'sold', captured: 12_800, refunded: 800 },
    { order_id: 'voided', captured: 0, reversed: 12_800 },
  ]);
});

const TYPES: [PaymentType, string][] = [
  [LUMP_SUM, '10'],
  ...COUNTS.map((count): [PaymentType, string] => [
    { type: 'installments', count },
    `61C${String(count).padStart(2, '0')}`,
  ]),
  [{ type: 'revolving', count: null }, '80'],
  [{ type: 'bonus', count: null }, '21'],
  ...BONUS_COUNTS.map((count): [PaymentType, string] => [
    { type: 'bonus_installments', count },
    `31C${String(count).padStart(2, '0')}`,
  ]),
];

test.each(BRANDS)(
  '%s: each payment type that the brand takes is booked as such, no other is',
  async (brand) => {
    const acquirer = await acquirerWith('00', 1_000, brand);
    const expected: [string, string | null][] = [];
    for (const kind of ['sale', 'authorize'] as const) {
      for (const [paymentType, code] of TYPES) {
        const bonusMonth = paymentType.type.startsWith('bonus') ? '2608' : null;
        const outcome = await acquirer.send(fresh(kind, { brand, paymentType, bonusMonth }));
        const taken = brandTakes(brand, paymentType);
        expect(outcome).toMatchObject(
          taken ? { kind: 'approved' } : { kind: 'declined', responseCode: '12', japanCode: 'G78' },
        );
        expected.push([code, taken ? null : 'G78']);
      }
    }
    const response = await fetch(`${world.simulator.httpUrl}/ledger`);
    const { entries } = (await response.json()) as { entries: Entry[] };
    expect(entries.map(({ payment_type, japan_code }) => [payment_type, japan_code])).toEqual(expected);
  },
);

test('a repeat is booked once', async () => {
  const acquirer = await acquirerWith('00');
  const hold = fresh('authorize');
  const held = after(hold, await approval(acquirer, hold));
  const capture = fresh('capture', { original: held });
  await approval(acquirer, capture);
  await approval(acquirer, { ...capture, repeat: true });
  expect(await balances()).toMatchObject([{ captured: 12_800 }]);
});

test.each(['05', '51', '54', '57', '61', '65', '82', '91', '96'])(
  'issuer code %s is a decline',
  async (code) => {
    const acquirer = await acquirerWith(code);
    expect(await acquirer.send(fresh('sale'))).toEqual({
      kind: 'declined',
      responseCode: code,
      japanCode: null,
    });
  },
);

test.each([
  ['20', 'nothing processed', '25', []],
  ['21', 'the answer lost', '00', [{ authorized: 0, captured: 0, reversed: 12_800, refunded: 0 }]],
])(
  'after issuer code %s (%s) the outcome is unknown, and its reversal ends it',
  async (issuer, _, code, books) => {
    const acquirer = await acquirerWith(issuer, 200);
    const sale = fresh('sale');
    expect((await acquirer.send(sale)).kind).toBe('unknown');
    const reversal = fresh('reversal', { original: after(sale, null) });
    expect(await acquirer.send(reversal)).toMatchObject({ kind: 'approved', responseCode: code });
    expect((await acquirer.send({ ...reversal, repeat: true })).kind).toBe('approved');
    expect(await balances()).toMatchObject(books);
  },
);

test('an acquirer that comes back is found again', async () => {
  const acquirer = await acquirerWith('00');
  await world.restart();
  await eventually('signed on again', async () => {
    return acquirer.ready() && (await acquirer.send(fresh('sale'))).kind === 'approved';
  });
});

test('a recorded exchange, scrubbed, holds neither card number nor security code in any form', async () => {
  const acquirer = await acquirerWith('00');
  const hold = fresh('authorize');
  const held = after(hold, await approval(acquirer, hold));
  await approval(acquirer, fresh('capture', { original: held }));
  const pan = testPan('amex', '00', '00');
  const raw = Buffer.concat(tap.sent).toString('latin1');
  expect(raw).toContain(pan);
  expect(raw).toContain(`06004${CSC}`);

  const wires = [tap.sent, tap.received].flatMap((chunks) => [...openDeframer()(Buffer.concat(chunks))]);
  const transcript = wires.map((wire) => scrub(wire)).join('\n');
  expect(wires.length).toBeGreaterThanOrEqual(6);
  expect(transcript).not.toContain('unreadable');
  expect(transcript).toContain(`2=${pan.slice(-4).padStart(15, '*')}`);
  expect(transcript).toContain('48=[removed]');
  const everything = [transcript, ...log, ...world.log].join('\n');
  for (const form of [...formsOf(pan), ...formsOf(CSC)]) expect(everything).not.toContain(form);
});

test('the forms that are looked for would be found', () => {
  const wire = Buffer.from(`x0600${CSC}y`);
  const hidden = [wire.toString(), wire.toString('hex'), wire.toString('base64')];
  for (const text of hidden) expect(formsOf(CSC).some((form) => text.includes(form))).toBe(true);
});
