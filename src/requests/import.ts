import { createHash } from 'node:crypto';
import { and, desc, eq, isNull, lt } from 'drizzle-orm';
import { record } from '../audit/record.ts';
import { inTransaction } from '../db/client.ts';
import { type RequestRow, requestBatches } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { DAY, plus } from '../lib/clock.ts';
import { newId } from '../lib/ids.ts';
import { Problem } from '../lib/problem.ts';
import { type Merchant, merchantOf } from '../merchants/merchant.ts';
import { enqueue } from '../queue/enqueue.ts';
import { putRequests, rowOfBatch } from './create.ts';
import { takenOrders } from './queries.ts';

export type Batch = typeof requestBatches.$inferSelect;

/** How many rows there may be, and how many are made in one transaction. */
export const MOST_ROWS = 10_000;
const SLICE = 200;

/**
 * Keeps rows that were all found good until somebody says that they shall be imported. The same rows again are the same
 * batch, whatever became of it.
 *
 * @param workId a `batch_` id for a new one.
 */
export async function keepBatch(
  deps: Deps,
  merchant: Merchant,
  { name, rows }: { name: string; rows: RequestRow[] },
  workId: string = newId('batch', merchant.clock.now()),
): Promise<Batch> {
  const { merchantId, mode, clock, acting } = merchant;
  const content = JSON.stringify(rows);
  const digest = createHash('sha256').update(content).digest();
  return inTransaction(deps.db, 'requests.keep_batch', async (tx) => {
    const [made] = await tx
      .insert(requestBatches)
      .values({
        merchantId,
        id: workId,
        mode,
        name,
        digest,
        rows: rows.length,
        send: false,
        content: rows,
        createdAt: clock.now(),
        createdBy: acting.actor.id,
      })
      .onConflictDoNothing()
      .returning();
    if (made !== undefined) return made;
    const same = and(
      eq(requestBatches.merchantId, merchantId),
      eq(requestBatches.mode, mode),
      eq(requestBatches.digest, digest),
    );
    const [known] = await tx.select().from(requestBatches).where(same);
    if (known === undefined) throw new Error(`batch ${workId} is neither new nor known`);
    return known;
  });
}

/** Imports what was kept, as drafts or to be sent. Confirmed again, it goes on as it was begun. Throws `not_found`. */
export async function importBatch(
  deps: Deps,
  merchant: Merchant,
  { id, send }: { id: string; send: boolean },
): Promise<Batch> {
  const { merchantId, mode } = merchant;
  return inTransaction(deps.db, 'requests.import', async (tx) => {
    const [confirmed] = await tx
      .update(requestBatches)
      .set({ send, confirmedAt: merchant.clock.now() })
      .where(and(isBatch(merchantId, id), eq(requestBatches.mode, mode), isNull(requestBatches.confirmedAt)))
      .returning();
    if (confirmed === undefined)
      return ofMode(await tx.select().from(requestBatches).where(isBatch(merchantId, id)), merchant, id);
    const now = deps.clock.now();
    const payload = { merchant_id: merchantId, batch_id: id };
    await enqueue(tx, {
      name: 'import_requests',
      key: id,
      payload,
      runAt: now,
      clock: 'wall',
      merchantId,
      mode,
      now,
    });
    await record(tx, deps, merchant, {
      action: 'request.imported',
      target: id,
      details: { rows: confirmed.rows, send },
    });
    return confirmed;
  });
}

/** The job of a batch: a slice of its rows in one transaction with how far it is. Whoever comes after a death goes on. */
export async function importSlice(
  deps: Deps,
  merchantId: string,
  batchId: string,
): Promise<{ again: Date } | undefined> {
  return inTransaction(deps.db, 'requests.import_slice', async (tx) => {
    const [batch] = await tx.select().from(requestBatches).where(isBatch(merchantId, batchId)).for('update');
    if (batch === undefined || batch.content === null) return undefined;
    const merchant = await merchantOf({ db: tx, clock: deps.clock }, batch);
    const slice = batch.content.slice(batch.imported, batch.imported + SLICE);
    const rows = slice.map((row, index) => rowOfBatch(merchant, batch, batch.imported + index + 1, row));
    const taken = await takenOrders(
      tx,
      merchant,
      slice.map(({ orderId }) => orderId),
    );
    await putRequests(
      tx,
      deps,
      merchant,
      rows.filter(({ orderId }) => !taken.has(orderId)),
    );
    const imported = batch.imported + slice.length;
    const over = imported >= batch.content.length;
    await tx
      .update(requestBatches)
      .set({ imported, ...(over ? { content: null, finishedAt: merchant.clock.now() } : {}) })
      .where(isBatch(merchantId, batchId));
    return over ? undefined : { again: deps.clock.now() };
  });
}

/** One batch. Throws `not_found`. */
export async function loadBatch(deps: Pick<Deps, 'db'>, merchant: Merchant, id: string): Promise<Batch> {
  return ofMode(
    await deps.db.select().from(requestBatches).where(isBatch(merchant.merchantId, id)),
    merchant,
    id,
  );
}

/** Those that were imported or are, newest first. */
export async function listBatches(deps: Pick<Deps, 'db'>, { merchantId, mode }: Merchant): Promise<Batch[]> {
  return deps.db
    .select()
    .from(requestBatches)
    .where(and(eq(requestBatches.merchantId, merchantId), eq(requestBatches.mode, mode)))
    .orderBy(desc(requestBatches.id))
    .limit(50);
}

/** A file that was only looked at holds names and addresses: it is forgotten after a day. */
export async function forgetBatches(deps: Pick<Deps, 'db' | 'clock'>): Promise<void> {
  const old = lt(requestBatches.createdAt, plus(deps.clock.now(), -DAY));
  await inTransaction(deps.db, 'requests.forget_batches', (tx) =>
    tx.delete(requestBatches).where(and(isNull(requestBatches.confirmedAt), old)),
  );
}

export function presentBatch(batch: Batch, made: number) {
  return {
    id: batch.id,
    object: 'payment_request_batch' as const,
    mode: batch.mode,
    name: batch.name,
    status: batch.finishedAt === null ? ('importing' as const) : ('imported' as const),
    send: batch.send,
    rows: batch.rows,
    done: batch.imported,
    skipped: batch.imported - made,
    created_at: batch.createdAt.toISOString(),
    finished_at: batch.finishedAt?.toISOString() ?? null,
  };
}

function isBatch(merchantId: string, id: string) {
  return and(eq(requestBatches.merchantId, merchantId), eq(requestBatches.id, id));
}

function ofMode([batch]: Batch[], { mode }: Merchant, id: string): Batch {
  if (batch !== undefined && batch.mode === mode) return batch;
  throw new Problem('not_found', `There is no batch ${id} in this mode.`);
}
