import { and, eq, lt } from 'drizzle-orm';
import { merchantSecrets, userTokens } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { DAY, plus } from '../lib/clock.ts';
import { purgeLogins } from './logins.ts';
import { purgeAddresses } from './tries.ts';

/** What is left of logins, links and secrets that are over. For the job that purges. */
export async function purgeUsers(deps: Pick<Deps, 'db' | 'clock'>): Promise<void> {
  const before = plus(deps.clock.now(), -DAY);
  await purgeLogins(deps);
  await purgeAddresses(deps);
  await deps.db.delete(userTokens).where(lt(userTokens.expiresAt, before));
  await deps.db
    .delete(merchantSecrets)
    .where(and(eq(merchantSecrets.kind, 'totp'), lt(merchantSecrets.expiresAt, before)));
}
