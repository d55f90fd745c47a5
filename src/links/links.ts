import { and, desc, eq, lt, lte, sql } from 'drizzle-orm';
import { record } from '../audit/record.ts';
import type { Mode } from '../config.ts';
import { inTransaction } from '../db/client.ts';
import { type LinkSettings, paymentLinks } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { merchantOfSlug, newSlug } from '../lib/ids.ts';
import { Problem } from '../lib/problem.ts';
import { findMerchant, type Merchant } from '../merchants/merchant.ts';
import type { Page, PageRequest } from '../payments/queries.ts';

export type LinkRow = typeof paymentLinks.$inferSelect;

export interface CreateLinkInput {
  settings: LinkSettings;
  stock: number | null;
  /** `plink_…`: a repeat with the same one finds the link that was made. */
  workId: string;
}

type LinkDeps = Pick<Deps, 'db' | 'config' | 'clock'>;

/** Makes a link, active at once. */
export function createLink(deps: LinkDeps, merchant: Merchant, input: CreateLinkInput): Promise<LinkRow> {
  const { merchantId, mode, acting } = merchant;
  return inTransaction(deps.db, 'links.create', async (tx) => {
    const [made] = await tx
      .insert(paymentLinks)
      .values({
        merchantId,
        id: input.workId,
        mode,
        slug: newSlug(merchantId),
        status: 'active',
        settings: input.settings,
        stock: input.stock,
        createdAt: merchant.clock.now(),
        createdBy: acting.actor.id,
      })
      .onConflictDoNothing({ target: [paymentLinks.merchantId, paymentLinks.id] })
      .returning();
    if (made === undefined) return loadLink({ db: tx }, merchant, input.workId);
    await record(tx, deps, merchant, { action: 'link.created', target: made.id });
    return made;
  });
}

export interface ChangeLinkInput {
  settings?: LinkSettings;
  stock?: number | null;
  status?: LinkRow['status'];
}

/** Changes what is given. Throws `not_found`; `validation_failed` for a stock below what is taken already. */
export function changeLink(
  deps: LinkDeps,
  merchant: Merchant,
  id: string,
  change: ChangeLinkInput,
): Promise<LinkRow> {
  const own = and(eq(paymentLinks.merchantId, merchant.merchantId), eq(paymentLinks.id, id));
  return inTransaction(deps.db, 'links.change', async (tx) => {
    await loadLink({ db: tx }, merchant, id);
    const { stock } = change;
    const enough = stock == null ? undefined : lte(paymentLinks.taken, stock);
    const [changed] = await tx
      .update(paymentLinks)
      .set({ ...change, version: sql`${paymentLinks.version} + 1` })
      .where(and(own, enough))
      .returning();
    if (changed === undefined) {
      const detail = 'is below what is sold or being paid for: set it higher';
      const faults = [{ pointer: '#/stock', code: 'stock_too_low', detail }];
      throw new Problem('validation_failed', 'One field needs attention; see errors.', {}, faults);
    }
    const details = { changed: Object.keys(change).join(', ') };
    await record(tx, deps, merchant, { action: 'link.changed', target: id, details });
    return changed;
  });
}

/** Throws `not_found` for a link that is not the merchant's in this mode. */
export async function loadLink(
  { db }: { db: Pick<Deps['db'], 'select'> },
  { merchantId, mode }: Pick<Merchant, 'merchantId' | 'mode'>,
  id: string,
): Promise<LinkRow> {
  const [row] = await db
    .select()
    .from(paymentLinks)
    .where(
      and(eq(paymentLinks.merchantId, merchantId), eq(paymentLinks.id, id), eq(paymentLinks.mode, mode)),
    );
  if (row === undefined) throw new Problem('not_found', 'There is no payment link with this id.');
  return row;
}

/** The link of an address and whose it is; null when there is none. */
export async function findLink(
  deps: Pick<Deps, 'db' | 'clock'>,
  slug: string,
): Promise<{ link: LinkRow; merchant: Merchant } | null> {
  const merchantId = merchantOfSlug(slug);
  if (merchantId === null) return null;
  const [link] = await deps.db
    .select()
    .from(paymentLinks)
    .where(and(eq(paymentLinks.merchantId, merchantId), eq(paymentLinks.slug, slug)));
  const merchant = link === undefined ? null : await findMerchant(deps, merchantId, link.mode);
  return link === undefined || merchant === null ? null : { link, merchant };
}

export async function listLinks(
  { db }: Pick<Deps, 'db'>,
  { merchantId, mode }: { merchantId: string; mode: Mode },
  { cursor, limit }: PageRequest,
): Promise<Page<LinkRow>> {
  const rows = await db
    .select()
    .from(paymentLinks)
    .where(
      and(
        eq(paymentLinks.merchantId, merchantId),
        eq(paymentLinks.mode, mode),
        cursor === null ? undefined : lt(paymentLinks.id, cursor),
      ),
    )
    .orderBy(desc(paymentLinks.id))
    .limit(limit + 1);
  const data = rows.slice(0, limit);
  return { data, nextCursor: rows.length > limit ? (data.at(-1)?.id ?? null) : null };
}

export type LinkState = 'open' | 'not_yet' | 'closed' | 'sold_out' | 'inactive';

/** Whether something can be ordered now, and why not. */
export function stateOf({ status, settings, stock, taken }: LinkRow, now: Date): LinkState {
  if (status === 'inactive') return 'inactive';
  if (settings.opensAt !== null && now < new Date(settings.opensAt)) return 'not_yet';
  if (settings.closesAt !== null && now >= new Date(settings.closesAt)) return 'closed';
  return stock !== null && taken >= stock ? 'sold_out' : 'open';
}
