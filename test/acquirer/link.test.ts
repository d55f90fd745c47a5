import type { Socket } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import type { Iso8583Message } from '../../src/acquirer/codec.ts';
import type { Exchange } from '../../src/acquirer/connection.ts';
import { frame } from '../../src/acquirer/framing.ts';
import { type Link, type LinkOptions, openLink } from '../../src/acquirer/link.ts';
import { toWire, type WireRequest } from '../../src/acquirer/wire.ts';
import { wallClock } from '../../src/lib/clock.ts';
import { eventually } from '../support/eventually.ts';
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

async function startPeer(behave: Behaviour, signOn?: () => string | null): Promise<Peer> {
  const peer = await openPeer(behave, signOn);
  closers.push(peer.close);
  return peer;
}

/** A link, not necessarily signed on yet. */
function linkTo(port: number, options: Partial<LinkOptions> = {}): Link {
  const link = openLink({
    address: { host: '127.0.0.1', port },
    terminal: 'T0000001',
    timeoutMs: 400,
    log,
    clock: wallClock,
    ...options,
  });
  closers.push(() => link.close());
  return link;
}

async function connectTo(peer: Peer, options: Partial<LinkOptions> = {}): Promise<Link> {
  const link = linkTo(peer.port, options);
  await eventually('signed on', async () => link.ready());
  return link;
}

function sale(stan: string): WireRequest {
  return toWire({
    mti: '0200',
    fields: { 3: '000000', 4: '000000000100', 11: stan, 37: `632700${stan}`, 41: 'T0000001' },
  });
}

function codeOf(exchange: Exchange): string | undefined {
  return exchange.kind === 'answer' ? exchange.message.fields[39] : exchange.kind;
}

const approve: Behaviour = (message, socket) => say(socket, answerTo(message, '00'));

test('many requests are in flight and answers find theirs in any order', async () => {
  const held: Iso8583Message[] = [];
  const peer = await startPeer((message, socket) => {
    held.push(message);
    if (held.length < 20) return;
    for (const each of held.reverse())
      say(socket, answerTo(each, each.fields[11] === '000007' ? '51' : '00'));
  });
  const link = await connectTo(peer);
  const stans = Array.from({ length: 20 }, (_, index) => String(index).padStart(6, '0'));
  const exchanges = await Promise.all(stans.map((stan) => link.exchange(sale(stan))));
  expect(exchanges.map(codeOf)).toEqual(stans.map((stan) => (stan === '000007' ? '51' : '00')));
});

test('answers in pieces, and many in one piece, are all read', async () => {
  const held: Buffer[] = [];
  const peer = await startPeer((message, socket) => {
    const { mti, fields } = answerTo(message, '00');
    held.push(toWire({ mti, fields }).frame.reveal());
    if (held.length < 6) return;
    const bytes = Buffer.concat(held);
    socket.write(bytes.subarray(0, 3), () => socket.write(bytes.subarray(3)));
  });
  const link = await connectTo(peer);
  const stans = ['000001', '000002', '000003', '000004', '000005', '000006'];
  const exchanges = await Promise.all(stans.map((stan) => link.exchange(sale(stan))));
  expect(exchanges.map(codeOf)).toEqual(stans.map(() => '00'));
});

