/**
 * The link to the acquirer: one connection at a time that signs on, is kept alive by echoes and comes
 * back by itself (docs/acquirer-link.md, sections 1 to 3 and 6). Many requests are in flight at a time.
 */
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { type Connection, type Exchange, openConnection } from './connection.ts';
import { INSTITUTION, transmissionTime } from './operations.ts';
import { toWire, type WireRequest } from './wire.ts';

export interface LinkOptions {
  address: { host: string; port: number };
  /** DE41 of this process. */
  terminal: string;
  /** How long an answer is waited for, ms. */
  timeoutMs: number;
  log: Log;
  clock: Clock;
  /** Silence after which an echo is sent, ms. */
  echoMs?: number;
}

export interface Link {
  /** Sends one message and waits for its answer. `not_sent` unless signed on. */
  exchange(request: WireRequest): Promise<Exchange>;
  ready(): boolean;
  /** Signs off and closes. What is in flight is cut off: let it finish first. */
  close(): Promise<void>;
}

interface State {
  options: LinkOptions;
  connection: Connection | null;
  signedOn: boolean;
  closing: boolean;
  /** Attempts in a row that did not come to a sign-on. */
  failures: number;
  /** Of the last network management message; these have STANs of their own. */
  stan: number;
  retry: NodeJS.Timeout | undefined;
  echo: NodeJS.Timeout | undefined;
}

const FIRST_RETRY_MS = 100;
const MAX_RETRY_MS = 5_000;
/** A link that does not answer network management within this is not one to send money over. */
const MANAGEMENT_MS = 10_000;

/** Connects at once and stays connected until closed. */
export function openLink(options: LinkOptions): Link {
  const state: State = {
    options,
    connection: null,
    signedOn: false,
    closing: false,
    failures: 0,
    stan: 0,
    retry: undefined,
    echo: undefined,
  };
  reconnect(state);
  return {
    ready: () => state.signedOn && !state.closing,
    exchange: (request) =>
      state.connection !== null && state.signedOn && !state.closing
        ? state.connection.exchange(request, options.timeoutMs)
        : Promise.resolve({ kind: 'not_sent', reason: 'the link is not signed on' }),
    close: () => signOff(state),
  };
}

function reconnect(state: State): void {
  const { address, log, timeoutMs } = state.options;
  const connection = openConnection({
    address,
    log,
    connectMs: Math.min(timeoutMs, MANAGEMENT_MS),
    onOpen: () => void signOn(state, connection),
    onHeard: () => state.echo?.refresh(),
    onClosed: (reason) => lose(state, reason),
  });
  state.connection = connection;
}

async function signOn(state: State, connection: Connection): Promise<void> {
  const { log, terminal, echoMs = 60_000 } = state.options;
  const refusal = await manage(state, connection, '001');
  if (state.connection !== connection) return;
  if (refusal !== null) return connection.close(`sign-on: ${refusal}`);
  state.signedOn = true;
  state.failures = 0;
  // Refreshed by whatever is heard; never keeps the process alive.
  state.echo = setTimeout(() => void keepAlive(state, connection), echoMs).unref();
  log.info({ terminal }, 'acquirer link signed on');
}

/** After a silence: one echo, a second at once when it is missed, then the connection counts as dead. */
async function keepAlive(state: State, connection: Connection): Promise<void> {
  for (let missed = 0; missed < 2; missed += 1) {
    const refusal = await manage(state, connection, '301');
    if (state.connection !== connection || refusal === null) return;
  }
  connection.close('two echoes missed');
}

/**
 * Comes back after 100 ms at most, then twice as late each time, with jitter so that many links do not
 * return as one.
 */
function lose(state: State, reason: string): void {
  state.connection = null;
  state.signedOn = false;
  clearTimeout(state.echo);
  state.echo = undefined;
  if (state.closing) return;
  const longest = Math.min(FIRST_RETRY_MS * 2 ** state.failures, MAX_RETRY_MS);
  const delayMs = Math.round(longest * (0.5 + Math.random() / 2));
  state.failures += 1;
  state.options.log.warn({ reason, delayMs }, 'acquirer link down');
  state.retry = setTimeout(() => reconnect(state), delayMs);
}

async function signOff(state: State): Promise<void> {
  if (state.closing) return;
  state.closing = true;
  clearTimeout(state.retry);
  const { connection, signedOn } = state;
  if (connection === null) return;
  if (signedOn) await manage(state, connection, '002');
  connection.close('signed off');
}

/** Network management (0800): null when it was answered with 00, else what was wrong. */
async function manage(
  state: State,
  connection: Connection,
  code: '001' | '002' | '301',
): Promise<string | null> {
  const { clock, terminal, timeoutMs } = state.options;
  state.stan = (state.stan % 999_999) + 1;
  const request = toWire({
    mti: '0800',
    fields: {
      7: transmissionTime(clock.now()),
      11: String(state.stan).padStart(6, '0'),
      32: INSTITUTION,
      41: terminal,
      70: code,
    },
  });
  const exchange = await connection.exchange(request, Math.min(timeoutMs, MANAGEMENT_MS));
  if (exchange.kind !== 'answer') return exchange.reason;
  const answered = exchange.message.fields[39];
  return answered === '00' ? null : `answered ${answered ?? 'without DE39'}`;
}
