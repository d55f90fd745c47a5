import { createHash } from 'node:crypto';
import { desc, gte, lt, sql } from 'drizzle-orm';
import { pageReports } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { DAY, plus } from '../lib/clock.ts';

/** A breach of a page's policy, scrubbed: see `web/integrity/read-report.ts`. */
export interface PageReport {
  page: string;
  directive: string;
  blocked: string;
  source: string;
}

export type KeptReport = PageReport & { day: string; count: number; firstAt: Date; lastAt: Date };

type ReportDeps = Pick<Deps, 'db' | 'clock'>;

const KEPT_MS = 30 * DAY;

/** Counts a report; alike ones of a day share a row. True when it is the first of its kind today. */
export async function keepReport({ db, clock }: ReportDeps, report: PageReport): Promise<boolean> {
  const now = clock.now();
  const { page, directive, blocked, source } = report;
  const hash = createHash('sha256')
    .update(JSON.stringify([page, directive, blocked, source]))
    .digest('hex');
  const day = now.toISOString().slice(0, 10);
  const [kept] = await db
    .insert(pageReports)
    .values({ day, hash, page, directive, blocked, source, count: 1, firstAt: now, lastAt: now })
    .onConflictDoUpdate({
      target: [pageReports.day, pageReports.hash],
      set: { count: sql`${pageReports.count} + 1`, lastAt: now },
    })
    .returning({ count: pageReports.count });
  return kept?.count === 1;
}

/** The newest first, of the last `days` days. */
export async function recentReports({ db, clock }: ReportDeps, days: number): Promise<KeptReport[]> {
  const since = plus(clock.now(), -days * DAY)
    .toISOString()
    .slice(0, 10);
  return db
    .select()
    .from(pageReports)
    .where(gte(pageReports.day, since))
    .orderBy(desc(pageReports.lastAt))
    .limit(1_000);
}

/** Removes what is older than 30 days. For the job that purges. */
export async function purgeReports({ db, clock }: ReportDeps): Promise<void> {
  await db.delete(pageReports).where(lt(pageReports.lastAt, plus(clock.now(), -KEPT_MS)));
}