test.each<[string, (message: Iso8583Message, socket: Socket) => unknown]>([
  ['no answer', () => {}],
  ['the connection closed after reading', (_, socket) => socket.destroy()],
  ['the connection closed half', (_, socket) => socket.end()],
  ['the connection reset', (_, socket) => socket.resetAndDestroy()],
  ['our own message sent back', (message, socket) => say(socket, message)],
  ['an answer of another class', (m, socket) => say(socket, answerTo({ ...m, mti: '0100' }, '00'))],
  [
    'an answer with another STAN',
    (m, socket) => say(socket, answerTo({ ...m, fields: { ...m.fields, 11: '999999' } }, '00')),
  ],
  [
    'an answer with another RRN',
    (m, socket) => say(socket, answerTo({ ...m, fields: { ...m.fields, 37: '000000000000' } }, '00')),
  ],
  [
    'an answer for another terminal',
    (m, socket) => say(socket, answerTo({ ...m, fields: { ...m.fields, 41: 'T0000002' } }, '00')),
  ],
  ['bytes that are no message', (_, socket) => socket.write(frame('ABCD'))],
  [
    'an answer cut short',
    (m, socket) => socket.end(toWire(answerTo(m, '00')).frame.reveal().subarray(0, 30)),
  ],
  ['an impossible length', (_, socket) => socket.write(Buffer.from([0xff, 0xff, 0]))],
])('%s leaves the outcome unknown', async (_, answer) => {
  const peer = await startPeer(answer);
  const link = await connectTo(peer, { timeoutMs: 200 });
  expect((await link.exchange(sale('000001'))).kind).toBe('no_answer');
  expect(peer.messages).toHaveLength(1);
});

test('an answer that stands before unreadable bytes counts', async () => {
  const peer = await startPeer((message, socket) => {
    socket.write(Buffer.concat([toWire(answerTo(message, '00')).frame.reveal(), Buffer.from([0, 0])]));
  });
  const link = await connectTo(peer);
  expect(codeOf(await link.exchange(sale('000001')))).toBe('00');
});

test('without a link nothing is sent, and it says so', async () => {
  const peer = await startPeer(approve, () => (peer.sockets.length === 1 ? '00' : '91'));
  const link = await connectTo(peer);
  peer.sockets[0]?.destroy();
  await eventually('the loss is noticed', async () => !link.ready());
  expect((await link.exchange(sale('000001'))).kind).toBe('not_sent');
  expect(peer.messages).toEqual([]);
});

test('where nobody listens nothing is sent, and the link keeps trying', async () => {
  const peer = await openPeer(approve);
  await peer.close();
  const link = linkTo(peer.port);
  await eventually('two tries', async () => lines.filter((line) => line.includes('ECONNREFUSED')).length > 1);
  expect((await link.exchange(sale('000001'))).kind).toBe('not_sent');
});

/** The pauses before each new try, as logged. */
function pauses(): number[] {
  return lines.flatMap((line) => /"delayMs":(\d+)/.exec(line)?.[1] ?? []).map(Number);
}

test('a lost link comes back by itself, after a tenth of a second at most, and signs on again', async () => {
  const peer = await startPeer(approve);
  const link = await connectTo(peer);
  peer.sockets[0]?.destroy();
  await eventually('signed on again', async () => link.ready() && peer.sockets.length === 2);
  expect(pauses()).toHaveLength(1);
  expect(pauses()[0]).toBeLessThanOrEqual(100);
  expect(codeOf(await link.exchange(sale('000002')))).toBe('00');
});

test('each failed try doubles the pause before the next, with jitter', async () => {
  const peer = await startPeer(approve, () => '91');
  linkTo(peer.port);
  await eventually('four tries', async () => pauses().length >= 4);
  for (const [index, pause] of pauses().slice(0, 4).entries()) {
    expect(pause).toBeGreaterThanOrEqual(50 * 2 ** index);
    expect(pause).toBeLessThanOrEqual(100 * 2 ** index);
  }
});

test('a refused sign-on keeps everything from being sent until it is granted', async () => {
  let refusals = 3;
  const peer = await startPeer(approve, () => {
    refusals -= 1;
    return refusals >= 0 ? '91' : '00';
  });
  const link = linkTo(peer.port);
  await eventually('the first refusal', async () => refusals < 3);
  expect((await link.exchange(sale('000003'))).kind).toBe('not_sent');
  await eventually('signed on', async () => link.ready());
  expect(peer.sockets).toHaveLength(4);
  expect(codeOf(await link.exchange(sale('000003')))).toBe('00');
  expect(peer.messages).toHaveLength(1);
});

