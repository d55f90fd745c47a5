import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { decode, encode, type Iso8583Message } from '../../src/acquirer/codec.ts';
import { frame, openDeframer } from '../../src/acquirer/framing.ts';

/** The other end of the wire, doing as a test tells it. */
export interface Peer {
  port: number;
  /** Everything that was read but sign-on and sign-off. */
  messages: Iso8583Message[];
  /** DE70 of every network management message. */
  management: string[];
  /** Every byte that came, by connection. */
  bytes: Buffer[][];
  sockets: Socket[];
  close(): Promise<void>;
}

export type Behaviour = (message: Iso8583Message, socket: Socket) => void;

/** Listens on a free port. `signOn` gives DE39 of the answer, null for no answer. */
export async function openPeer(behave: Behaviour, signOn: () => string | null = () => '00'): Promise<Peer> {
  const peer: Peer = { port: 0, messages: [], management: [], bytes: [], sockets: [], close: async () => {} };
  const server = createServer((socket) => {
    const bytes: Buffer[] = [];
    peer.sockets.push(socket);
    peer.bytes.push(bytes);
    socket.on('error', () => {});
    const deframe = openDeframer();
    socket.on('data', (chunk) => {
      bytes.push(chunk);
      for (const text of deframe(chunk)) take(peer, socket, decode(text), behave, signOn);
    });
  });
  peer.port = await listen(server);
  peer.close = () => closeAll(server, peer.sockets);
  return peer;
}

function take(
  peer: Peer,
  socket: Socket,
  message: Iso8583Message,
  behave: Behaviour,
  signOn: () => string | null,
): void {
  const code = message.fields[70];
  if (code !== undefined) peer.management.push(code);
  if (code === '001' || code === '002') {
    const answer = code === '001' ? signOn() : '00';
    if (answer !== null) say(socket, answerTo(message, answer));
    return;
  }
  peer.messages.push(message);
  behave(message, socket);
}

/** Everything that passes between a client and the port behind it, as bytes each way. */
export interface Tap {
  port: number;
  sent: Buffer[];
  received: Buffer[];
  close(): Promise<void>;
}

export async function openTap(port: number): Promise<Tap> {
  const tap: Tap = { port: 0, sent: [], received: [], close: async () => {} };
  const sockets: Socket[] = [];
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    sockets.push(near, far);
    for (const socket of [near, far]) socket.on('error', () => {});
    near.on('data', (chunk) => void tap.sent.push(chunk));
    far.on('data', (chunk) => void tap.received.push(chunk));
    near.pipe(far).pipe(near);
  });
  tap.port = await listen(server);
  tap.close = () => closeAll(server, sockets);
  return tap;
}

export function answerTo({ mti, fields }: Iso8583Message, code: string): Iso8583Message {
  const echoed = Object.fromEntries(
    [3, 4, 7, 11, 37, 41, 42, 70].flatMap((number) => {
      const value = fields[number];
      return value === undefined ? [] : [[number, value]];
    }),
  );
  return { mti: `${mti.slice(0, 2)}${Number(mti[2]) + 1}0`, fields: { ...echoed, 39: code } };
}

export function say(socket: Socket, message: Iso8583Message): void {
  if (socket.writable) socket.write(frame(encode(message)));
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return (server.address() as AddressInfo).port;
}

async function closeAll(server: Server, sockets: Socket[]): Promise<void> {
  for (const socket of sockets) socket.destroy();
  await new Promise((closed) => server.close(closed));
}
