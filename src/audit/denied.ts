import { and, desc, eq, gt, sql } from 'drizzle-orm';
import { inTransaction } from '../db/client.ts';
import { auditEntries } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { MINUTE, plus } from '../lib/clock.ts';
import { lockLog, type Recording, record } from './record.ts';

type DeniedDeps = Pick<Deps, 'db' | 'config' | 'clock' | 'background'>;

/** Why somebody was turned away. */
export type DenialReason = 'unknown_key' | 'wrong_kind' | 'not_permitted' | 'test_only';

export interface Denied {
  reason: DenialReason;
  /** As the table of routes writes it, never with what the caller put into it. */
  route: string;
}

/** A minute, of one merchant, in one process: whoever tries keys by the thousand fills no log. */
const MOST = 20;

/**
 * Records that somebody was turned away: once a minute for an address and reason. The answer does not wait for it, so that
 * it takes the same time whether the merchant exists or not.
 */
export function noteDenied(deps: DeniedDeps, recording: Recording, denied: Denied): void {
  const { merchantId, acting } = recording;
  if (!isFirst(deps, merchantId, `${acting.origin}|${denied.reason}`)) return;
  deps.background.run(recordOnce(deps, recording, denied));
}

async function recordOnce(deps: DeniedDeps, recording: Recording, denied: Denied): Promise<void> {
  await inTransaction(deps.db, 'audit.denied', async (tx) => {
    const { merchantId, acting } = recording;
    await lockLog(tx, merchantId);
    const recent = tx
      .select()
      .from(auditEntries)
      .where(eq(auditEntries.merchantId, merchantId))
      .orderBy(desc(auditEntries.sequence))
      .limit(200)
      .as('recent');
    const alike = await tx
      .select({ sequence: recent.sequence })
      .from(recent)
      .where(
        and(
          eq(recent.action, 'access.denied'),
          gt(recent.at, plus(deps.clock.now(), -MINUTE)),
          sql`${recent.origin} is not distinct from ${acting.origin}`,
          sql`${recent.details} ->> 'reason' = ${denied.reason}`,
        ),
      )
      .limit(1);
    if (alike.length > 0) return;
    const details = { reason: denied.reason, route: denied.route };
    await record(tx, deps, recording, { action: 'access.denied', outcome: 'failure', details });
  });
}

interface Minute {
  number: number;
  seen: Map<string, Set<string>>;
}

/** Of this minute, in memory: what asks the database no more than it must. */
const minutes = new WeakMap<object, Minute>();

function isFirst({ db, clock }: DeniedDeps, merchantId: string, what: string): boolean {
  const number = Math.floor(clock.now().getTime() / MINUTE);
  const known = minutes.get(db);
  const minute = known?.number === number ? known : { number, seen: new Map<string, Set<string>>() };
  minutes.set(db, minute);
  const seen = minute.seen.get(merchantId) ?? new Set();
  minute.seen.set(merchantId, seen);
  if (seen.has(what) || seen.size >= MOST) return false;
  seen.add(what);
  return true;
}
