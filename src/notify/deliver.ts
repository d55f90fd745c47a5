import { and, eq } from 'drizzle-orm';
import { inTransaction } from '../db/client.ts';
import { deliveries, events, type LastTry, webhookEndpoints } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { HOUR, MINUTE, plus, SECOND } from '../lib/clock.ts';
import { type PostResult, postSafely } from '../lib/fetch.ts';
import { throughSeam } from '../lib/seams.ts';
import { oweEndpointMail } from '../mail/owe.ts';
import { merchantOf } from '../merchants/merchant.ts';
import type { EventRow } from '../payments/queries.ts';
import type { DeliveryRow } from './fan-out.ts';
import { readableAnswer } from './readable-answer.ts';
import { notificationHeaders, signEvent, unixSeconds } from './sign-event.ts';

/** Waits between tries (contract, section 6). After the last try the delivery has failed. */
export const RETRY_AFTER_MS = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
] as const;
/** From this try on, about 35 minutes after the first, the merchant's people are told. */
const FAILING_AFTER = 4;
const TIMEOUT_MS = 15 * SECOND;
const LONGEST_WAIT_MS = 24 * HOUR;

interface Due {
  delivery: DeliveryRow;
  event: EventRow;
  endpoint: typeof webhookEndpoints.$inferSelect;
}

/**
 * The job of a delivery: one try. Any 2xx acknowledges, 410 disables the endpoint, everything else is tried again by
 * the schedule or as Retry-After asks. A crash in between leads to a repeat with the same `webhook-id`.
 */
export async function deliver(
  deps: Deps,
  payload: Record<string, string>,
): Promise<{ again: Date } | undefined> {
  const due = await findDue(deps, payload);
  if (due === null) return undefined;
  if (due.endpoint.status !== 'enabled')
    return finish(deps, due, { status: 'failed', error: 'endpoint_disabled' });
  const { result, lastTry } = await post(deps, due);
  if (result.kind === 'answer' && result.status >= 200 && result.status < 300) {
    return finish(deps, due, { status: 'delivered', responseStatus: result.status, error: null, lastTry });
  }
  const responseStatus = result.kind === 'answer' ? result.status : null;
  const error = result.kind === 'answer' ? `http_${result.status}` : result.fault;
  if (responseStatus === 410) {
    return finish(deps, due, { status: 'failed', responseStatus, error, lastTry }, { disable: true });
  }
  const waitMs = waitAfter(due.delivery.try + 1, result, deps.clock.now());
  if (waitMs === null) return finish(deps, due, { status: 'failed', responseStatus, error, lastTry });
  return finish(deps, due, { status: 'pending', responseStatus, error, lastTry }, { waitMs });
}

type Waited = { kind: 'answer'; retryAfter: string | null } | { kind: 'fault' };

/** How long to wait after the n-th try, or null when there is no further one. `Retry-After` never shortens. */
export function waitAfter(tries: number, result: Waited, now: Date, random = Math.random): number | null {
  const planned = RETRY_AFTER_MS[tries - 1];
  if (planned === undefined) return null;
  const jittered = planned * (0.9 + random() * 0.2);
  const asked = result.kind === 'answer' ? retryAfterMs(result.retryAfter, now) : 0;
  return Math.round(Math.min(Math.max(jittered, asked), LONGEST_WAIT_MS * 1.1));
}

function retryAfterMs(header: string | null, now: Date): number {
  if (header === null) return 0;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * SECOND;
  const at = Date.parse(header);
  return Number.isNaN(at) ? 0 : Math.max(0, at - now.getTime());
}

async function findDue(deps: Deps, payload: Record<string, string>): Promise<Due | null> {
  const { merchant_id: merchantId = '', delivery_id: id = '' } = payload;
  const [row] = await deps.db
    .select({ delivery: deliveries, event: events, endpoint: webhookEndpoints })
    .from(deliveries)
    .innerJoin(events, and(eq(events.merchantId, deliveries.merchantId), eq(events.id, deliveries.eventId)))
    .innerJoin(
      webhookEndpoints,
      and(
        eq(webhookEndpoints.merchantId, deliveries.merchantId),
        eq(webhookEndpoints.id, deliveries.endpointId),
      ),
    )
    .where(
      and(eq(deliveries.merchantId, merchantId), eq(deliveries.id, id), eq(deliveries.status, 'pending')),
    );
  return row ?? null;
}

async function post(deps: Deps, { event, endpoint }: Due): Promise<{ result: PostResult; lastTry: LastTry }> {
  const at = deps.clock.now();
  const timestamp = unixSeconds(at);
  const { id, payload } = event;
  const signature = await signEvent(deps, event, { id, timestamp, payload });
  const startedAt = performance.now();
  const result = await throughSeam('notify.deliver', () =>
    postSafely({
      url: endpoint.url,
      body: payload,
      headers: notificationHeaders({ id, timestamp, signature }),
      timeoutMs: TIMEOUT_MS,
      allowPrivate: !deps.config.production,
    }),
  );
  const tookMs = Math.round(performance.now() - startedAt);
  const answer = result.kind === 'answer' ? readableAnswer(result.body) : null;
  return { result, lastTry: { at: at.toISOString(), tookMs, timestamp, signature, answer } };
}

async function finish(
  deps: Deps,
  { delivery, endpoint }: Due,
  outcome: Pick<DeliveryRow, 'status' | 'error'> & Partial<Pick<DeliveryRow, 'responseStatus' | 'lastTry'>>,
  then: { waitMs?: number; disable?: true } = {},
): Promise<{ again: Date } | undefined> {
  const wallNow = deps.clock.now();
  const merchant = await merchantOf(deps, delivery);
  const nextTryAt = then.waitMs === undefined ? null : plus(merchant.clock.now(), then.waitMs);
  await inTransaction(deps.db, 'notify.record_try', async (tx) => {
    await tx
      .update(deliveries)
      .set({ ...outcome, try: delivery.try + 1, nextTryAt })
      .where(
        and(
          eq(deliveries.merchantId, delivery.merchantId),
          eq(deliveries.id, delivery.id),
          eq(deliveries.try, delivery.try),
        ),
      );
    const failing =
      then.disable === true || (outcome.status !== 'delivered' && delivery.try + 1 === FAILING_AFTER);
    if (failing) await oweEndpointMail(tx, deps, merchant, endpoint);
    if (then.disable !== true) return;
    await tx
      .update(webhookEndpoints)
      .set({ status: 'disabled' })
      .where(and(eq(webhookEndpoints.merchantId, endpoint.merchantId), eq(webhookEndpoints.id, endpoint.id)));
  });
  return then.waitMs === undefined ? undefined : { again: plus(wallNow, then.waitMs) };
}
