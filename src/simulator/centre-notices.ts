import type { KeyObject } from 'node:crypto';
import { signRequest } from '../lib/http-signature.ts';
import type { Log } from '../lib/log.ts';
import type { CentreBook, CentreDeposit, CentreNumber } from './centre-book.ts';
import type { Faults } from './faults.ts';
import type { Times } from './times.ts';

export type NoticeKind = 'paid' | 'expired' | 'declined' | 'canceled';

/** Tells of what happened to numbers, again and again until it is acknowledged. */
export interface Notices {
  tell(number: CentreNumber, kind: NoticeKind, deposit: CentreDeposit | null): void;
  close(): void;
}

export interface NoticesWorld {
  book: CentreBook;
  faults: Faults;
  times: Times;
  key: KeyObject;
  log: Log;
}

interface Telling {
  id: string;
  number: CentreNumber;
  kind: NoticeKind;
  deposit: CentreDeposit | null;
  tries: number;
}

/** What a stopped centre left untold is told at the start. */
export function openNotices(world: NoticesWorld): Notices {
  const timers = new Set<NodeJS.Timeout>();
  let open = true;
  const later = (telling: Telling, ms: number) => {
    if (!open) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      send(telling).catch(() => world.log.error({ notice: telling.id }, 'centre notice failed'));
    }, ms);
    timers.add(timer);
  };
  const send = async (telling: Telling) => {
    const repeats = await attempt(world, telling);
    if (repeats !== null) later(repeats.telling, repeats.inMs);
  };
  const start = (telling: Telling) => {
    if (!world.book.isAcknowledged(telling.id)) later(telling, 0);
  };
  for (const telling of world.book.all().flatMap((number) => tellingsOf(world.book, number))) start(telling);
  return {
    tell: (number, kind, deposit) => start(telling(number, kind, deposit)),
    close: () => {
      open = false;
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

function telling(number: CentreNumber, kind: NoticeKind, deposit: CentreDeposit | null): Telling {
  return { id: `${number.reference}:${deposit?.serial ?? kind}`, number, kind, deposit, tries: 0 };
}

/** Everything that there ever was to tell of a number. */
function tellingsOf(book: CentreBook, number: CentreNumber): Telling[] {
  const paid = book.deposits(number).map((deposit) => telling(number, 'paid', deposit));
  const { status } = number;
  const ended = status === 'expired' || status === 'declined' || status === 'canceled';
  return ended ? [...paid, telling(number, status, null)] : paid;
}

/** One try, or what a fault makes of it; null = told, or given up. */
async function attempt(
  world: NoticesWorld,
  given: Telling,
): Promise<{ telling: Telling; inMs: number } | null> {
  const { asked } = given.number;
  if (asked === null) return null;
  const fault = world.faults.take({ message: 'notice', orderId: asked.order_id });
  if (fault) world.log.info({ notice: given.id, action: fault.action }, 'centre fault');
  if (fault?.action === 'delay') return { telling: given, inMs: fault.delayMs };
  const lost = fault?.action === 'drop_request';
  const answered = !lost && (await post(world, given, asked.notice_url));
  if (fault?.action === 'duplicate') await post(world, given, asked.notice_url);
  if (answered && fault?.action !== 'drop_answer' && fault?.action !== 'close') {
    world.book.acknowledge(given.id);
    return null;
  }
  const inMs = world.times.noticeRepeatsMs[given.tries];
  return inMs === undefined ? null : { telling: { ...given, tries: given.tries + 1 }, inMs };
}

async function post(
  { key, times, log }: NoticesWorld,
  { id, number, kind, deposit }: Telling,
  url: string,
): Promise<boolean> {
  const now = new Date();
  const notice = { notice_id: id, reference: number.reference, kind, sent_at: now.toISOString(), deposit };
  const body = JSON.stringify(notice);
  try {
    const signed = signRequest({ method: 'POST', url, body, key, keyId: 'centre', now });
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...signed, 'content-type': 'application/json' },
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(times.noticeMs),
    });
    await response.body?.cancel();
    log.info({ notice: id, kind, status: response.status }, 'centre notice');
    return response.ok;
  } catch {
    log.warn({ notice: id, kind }, 'centre notice not delivered');
    return false;
  }
}
