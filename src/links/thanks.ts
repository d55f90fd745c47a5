import { and, eq } from 'drizzle-orm';
import { paymentLinks } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import type { Visit } from '../payments/snapshot.ts';

/** What the merchant says to who paid through its link; null where it says nothing. */
export async function thanksFor({ db }: Pick<Deps, 'db'>, { session }: Visit): Promise<string | null> {
  const { origin, originId, merchantId } = session;
  if (origin !== 'link' || originId === null) return null;
  const [link] = await db
    .select({ settings: paymentLinks.settings })
    .from(paymentLinks)
    .where(and(eq(paymentLinks.merchantId, merchantId), eq(paymentLinks.id, originId)));
  const after = link?.settings.after;
  return after?.kind === 'message' ? after.text : null;
}
