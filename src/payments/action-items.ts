import { and, desc, eq, getTableColumns, isNotNull, isNull, lt, type SQL } from 'drizzle-orm';
import { record } from '../audit/record.ts';
import { inTransaction, type Queryable } from '../db/client.ts';
import { actionItems, payments } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../lib/problem.ts';
import type { Merchant } from '../merchants/merchant.ts';
import { type Page, type PageRequest, pageOf } from './queries.ts';

export type ActionItem = typeof actionItems.$inferSelect & { orderId: string };

/** What became of the money: the merchant keeps it, or has returned it outside. */
export const RESOLUTIONS = ['kept', 'returned'] as const;
export type Resolution = (typeof RESOLUTIONS)[number];

export interface ActionItemFilter extends PageRequest {
  /** True: those to be resolved; false: those that are; null: all. */
  open: boolean | null;
}

export async function listActionItems(
  deps: Deps,
  merchant: Merchant,
  { open, cursor, limit }: ActionItemFilter,
): Promise<Page<ActionItem>> {
  const { resolvedAt, id } = actionItems;
  const chosen = and(
    open === null ? undefined : open ? isNull(resolvedAt) : isNotNull(resolvedAt),
    cursor === null ? undefined : lt(id, cursor),
  );
  const rows = await itemsOf(deps.db, merchant, chosen)
    .orderBy(desc(id))
    .limit(limit + 1);
  return pageOf(rows, limit);
}

/** One item. Throws `not_found`. */
export async function loadActionItem(deps: Deps, merchant: Merchant, id: string): Promise<ActionItem> {
  const [row] = await itemsOf(deps.db, merchant, eq(actionItems.id, id));
  if (row === undefined) throw noSuchItem(id);
  return row;
}

export interface ResolveInput {
  id: string;
  resolution: Resolution;
  note: string | null;
}

/**
 * Notes what the merchant has done about an item: it moves no money. The very same again is harmless, and changes
 * nothing. Throws `not_found`, and `invalid_state` when it was resolved otherwise.
 */
export async function resolveActionItem(
  deps: Deps,
  merchant: Merchant,
  { id, resolution, note }: ResolveInput,
): Promise<ActionItem> {
  return inTransaction(deps.db, 'payments.resolve_action_item', async (tx) => {
    const [row] = await itemsOf(tx, merchant, eq(actionItems.id, id)).for('update', { of: actionItems });
    if (row === undefined) throw noSuchItem(id);
    if (row.resolvedAt === null) {
      const resolved = {
        resolvedAt: merchant.clock.now(),
        resolvedBy: merchant.acting.actor,
        resolution,
        note,
      };
      await tx
        .update(actionItems)
        .set(resolved)
        .where(and(eq(actionItems.merchantId, row.merchantId), eq(actionItems.id, id)));
      const details = { kind: row.kind, resolution, payment: row.paymentId };
      await record(tx, deps, merchant, { action: 'action_item.resolved', target: id, details });
      return { ...row, ...resolved };
    }
    if (row.resolution === resolution && row.note === note) return row;
    throw resolvedOtherwise(row, row.resolvedAt);
  });
}

export function presentActionItem(row: ActionItem) {
  return {
    id: row.id,
    object: 'action_item' as const,
    mode: row.mode,
    kind: row.kind,
    session_id: row.sessionId,
    payment_id: row.paymentId,
    order_id: row.orderId,
    amount: row.amount,
    resolution: row.resolution,
    note: row.note,
    created_at: row.createdAt.toISOString(),
    resolved_at: row.resolvedAt?.toISOString() ?? null,
  };
}

function itemsOf(db: Queryable, { merchantId, mode }: Merchant, chosen: SQL | undefined) {
  return db
    .select({ ...getTableColumns(actionItems), orderId: payments.orderId })
    .from(actionItems)
    .innerJoin(
      payments,
      and(eq(payments.merchantId, actionItems.merchantId), eq(payments.id, actionItems.paymentId)),
    )
    .where(and(eq(actionItems.merchantId, merchantId), eq(actionItems.mode, mode), chosen));
}

function resolvedOtherwise({ resolution }: ActionItem, at: Date): Problem {
  const detail = `It was resolved as ${resolution} at ${at.toISOString()}; what was noted then stays.`;
  return new Problem('invalid_state', detail);
}

function noSuchItem(id: string): Problem {
  return new Problem('not_found', `There is no action item ${id} in this mode.`);
}
