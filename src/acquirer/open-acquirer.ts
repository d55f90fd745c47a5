import type { Deps } from '../deps.ts';
import type { Clock } from '../lib/clock.ts';
import { describeError, type Log } from '../lib/log.ts';
import { throughSeam } from '../lib/seams.ts';
import { unreachable } from '../lib/unreachable.ts';
import { openCard } from '../vault/cards.ts';
import { openSecurityCode } from '../vault/security-codes.ts';
import type { Exchange } from './connection.ts';
import { type Link, openLink } from './link.ts';
import { type Opener, outcomeOf, writeOperation } from './operations.ts';
import type { Acquirer, OperationKind, OperationMessage, Outcome } from './port.ts';
import type { WireRequest } from './wire.ts';

export interface OpenAcquirerOptions {
  address: { host: string; port: number };
  /** How long an answer is waited for, ms. */
  timeoutMs: number;
  /** DE41, this process's own. */
  terminal: string;
  log: Log;
  /** What opening a card needs. */
  deps: Pick<Deps, 'db' | 'keys' | 'clock'>;
}

/** Connects to the acquirer at once, and stays connected until closed. */
export function openAcquirer({ deps, ...options }: OpenAcquirerOptions): Acquirer {
  const opener: Opener = {
    openCard: (card) => openCard(deps, card),
    openSecurityCode: (sealed) => openSecurityCode(deps, sealed),
  };
  const surroundings = { ...options, clock: deps.clock };
  return acquirerOver(openLink(surroundings), opener, surroundings);
}

interface Surroundings {
  log: Log;
  clock: Clock;
}

/** The same over a link and a vault of one's own. */
export function acquirerOver(
  link: Link,
  opener: Opener,
  { terminal, log, clock }: Surroundings & Pick<OpenAcquirerOptions, 'terminal'>,
): Acquirer {
  const inFlight = new Set<Promise<Outcome>>();
  let closing = false;
  const ready = () => link.ready() && !closing;
  return {
    terminal,
    ready,
    send: async (message) => {
      if (!ready()) return { kind: 'not_sent', reason: 'the link is not signed on' };
      const sending = exchange(link, opener, { log, clock }, message);
      inFlight.add(sending);
      const outcome = await sending.finally(() => inFlight.delete(sending));
      log.info(lineOf(message, outcome), 'acquirer');
      return outcome;
    },
    close: async () => {
      closing = true;
      await Promise.allSettled(inFlight);
      await link.close();
    },
  };
}

async function exchange(
  link: Link,
  opener: Opener,
  { log, clock }: Surroundings,
  message: OperationMessage,
): Promise<Outcome> {
  const request = await written(opener, log, message);
  if (request === null) return { kind: 'not_sent', reason: 'the message could not be written' };
  if (message.sendBy !== null && clock.now() > message.sendBy) {
    return { kind: 'not_sent', reason: 'writing the message took too long' };
  }
  const exchanged = await atSeam(message.kind, () => link.exchange(request));
  switch (exchanged.kind) {
    case 'answer':
      return outcomeOf(message, exchanged.message);
    case 'not_sent':
      return { kind: 'not_sent', reason: exchanged.reason };
    case 'no_answer':
      return { kind: 'unknown', reason: exchanged.reason };
    default:
      return unreachable(exchanged);
  }
}

/**
 * Null where the vault does not open or a value does not fit: nothing has left, and that is what the
 * caller must know.
 */
async function written(opener: Opener, log: Log, message: OperationMessage): Promise<WireRequest | null> {
  try {
    return await writeOperation(opener, message);
  } catch (error) {
    log.error({ operation: message.kind, stan: message.stan, ...describeError(error) }, 'acquirer message');
    return null;
  }
}

/** One seam per kind of operation, each by its literal name. */
function atSeam(kind: OperationKind, call: () => Promise<Exchange>): Promise<Exchange> {
  switch (kind) {
    case 'sale':
      return throughSeam('acquirer.sale', call);
    case 'authorize':
      return throughSeam('acquirer.authorize', call);
    case 'capture':
      return throughSeam('acquirer.capture', call);
    case 'void':
      return throughSeam('acquirer.void', call);
    case 'refund':
      return throughSeam('acquirer.refund', call);
    case 'reversal':
      return throughSeam('acquirer.reversal', call);
    default:
      return unreachable(kind);
  }
}

function lineOf({ kind, stan, rrn, repeat }: OperationMessage, outcome: Outcome): Record<string, unknown> {
  const said = 'responseCode' in outcome ? { code: outcome.responseCode } : { reason: outcome.reason };
  const japan = outcome.kind === 'declined' && outcome.japanCode ? { japan: outcome.japanCode } : {};
  return { operation: kind, stan, rrn, repeat, outcome: outcome.kind, ...said, ...japan };
}
