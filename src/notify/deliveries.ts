import { and, desc, eq, getTableColumns, inArray, lt } from 'drizzle-orm';
import { deliveries, events, sessions, webhookEndpoints } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../lib/problem.ts';
import type { Merchant } from '../merchants/merchant.ts';
import { type EventRow, type Page, type PageRequest, pageOf } from '../payments/queries.ts';
import type { EndpointRow } from './endpoints.ts';
import type { DeliveryRow } from './fan-out.ts';

export interface DeliveryFilter extends PageRequest {
  status: DeliveryRow['status'] | null;
  endpointId: string | null;
  eventId: string | null;
}

/** A delivery with what was told, and to whom. */
export interface DeliveryView extends DeliveryRow {
  type: EventRow['type'];
  url: EndpointRow['url'];
  endpointStatus: EndpointRow['status'];
}

/** Deliveries of the mode, newest first. */
export async function findDeliveries(
  deps: Deps,
  merchant: Merchant,
  filter: DeliveryFilter,
): Promise<Page<DeliveryView>> {
  const rows = await viewed(deps)
    .where(
      and(
        ofMerchant(merchant),
        filter.status === null ? undefined : eq(deliveries.status, filter.status),
        filter.endpointId === null ? undefined : eq(deliveries.endpointId, filter.endpointId),
        filter.eventId === null ? undefined : eq(deliveries.eventId, filter.eventId),
        filter.cursor === null ? undefined : lt(deliveries.id, filter.cursor),
      ),
    )
    .orderBy(desc(deliveries.id))
    .limit(filter.limit + 1);
  return pageOf(rows, filter.limit);
}

/** One delivery. Throws `not_found`. */
export async function loadDelivery(deps: Deps, merchant: Merchant, id: string): Promise<DeliveryView> {
  const [row] = await viewed(deps).where(and(ofMerchant(merchant), eq(deliveries.id, id)));
  if (row === undefined) throw new Problem('not_found', `There is no delivery ${id} in this mode.`);
  return row;
}

export interface EventFilter extends PageRequest {
  type: string | null;
  orderId: string | null;
}

/** Events of the mode, newest first. */
export async function findEvents(
  deps: Deps,
  { merchantId, mode }: Merchant,
  filter: EventFilter,
): Promise<Page<EventRow>> {
  const ofOrder =
    filter.orderId === null
      ? undefined
      : inArray(
          events.sessionId,
          deps.db
            .select({ id: sessions.id })
            .from(sessions)
            .where(
              and(
                eq(sessions.merchantId, merchantId),
                eq(sessions.mode, mode),
                eq(sessions.orderId, filter.orderId),
              ),
            ),
        );
  const rows = await deps.db
    .select()
    .from(events)
    .where(
      and(
        eq(events.merchantId, merchantId),
        eq(events.mode, mode),
        filter.type === null ? undefined : eq(events.type, filter.type),
        ofOrder,
        filter.cursor === null ? undefined : lt(events.id, filter.cursor),
      ),
    )
    .orderBy(desc(events.id))
    .limit(filter.limit + 1);
  return pageOf(rows, filter.limit);
}

function viewed({ db }: Deps) {
  return db
    .select({
      ...getTableColumns(deliveries),
      type: events.type,
      url: webhookEndpoints.url,
      endpointStatus: webhookEndpoints.status,
    })
    .from(deliveries)
    .innerJoin(events, and(eq(events.merchantId, deliveries.merchantId), eq(events.id, deliveries.eventId)))
    .innerJoin(
      webhookEndpoints,
      and(
        eq(webhookEndpoints.merchantId, deliveries.merchantId),
        eq(webhookEndpoints.id, deliveries.endpointId),
      ),
    );
}

function ofMerchant({ merchantId, mode }: Merchant) {
  return and(eq(deliveries.merchantId, merchantId), eq(deliveries.mode, mode));
}
