import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Log } from '../lib/log.ts';
import { type MoneyRequest, networkFaults, readMoneyRequest } from './acquirer-rules.ts';
import type { Fault, Faults } from './faults.ts';
import { decodeIso, encodeIso, type IsoMessage } from './iso8583.ts';
import type { Decision, NetworkCode } from './issuer.ts';
import type { Times } from './times.ts';

/**
 * The acquirer's end of the link: docs/acquirer-link.md, sections 1, 2 and 6. TCP, frames with a two-byte
 * length, sign-on first, any number of messages in flight.
 */
export interface AcquirerLink {
  port: number;
  /** AA 28: closes every link once no answer is under way, and refuses sign-on for a moment. */
  closeLinks(): Promise<void>;
  close(): Promise<void>;
}

export interface AcquirerLinkDeps {
  port: number;
  log: Log;
  faults: Faults;
  times: Times;
  decide(request: MoneyRequest, told: NetworkCode | null): Decision;
}

interface Link {
  socket: Socket;
  signedOn: boolean;
}

interface State {
  deps: AcquirerLinkDeps;
  links: Set<Link>;
  /** Answers that wait for their time. */
  waiting: Set<NodeJS.Timeout>;
  refuseUntil: number;
}

const MAX_FRAME = 4_096;

/** Listens on 127.0.0.1; port 0 picks a free one. */
export async function openAcquirerLink(deps: AcquirerLinkDeps): Promise<AcquirerLink> {
  const state: State = { deps, links: new Set(), waiting: new Set(), refuseUntil: 0 };
  const server = createServer((socket) => accept(state, socket));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(deps.port, '127.0.0.1', resolve);
  });
  return {
    port: portOf(server.address()),
    closeLinks: () => closeLinks(state),
    close: async () => {
      for (const timer of state.waiting) clearTimeout(timer);
      for (const link of state.links) link.socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function portOf(address: AddressInfo | string | null): number {
  return address !== null && typeof address === 'object' ? address.port : 0;
}

async function closeLinks(state: State): Promise<void> {
  const { times, log } = state.deps;
  const until = Date.now() + times.drainMs;
  while (state.waiting.size > 0 && Date.now() < until) await pause(10);
  state.refuseUntil = Date.now() + times.refuseSignOnMs;
  log.info({ links: state.links.size }, 'acquirer closes its links');
  for (const link of state.links) link.socket.end();
  await pause(20);
  for (const link of state.links) link.socket.destroy();
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function accept(state: State, socket: Socket): void {
  const link: Link = { socket, signedOn: false };
  let buffered = Buffer.alloc(0);
  state.links.add(link);
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('close', () => state.links.delete(link));
  socket.on('data', (bytes) => {
    buffered = Buffer.concat([buffered, bytes]);
    for (let text = nextFrame(); text !== null && !socket.destroyed; text = nextFrame())
      receive(state, link, text);
  });
  const nextFrame = () => {
    if (buffered.length < 2) return null;
    const length = buffered.readUInt16BE(0);
    if (length === 0 || length > MAX_FRAME) lose(state, link, `a frame of ${length} bytes`);
    if (buffered.length < 2 + length) return null;
    const text = buffered.toString('latin1', 2, 2 + length);
    buffered = buffered.subarray(2 + length);
    return text;
  };
}

function lose(state: State, link: Link, reason: string): void {
  state.deps.log.warn({ reason }, 'acquirer link lost');
  link.socket.destroy();
}

function receive(state: State, link: Link, text: string): void {
  const message = decodeIso(text);
  if ('fault' in message) lose(state, link, message.fault);
  else if (message.mti === '0800') manage(state, link, message);
  else takeMoney(state, link, message);
}

function takeMoney(state: State, link: Link, message: IsoMessage): void {
  const { log, faults } = state.deps;
  const request = readMoneyRequest(message);
  if ('faults' in request || !link.signedOn) {
    const fields = 'faults' in request ? request.faults : [];
    log.warn({ mti: message.mti, fields, signedOn: link.signedOn }, 'acquirer refuses a message');
    const responseCode = fields.length > 0 ? '30' : '91';
    respond(state, link, message, { responseCode, japanCode: null, approvalCode: null });
    return;
  }
  const { orderId: order, last4, amount } = request;
  const fault = faults.take({ orderId: order, last4, message: message.mti });
  if (fault) log.info({ mti: message.mti, action: fault.action, order }, 'acquirer fault');
  if (fault?.action === 'close') link.socket.destroy();
  if (fault?.action === 'close' || fault?.action === 'drop_request') return;
  const decision = state.deps.decide(request, fault?.action === 'decline' ? fault.code : null);
  const { responseCode: code } = decision;
  log.info({ mti: message.mti, order, amount, last4, code }, `acquirer ${request.kind}`);
  deliver(state, link, message, decision, fault);
}

function manage(state: State, link: Link, message: IsoMessage): void {
  const faults = networkFaults(message);
  const code = message.fields.get(70);
  const refused = code === '001' && Date.now() < state.refuseUntil;
  const responseCode = faults.length > 0 ? '30' : refused ? '91' : '00';
  if (code === '001') link.signedOn = responseCode === '00';
  if (code === '002') link.signedOn = false;
  if (code !== '301' || responseCode !== '00') {
    state.deps.log.info({ code, answer: responseCode, fields: faults }, 'acquirer network management');
  }
  send(link, '0810', copy(message, [7, 11, 32, 41, 70]).set(39, responseCode));
}

function deliver(
  state: State,
  link: Link,
  message: IsoMessage,
  decision: Decision,
  fault: Fault | null,
): void {
  if (fault?.action === 'drop_answer' || decision.delivery.kind === 'never') return;
  const answer = () => {
    respond(state, link, message, decision);
    if (fault?.action === 'duplicate') respond(state, link, message, decision);
  };
  const ms = (decision.delivery.kind === 'after' ? decision.delivery.ms : 0) + (fault?.delayMs ?? 0);
  if (ms > 0) {
    const timer = setTimeout(() => {
      state.waiting.delete(timer);
      answer();
    }, ms).unref();
    state.waiting.add(timer);
  } else {
    answer();
  }
}

function respond(
  state: State,
  link: Link,
  message: IsoMessage,
  answer: NetworkCode & { approvalCode: string | null },
): void {
  const fields = copy(message, [3, 4, 7, 11, 37, 41, 42]).set(39, answer.responseCode);
  if (answer.approvalCode !== null) fields.set(38, answer.approvalCode);
  if (answer.japanCode !== null) fields.set(44, answer.japanCode);
  const mti = `${message.mti.slice(0, 2)}${Number(message.mti.charAt(2)) + 1}0`;
  if (/^\d{4}$/.test(mti)) send(link, mti, fields);
  else lose(state, link, 'an MTI that has no answer');
}

function copy(message: IsoMessage, numbers: readonly number[]): Map<number, string> {
  return new Map([...message.fields].filter(([number]) => numbers.includes(number)));
}

function send(link: Link, mti: string, fields: Map<number, string>): void {
  if (link.socket.destroyed || !link.socket.writable) return;
  const text = encodeIso({ mti, fields });
  const frame = Buffer.alloc(2 + text.length);
  frame.writeUInt16BE(text.length, 0);
  frame.write(text, 2, 'latin1');
  link.socket.write(frame);
}
