import { and, desc, eq, lt, ne, or } from 'drizzle-orm';
import { record } from '../audit/record.ts';
import { inTransaction } from '../db/client.ts';
import { deliveries, events, webhookEndpoints } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { isPrivate } from '../lib/fetch.ts';
import { newId } from '../lib/ids.ts';
import { asciiJson } from '../lib/json.ts';
import { Problem } from '../lib/problem.ts';
import type { Merchant } from '../merchants/merchant.ts';
import type { EventType } from '../payments/decide.ts';
import { type EventRow, loadEvent, type Page, type PageRequest, pageOf } from '../payments/queries.ts';
import { type DeliveryRow, oweDelivery, wants } from './fan-out.ts';

export type EndpointRow = typeof webhookEndpoints.$inferSelect;

export interface CreateEndpointInput {
  url: string;
  /** Null = every type. */
  events: EventType[] | null;
  /** `we_…`: a repeat with the same one finds the endpoint that was made. */
  workId?: string;
}

/** Registers where notifications go. Throws `validation_failed` for an address that cannot be one. */
export async function createEndpoint(
  deps: Deps,
  merchant: Merchant,
  input: CreateEndpointInput,
): Promise<EndpointRow> {
  const fault = endpointUrlFault(input.url, deps.config.production);
  if (fault !== null) {
    const faults = [{ pointer: '#/url', code: 'invalid_url', detail: fault }];
    throw new Problem('validation_failed', '1 field needs attention.', {}, faults);
  }
  const now = merchant.clock.now();
  const id = input.workId ?? newId('we', now);
  const { merchantId, mode } = merchant;
  const row = { merchantId, id, mode, url: input.url, events: input.events, createdAt: now };
  await inTransaction(deps.db, 'notify.create_endpoint', async (tx) => {
    const made = await tx
      .insert(webhookEndpoints)
      .values({ ...row, status: 'enabled' })
      .onConflictDoNothing()
      .returning({ id: webhookEndpoints.id });
    if (made.length > 0) await record(tx, deps, merchant, { action: 'endpoint.created', ...told(row) });
  });
  return loadEndpoint(deps, merchant, id);
}

/** Why an address cannot be an endpoint, as a sentence; null when it can. Names are looked up at each delivery. */
export function endpointUrlFault(text: string, production: boolean): string | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || text.length > 1024) return 'must be a URL of at most 1024 characters';
  if (url.username !== '' || url.password !== '') return 'must not carry a user name or password';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const loopback = host === 'localhost' || host.endsWith('.localhost') || /^127\.|^::1$/.test(host);
  if (url.protocol === 'http:' && loopback && !production) return null;
  if (url.protocol !== 'https:') return 'must be https (http only to loopback, outside production)';
  const literal = /^[\d.]+$|:/.test(host);
  if (production && (loopback || (literal && isPrivate(host)))) return 'must not be a private address';
  return null;
}

export async function listEndpoints(
  deps: Deps,
  merchant: Merchant,
  request: PageRequest,
): Promise<Page<EndpointRow>> {
  const rows = await deps.db
    .select()
    .from(webhookEndpoints)
    .where(
      and(
        eq(webhookEndpoints.merchantId, merchant.merchantId),
        eq(webhookEndpoints.mode, merchant.mode),
        ne(webhookEndpoints.status, 'deleted'),
        request.cursor === null ? undefined : lt(webhookEndpoints.id, request.cursor),
      ),
    )
    .orderBy(desc(webhookEndpoints.id))
    .limit(request.limit + 1);
  return pageOf(rows, request.limit);
}

/** Takes an endpoint away; what was delivered to it stays in the list. Throws `not_found`. */
export async function deleteEndpoint(deps: Deps, merchant: Merchant, id: string): Promise<void> {
  const endpoint = await loadEndpoint(deps, merchant, id);
  await inTransaction(deps.db, 'notify.delete_endpoint', async (tx) => {
    const { merchantId } = merchant;
    const same = and(eq(webhookEndpoints.merchantId, merchantId), eq(webhookEndpoints.id, id));
    const gone = await tx
      .update(webhookEndpoints)
      .set({ status: 'deleted' })
      .where(and(same, ne(webhookEndpoints.status, 'deleted')))
      .returning({ id: webhookEndpoints.id });
    if (gone.length > 0) await record(tx, deps, merchant, { action: 'endpoint.deleted', ...told(endpoint) });
  });
}

/** What the audit log says of an endpoint: its host. The rest of the address may hold a secret. */
function told({ id, url }: Pick<EndpointRow, 'id' | 'url'>) {
  return { target: id, details: { host: new URL(url).host } };
}

