import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { decode } from '../../src/acquirer/codec.ts';
import { openDeframer } from '../../src/acquirer/framing.ts';
import { type LinkOptions, openLink } from '../../src/acquirer/link.ts';
import { acquirerOver } from '../../src/acquirer/open-acquirer.ts';
import type { Opener } from '../../src/acquirer/operations.ts';
import type { Acquirer, Outcome } from '../../src/acquirer/port.ts';
import { plus, wallClock } from '../../src/lib/clock.ts';
import { eventually } from '../support/eventually.ts';
import { messageOf, nth, openerOf, PAN } from './messages.ts';
import { answerTo, type Behaviour, openPeer, type Peer, say } from './peer.ts';

const closers: (() => Promise<void>)[] = [];
const lines: string[] = [];
const write = (fields: Record<string, unknown>, message: string) => {
  lines.push(`${message} ${JSON.stringify(fields)}`);
};
const log = { info: write, warn: write, error: write };

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  lines.length = 0;
});

interface Pair {
  acquirer: Acquirer;
  peer: Peer;
}

async function pair(
  behave: Behaviour,
  opener: Opener = openerOf(),
  options: Partial<LinkOptions> = {},
): Promise<Pair> {
  const peer = await openPeer(behave);
  closers.push(peer.close);
  const terminal = 'T0000001';
  const link = openLink({
    address: { host: '127.0.0.1', port: peer.port },
    timeoutMs: 300,
    terminal,
    log,
    clock: wallClock,
    ...options,
  });
  const acquirer = acquirerOver(link, opener, { terminal, log, clock: wallClock });
  closers.push(() => acquirer.close());
  await eventually('signed on', async () => acquirer.ready());
  return { acquirer, peer };
}

const approve: Behaviour = (message, socket) => say(socket, answerTo(message, '00'));

test('an operation is sent and its answer is the outcome', async () => {
  const { acquirer, peer } = await pair(approve);
  const outcome = await acquirer.send(messageOf('sale'));
  expect(outcome).toEqual({ kind: 'approved', responseCode: '00', approvalCode: null });
  expect(peer.messages).toHaveLength(1);
});

test('without a link nothing is sent, and the vault stays shut', async () => {
  const opener = openerOf();
  const { acquirer, peer } = await pair(approve, opener);
  peer.sockets[0]?.destroy();
  await eventually('the loss is noticed', async () => !acquirer.ready());
  expect((await acquirer.send(messageOf('sale'))).kind).toBe('not_sent');
  expect(opener.opened).toEqual([]);
  expect(peer.messages).toEqual([]);
});

test.each<[string, Partial<Opener>, Parameters<typeof messageOf>[1]]>([
  ['a card that does not open', { openCard: () => Promise.reject(new Error('gone')) }, {}],
  ['a security code that does not open', { openSecurityCode: () => Promise.reject(new Error('gone')) }, {}],
  ['a value that does not fit its field', {}, { mcc: '57190' }],
  ['an order id beyond ASCII', {}, { orderId: '注文' }],
])('%s is not sent', async (_, opener, changes) => {
  const { acquirer, peer } = await pair(approve, { ...openerOf(), ...opener });
  expect((await acquirer.send(messageOf('sale', changes))).kind).toBe('not_sent');
  expect(peer.messages).toEqual([]);
  expect(lines.join('\n')).not.toContain(PAN);
});

test('a sale that took too long to write does not leave: its reversal may have gone before it', async () => {
  const { acquirer, peer } = await pair(approve);
  const sendBy = plus(wallClock.now(), -1);
  expect((await acquirer.send(messageOf('sale', { sendBy }))).kind).toBe('not_sent');
  expect(peer.messages).toEqual([]);
});

test('closing lets what is in flight finish, refuses what comes then, signs off', async () => {
  let answer = () => {};
  const { acquirer, peer } = await pair((message, socket) => {
    answer = () => say(socket, answerTo(message, '00'));
  });
  const first = acquirer.send(nth('sale', 1));
  await eventually('it has arrived', async () => peer.messages.length === 1);
  const closed = acquirer.close();
  expect(acquirer.ready()).toBe(false);
  expect((await acquirer.send(nth('sale', 2))).kind).toBe('not_sent');
  answer();
  expect((await first).kind).toBe('approved');
  await closed;
  expect(peer.management).toEqual(['001', '002']);
  expect(peer.messages).toHaveLength(1);
});

test('an unanswered message does not hold the closing up longer than its time', async () => {
  const { acquirer } = await pair(() => {}, openerOf(), { timeoutMs: 100 });
  const unanswered = acquirer.send(nth('sale', 1));
  await acquirer.close();
  expect((await unanswered).kind).toBe('unknown');
});

type Move = 'answer' | 'decline' | 'silence' | 'close' | 'reset' | 'half_close' | 'garbage';

const MOVES: Record<Move, Behaviour> = {
  answer: approve,
  decline: (message, socket) => say(socket, answerTo(message, '51')),
  silence: () => {},
  close: (_, socket) => socket.destroy(),
  reset: (_, socket) => socket.resetAndDestroy(),
  half_close: (_, socket) => socket.end(),
  garbage: (_, socket) => socket.write(Buffer.from([0, 0])),
};

/** Turns of the event loop between one sending and the next, so that losses are met at every stage. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

test('what is called "not sent" never reached the peer, what is approved or declined did', async () => {
  const met = new Set<string>();
  const moves = fc.array(fc.constantFrom(...(Object.keys(MOVES) as Move[])), { minLength: 1, maxLength: 6 });
  const sendings = fc.array(fc.nat({ max: 12 }), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(moves, sendings, async (schedule, pauses) => {
      let turn = 0;
      const { acquirer, peer } = await pair(
        (message, socket) => {
          MOVES[schedule[turn % schedule.length] ?? 'answer'](message, socket);
          turn += 1;
        },
        openerOf(),
        { timeoutMs: 40 },
      );
      const sent: Promise<Outcome>[] = [];
      for (const [index, pause] of pauses.entries()) {
        sent.push(acquirer.send(nth('sale', index)));
        await turns(pause);
      }
      const outcomes = await Promise.all(sent);
      await acquirer.close();
      const { stans, leftOver } = received(peer);
      for (const [index, { kind }] of outcomes.entries()) {
        met.add(kind);
        const arrived = stans.filter((stan) => stan === String(index).padStart(6, '0')).length;
        if (kind === 'not_sent') expect(arrived).toBe(0);
        else if (kind !== 'unknown') expect(arrived).toBe(1);
      }
      expect(leftOver).toBe(0);
      await peer.close();
    }),
    { numRuns: 40 },
  );
  expect([...met].sort()).toEqual(['approved', 'declined', 'not_sent', 'unknown']);
});

/** STANs of all sales whose bytes came, and how many bytes belong to no whole message. */
function received(peer: Peer): { stans: (string | undefined)[]; leftOver: number } {
  const texts = peer.bytes.flatMap((chunks) => [...openDeframer()(Buffer.concat(chunks))]);
  const all = peer.bytes.flat().reduce((sum, chunk) => sum + chunk.length, 0);
  const whole = texts.reduce((sum, text) => sum + 2 + text.length, 0);
  const sales = texts.map(decode).filter(({ mti }) => mti === '0200');
  return { stans: sales.map(({ fields }) => fields[11]), leftOver: all - whole };
}
