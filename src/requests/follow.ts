import { and, eq, inArray } from 'drizzle-orm';
import { inTransaction } from '../db/client.ts';
import { events, payments, sessions } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { MINUTE, plus } from '../lib/clock.ts';
import { merchantOf } from '../merchants/merchant.ts';
import { toWall } from '../payments/advance.ts';
import { holderOf } from '../payments/create-session.ts';
import { MOVING_STATUSES } from '../payments/state.ts';
import { change, lockRequest } from './write.ts';

const PAID = ['captured', 'partially_refunded', 'refunded'] as const;

/** The job of every event: a request whose session was paid is paid. */
export async function followPayment(deps: Deps, payload: Record<string, string>): Promise<void> {
  const { merchant_id: merchantId = '', event_id: eventId = '' } = payload;
  const [paid] = await deps.db
    .select({ mode: sessions.mode, requestId: sessions.originId, sessionId: sessions.id })
    .from(events)
    .innerJoin(sessions, and(eq(sessions.merchantId, events.merchantId), eq(sessions.id, events.sessionId)))
    .innerJoin(
      payments,
      and(eq(payments.merchantId, sessions.merchantId), eq(payments.sessionId, sessions.id)),
    )
    .where(
      and(
        eq(events.merchantId, merchantId),
        eq(events.id, eventId),
        eq(sessions.origin, 'request'),
        inArray(payments.status, PAID),
      ),
    )
    .limit(1);
  if (paid === undefined || paid.requestId === null) return;
  const { requestId, sessionId, mode } = paid;
  const merchant = await merchantOf(deps, { merchantId, mode });
  await inTransaction(deps.db, 'requests.paid', async (tx) => {
    const request = await lockRequest(tx, merchantId, requestId);
    const at = merchant.clock.now();
    if (request !== null) await change(tx, request, 'paid', { paidAt: at, endedAt: at, sessionId });
  });
}

/** The job when it is due: what nobody has paid is over, and its order free. Money on its way is waited for. */
export async function expireRequest(
  deps: Deps,
  merchantId: string,
  requestId: string,
): Promise<{ again: Date } | undefined> {
  return inTransaction(deps.db, 'requests.expire', async (tx) => {
    const request = await lockRequest(tx, merchantId, requestId);
    if (request === null) return undefined;
    const merchant = await merchantOf({ db: tx, clock: deps.clock }, request);
    const now = merchant.clock.now();
    if (now < request.dueAt) return { again: toWall(merchant, deps.clock.now(), request.dueAt) };
    const holder = await holderOf(tx, merchant, request.orderId);
    const moving: readonly string[] = MOVING_STATUSES;
    if (moving.includes(holder?.status ?? '')) return { again: plus(deps.clock.now(), MINUTE) };
    await change(tx, request, 'lapsed', { endedAt: now });
    return undefined;
  });
}