/** Takes a disabled endpoint into use again; what failed meanwhile is sent again on request only. Throws `not_found`. */
export async function enableEndpoint(deps: Deps, merchant: Merchant, id: string): Promise<void> {
  await loadEndpoint(deps, merchant, id);
  const { merchantId } = merchant;
  await inTransaction(deps.db, 'notify.enable_endpoint', async (tx) => {
    const rows = await tx
      .update(webhookEndpoints)
      .set({ status: 'enabled' })
      .where(
        and(
          eq(webhookEndpoints.merchantId, merchantId),
          eq(webhookEndpoints.id, id),
          eq(webhookEndpoints.status, 'disabled'),
        ),
      )
      .returning({ id: webhookEndpoints.id });
    if (rows.length > 0) await record(tx, deps, merchant, { action: 'endpoint.enabled', target: id });
  });
}

/** Sends a `ping` to one endpoint. Throws `not_found`. */
export async function pingEndpoint(deps: Deps, merchant: Merchant, id: string): Promise<EventRow> {
  const endpoint = await loadEndpoint(deps, merchant, id);
  const { merchantId, mode } = merchant;
  const timestamp = merchant.clock.now();
  const data = { merchant_id: merchantId, mode, sequence: null, session: null, payment: null };
  const payload = asciiJson({ type: 'ping', timestamp: timestamp.toISOString(), data });
  return inTransaction(deps.db, 'notify.ping', async (tx) => {
    const values = { merchantId, mode, id: newId('evt', timestamp), type: 'ping', timestamp, payload };
    const [event] = await tx.insert(events).values(values).returning();
    if (event === undefined) throw new Error('ping was not recorded');
    await oweDelivery(tx, deps, event, endpoint.id);
    return event;
  });
}

/** Sends an event again, with the same `webhook-id`: to one endpoint, or to all that would get it now. Throws `not_found`. */
export async function resendEvent(
  deps: Deps,
  merchant: Merchant,
  input: { eventId: string; endpointId: string | null },
): Promise<DeliveryRow[]> {
  const event = await loadEvent(deps, merchant, input.eventId);
  const endpoints =
    input.endpointId === null
      ? (await enabledEndpoints(deps, merchant)).filter((endpoint) => wants(endpoint, event.type))
      : [await loadEndpoint(deps, merchant, input.endpointId)];
  return inTransaction(deps.db, 'notify.resend', async (tx) => {
    const owed: DeliveryRow[] = [];
    for (const endpoint of endpoints) owed.push(await oweDelivery(tx, deps, event, endpoint.id));
    const details = { type: event.type, deliveries: owed.length };
    await record(tx, deps, merchant, { action: 'event.resent', target: event.id, details });
    return owed;
  });
}

export async function listDeliveries(
  deps: Deps,
  merchant: Merchant,
  request: PageRequest,
): Promise<Page<DeliveryRow>> {
  const rows = await deps.db
    .select()
    .from(deliveries)
    .where(
      and(
        eq(deliveries.merchantId, merchant.merchantId),
        eq(deliveries.mode, merchant.mode),
        request.cursor === null ? undefined : lt(deliveries.id, request.cursor),
      ),
    )
    .orderBy(desc(deliveries.id))
    .limit(request.limit + 1);
  return pageOf(rows, request.limit);
}

export function presentEndpoint({ id, url, events: types, status, createdAt }: EndpointRow) {
  const state = status === 'enabled' ? ('enabled' as const) : ('disabled' as const);
  return {
    id,
    object: 'webhook_endpoint' as const,
    url,
    events: types,
    status: state,
    created_at: createdAt.toISOString(),
  };
}

export function presentDelivery(row: DeliveryRow) {
  return {
    id: row.id,
    object: 'delivery' as const,
    event_id: row.eventId,
    endpoint_id: row.endpointId,
    try: row.try,
    status: row.status,
    response_status: row.responseStatus,
    error: row.error,
    next_try_at: row.nextTryAt?.toISOString() ?? null,
    created_at: row.createdAt.toISOString(),
  };
}

/** One that was not deleted. Throws `not_found`. */
export async function loadEndpoint(deps: Deps, merchant: Merchant, id: string): Promise<EndpointRow> {
  const [row] = await deps.db
    .select()
    .from(webhookEndpoints)
    .where(
      and(
        eq(webhookEndpoints.merchantId, merchant.merchantId),
        eq(webhookEndpoints.mode, merchant.mode),
        eq(webhookEndpoints.id, id),
        or(eq(webhookEndpoints.status, 'enabled'), eq(webhookEndpoints.status, 'disabled')),
      ),
    );
  if (row === undefined) throw new Problem('not_found', `There is no webhook endpoint ${id} in this mode.`);
  return row;
}

async function enabledEndpoints(deps: Deps, merchant: Merchant): Promise<EndpointRow[]> {
  return deps.db
    .select()
    .from(webhookEndpoints)
    .where(
      and(
        eq(webhookEndpoints.merchantId, merchant.merchantId),
        eq(webhookEndpoints.mode, merchant.mode),
        eq(webhookEndpoints.status, 'enabled'),
      ),
    );
}