test('nothing is sent while the sign-on waits for its answer', async () => {
  const peer = await startPeer(approve, () => null);
  const link = linkTo(peer.port, { timeoutMs: 5_000 });
  await eventually('the sign-on has arrived', async () => peer.management.includes('001'));
  expect((await link.exchange(sale('000001'))).kind).toBe('not_sent');
  peer.sockets[0]?.destroy();
  expect(peer.messages).toEqual([]);
});

test('a sign-on without an answer is given up and tried again', async () => {
  let silent = 1;
  const peer = await startPeer(approve, () => {
    silent -= 1;
    return silent >= 0 ? null : '00';
  });
  const link = await connectTo(peer, { timeoutMs: 150 });
  expect(peer.sockets.length).toBeGreaterThan(1);
  expect(link.ready()).toBe(true);
});

test('a silent link is kept alive by echoes', async () => {
  const peer = await startPeer(approve);
  const link = await connectTo(peer, { echoMs: 20 });
  await eventually('three echoes', async () => peer.management.filter((code) => code === '301').length >= 3);
  expect(peer.sockets).toHaveLength(1);
  expect(link.ready()).toBe(true);
});

test('two echoes without an answer end a dead connection', async () => {
  const peer = await startPeer(() => {});
  await connectTo(peer, { timeoutMs: 60, echoMs: 40 });
  await eventually('a second connection', async () => peer.sockets.length > 1);
  expect(peer.management.slice(0, 3)).toEqual(['001', '301', '301']);
});

test('one missed echo does not', async () => {
  let echoes = 0;
  const peer = await startPeer((message, socket) => {
    echoes += 1;
    if (echoes !== 1) approve(message, socket);
  });
  await connectTo(peer, { timeoutMs: 200, echoMs: 30 });
  await eventually('more echoes', async () => echoes > 3);
  expect(peer.sockets).toHaveLength(1);
});

test('an answer that comes too late is dropped and disturbs no other', async () => {
  let late: Iso8583Message | null = null;
  const peer = await startPeer((message, socket) => {
    if (late === null) {
      late = message;
      return;
    }
    say(socket, answerTo(late, '00'));
    say(socket, answerTo(message, '05'));
  });
  const link = await connectTo(peer, { timeoutMs: 150 });
  expect((await link.exchange(sale('000001'))).kind).toBe('no_answer');
  expect(codeOf(await link.exchange(sale('000002')))).toBe('05');
  expect(
    lines.filter((line) => line.includes('nobody waits for') && line.includes('11=000001')),
  ).toHaveLength(1);
});

test('the second of two answers to one request is ignored', async () => {
  const peer = await startPeer((message, socket) => {
    say(socket, answerTo(message, '51'));
    say(socket, answerTo(message, '00'));
  });
  const link = await connectTo(peer);
  expect(codeOf(await link.exchange(sale('000001')))).toBe('51');
  expect(codeOf(await link.exchange(sale('000002')))).toBe('51');
});

test('a message sent again while it is in flight is not called "not sent"', async () => {
  const peer = await startPeer(() => {});
  const link = await connectTo(peer, { timeoutMs: 100 });
  const exchanges = await Promise.all([link.exchange(sale('000001')), link.exchange(sale('000001'))]);
  expect(exchanges.map(({ kind }) => kind)).toEqual(['no_answer', 'no_answer']);
  expect(peer.messages).toHaveLength(1);
});

test('closing signs off, and after it nothing is sent', async () => {
  const peer = await startPeer(approve);
  const link = await connectTo(peer);
  const closed = link.close();
  expect(link.ready()).toBe(false);
  expect((await link.exchange(sale('000001'))).kind).toBe('not_sent');
  await closed;
  expect(peer.management).toEqual(['001', '002']);
  expect(peer.messages).toEqual([]);
});

test('closing while the acquirer is away ends the tries', async () => {
  const peer = await openPeer(approve);
  await peer.close();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const link = linkTo(peer.port);
    while (pauses().length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(vi.getTimerCount()).toBe(1);
    await link.close();
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});
