import { desc, lt } from 'drizzle-orm';
import { type PageFinding, pageChecks } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { DAY, plus } from '../lib/clock.ts';

export type { PageFinding } from '../db/schema.ts';
export type PageCheck = typeof pageChecks.$inferSelect;

type CheckDeps = Pick<Deps, 'db' | 'clock'>;

/** As long as an assessor asks for. */
const KEPT_MS = 400 * DAY;

/** Writes a check down, and forgets those of more than 13 months ago. */
export async function keepCheck(
  { db, clock }: CheckDeps,
  url: string,
  findings: PageFinding[],
): Promise<void> {
  const now = clock.now();
  await db.insert(pageChecks).values({ checkedAt: now, url, findings });
  await db.delete(pageChecks).where(lt(pageChecks.checkedAt, plus(now, -KEPT_MS)));
}

export async function lastCheck({ db }: Pick<Deps, 'db'>): Promise<PageCheck | null> {
  const [row] = await db.select().from(pageChecks).orderBy(desc(pageChecks.id)).limit(1);
  return row ?? null;
}
