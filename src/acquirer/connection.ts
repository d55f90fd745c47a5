/**
 * One TCP connection to the acquirer (docs/acquirer-link.md, section 1): frames out, frames in, answers
 * matched to requests in any order. It knows nothing of sign-on; link.ts does.
 */
import { connect } from 'node:net';
import type { Log } from '../lib/log.ts';
import { decode, type Iso8583Message } from './codec.ts';
import { openDeframer } from './framing.ts';
import { scrub } from './scrub.ts';
import { answerKeyOf, type WireRequest } from './wire.ts';

export type Exchange =
  | { kind: 'answer'; message: Iso8583Message }
  /** Not a byte left. */
  | { kind: 'not_sent'; reason: string }
  /** It left, in whole or in part, or may have; no answer came. */
  | { kind: 'no_answer'; reason: string };

export interface ConnectionOptions {
  address: { host: string; port: number };
  /** How long connecting may take, ms. */
  connectMs: number;
  log: Log;
  onOpen(): void;
  /** A message came, whatever it was: the other side is alive. */
  onHeard(): void;
  /** Called once, after everything that was waiting has been told. */
  onClosed(reason: string): void;
}

export interface Connection {
  /** Sends one message and waits for its answer, at most `withinMs`. Never throws. */
  exchange(request: WireRequest, withinMs: number): Promise<Exchange>;
  /** Ends it now; what is in flight becomes `no_answer`. */
  close(reason: string): void;
}

/** Begins to connect. */
export function openConnection(options: ConnectionOptions): Connection {
  const waiting = new Map<string, (exchange: Exchange) => void>();
  const tcp = connect(options.address);
  let closed = false;
  const close = (reason: string) => {
    if (closed) return;
    closed = true;
    clearTimeout(connecting);
    tcp.destroy();
    for (const settle of [...waiting.values()]) settle({ kind: 'no_answer', reason });
    options.onClosed(reason);
  };
  const connecting = setTimeout(() => close('connecting took too long'), options.connectMs);
  const take = receiver(options, waiting);
  tcp.setNoDelay(true);
  tcp.on('connect', () => {
    clearTimeout(connecting);
    options.onOpen();
  });
  tcp.on('data', (chunk) => {
    try {
      if (!closed) take(chunk);
    } catch (error) {
      close(error instanceof Error ? error.message : 'unreadable data');
    }
  });
  tcp.on('error', (error) => close('code' in error ? String(error.code) : error.name));
  tcp.on('end', () => close('closed by the acquirer'));
  tcp.on('close', () => close('connection closed'));
  return {
    close,
    exchange: (request, withinMs) => {
      if (closed || tcp.readyState !== 'open') return notSent('the link is down');
      // Its first copy may have left: to say "not sent" of the second would be read as "never sent".
      if (waiting.has(request.answerKey)) return noAnswer('the same message is in flight');
      return new Promise((resolve) => {
        const settle = (exchange: Exchange) => {
          clearTimeout(timer);
          waiting.delete(request.answerKey);
          resolve(exchange);
        };
        const timer = setTimeout(() => settle({ kind: 'no_answer', reason: 'no answer in time' }), withinMs);
        waiting.set(request.answerKey, settle);
        tcp.write(request.frame.reveal());
      });
    },
  };
}

/** Reads what comes in. Throws `FrameError` and `Iso8583Error`, which carry no values. */
function receiver(
  { onHeard, log }: ConnectionOptions,
  waiting: ReadonlyMap<string, (exchange: Exchange) => void>,
): (chunk: Buffer) => void {
  const deframe = openDeframer();
  return (chunk) => {
    for (const text of deframe(chunk)) {
      const message = decode(text);
      onHeard();
      const settle = waiting.get(answerKeyOf(message));
      // A late answer, or one that came twice. Whoever asked has moved on: it is never adopted.
      if (settle === undefined) log.warn({ answer: scrub(text) }, 'acquirer answer that nobody waits for');
      else settle({ kind: 'answer', message });
    }
  };
}

function notSent(reason: string): Promise<Exchange> {
  return Promise.resolve({ kind: 'not_sent', reason });
}

function noAnswer(reason: string): Promise<Exchange> {
  return Promise.resolve({ kind: 'no_answer', reason });
}
