import { and, eq } from 'drizzle-orm';
import { atOneMoment } from '../db/client.ts';
import { sessions } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { merchantOfCapability } from '../lib/ids.ts';
import { merchantOf } from '../merchants/merchant.ts';
import { offeredCards } from './saved-cards.ts';
import { below, type Visit } from './snapshot.ts';

/** The visit a page token leads to, or null. A merchant's charge has a session, and no page. */
export async function findVisit(deps: Deps, token: string): Promise<Visit | null> {
  const merchantId = merchantOfCapability(token);
  if (merchantId === null) return null;
  return atOneMoment(deps.db, async (tx) => {
    const [session] = await tx
      .select()
      .from(sessions)
      .where(and(eq(sessions.merchantId, merchantId), eq(sessions.token, token)));
    if (session === undefined || session.origin === 'charge') return null;
    const merchant = await merchantOf({ db: tx, clock: deps.clock }, session);
    const kept = await offeredCards(tx, session);
    return { merchant, savedCards: kept, ...(await below(tx, session)) };
  });
}
