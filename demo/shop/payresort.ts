import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { findProduct } from './catalogue.ts';
import type { Credentials } from './credentials.ts';
import type { Order } from './orders.ts';
import { OFFERED } from './plans.ts';

/** Everything we ask of PayResort+ with our secret key. */

export type Answer = { kind: 'answer'; status: number; body: unknown } | { kind: 'unreachable' };

/** Longer than the service itself waits for the card network. */
const TIMEOUT_MS = 30_000;

export const CreatedSessionShape = z.object({ id: z.string(), url: z.string() });
export const CreatedPaymentShape = z.object({ session_id: z.string(), redirect_url: z.string() });
export const ProblemShape = z.object({
  code: z.string(),
  detail: z.string().optional(),
  session_id: z.string().optional(),
});

/** What is to be paid for an order: the body of `POST /v1/sessions`, and of a signed entry. */
export function sessionBody(order: Order, shopUrl: string): Record<string, unknown> {
  const lines = order.items.flatMap(({ product: id, quantity }) => {
    const product = findProduct(id);
    return product === null ? [] : [{ product, quantity }];
  });
  return {
    order_id: order.id,
    amount: order.amount,
    description: order.language === 'ja' ? 'うつわと道具 こはる' : 'Koharu, pots & kitchen tools',
    line_items: lines.map(({ product, quantity }) => ({
      name: product.name[order.language],
      quantity,
      unit_amount: product.price,
      tax_rate: 10,
    })),
    capture: order.options.capture,
    return_url: `${shopUrl}/return`,
    return_method: order.options.return_method,
    customer: { reference: 'guest', name: '山田 花子', email: 'hanako@example.com' },
    locale: order.language,
    ...(order.options.plans === 'all' ? { card: OFFERED } : {}),
  };
}

/**
 * Sends a POST once. The key stays the same until there was an answer (`order.answered` counts those), so that a
 * request whose answer was lost is not carried out twice.
 */
export async function post(
  credentials: Credentials,
  path: string,
  body: Record<string, unknown>,
  idempotencyKey: string,
): Promise<Answer> {
  return call(credentials, path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': idempotencyKey },
    body: JSON.stringify(body),
  });
}

/** Reads an object. */
export function get(credentials: Credentials, path: string): Promise<Answer> {
  return call(credentials, path, { method: 'GET' });
}

const EndpointsShape = z.object({
  data: z.array(z.object({ id: z.string(), url: z.string(), status: z.string() })),
  next_cursor: z.string().nullable(),
});

/** Sees to it that notifications come to `url`: looks first, and registers it when it is not there. */
export async function registerEndpoint(credentials: Credentials, url: string): Promise<void> {
  if (await isRegistered(credentials, url, null)) return;
  const answer = await post(credentials, '/v1/webhook-endpoints', { url }, `endpoint-${randomUUID()}`);
  if (answer.kind === 'unreachable' || answer.status !== 201) throw new Error('no endpoint was registered');
}

async function isRegistered(credentials: Credentials, url: string, cursor: string | null): Promise<boolean> {
  const page = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
  const answer = await get(credentials, `/v1/webhook-endpoints?limit=100${page}`);
  if (answer.kind === 'unreachable' || answer.status !== 200) throw new Error('endpoints cannot be listed');
  const { data, next_cursor: next } = EndpointsShape.parse(answer.body);
  if (data.some((endpoint) => endpoint.url === url && endpoint.status === 'enabled')) return true;
  return next !== null && isRegistered(credentials, url, next);
}

async function call(credentials: Credentials, path: string, init: RequestInit): Promise<Answer> {
  try {
    const response = await fetch(`${credentials.base_url}${path}`, {
      ...init,
      headers: { ...init.headers, Authorization: `Bearer ${credentials.secret_key}` },
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { kind: 'answer', status: response.status, body: await response.json() };
  } catch {
    return { kind: 'unreachable' };
  }
}
