import { and, count, eq, gt, lt, sql } from 'drizzle-orm';
import type { Mode } from '../config.ts';
import { inTransaction, type Queryable } from '../db/client.ts';
import { cardTestingBreakers, cardTrials, type FailureCode } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { DAY, HOUR, MINUTE, plus } from '../lib/clock.ts';
import type { Merchant } from '../merchants/merchant.ts';
import { breaks, type Counts, judge, LIMITS, type Verdict } from './judge.ts';

/** An attempt that is about to leave for the network. */
export interface Trial {
  attemptId: string;
  fingerprint: Buffer;
  bin: string | null;
  address: Buffer | null;
}

/** An attempt ends within this. */
const IN_FLIGHT_MS = 15 * MINUTE;

type TrialDeps = Pick<Deps, 'clock' | 'log'>;

/** Whether the limits hold for this merchant: always in live mode, in test mode where they were switched on. */
export function limited({ mode, settings }: Merchant): boolean {
  return mode === 'live' || settings.limitsInTestMode;
}

/** Counts what came before, says what may become of this attempt, and records it. */
export async function admit(
  tx: Queryable,
  deps: TrialDeps,
  merchant: Merchant,
  trial: Trial,
): Promise<Verdict> {
  const now = deps.clock.now();
  // One card after the other, wherever it is tried: at once they would not see each other.
  const lock = `card_trials ${merchant.mode} ${trial.fingerprint.toString('base64')}`;
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${lock}, 0))`);
  const verdict = judge(await countBefore(tx, deps, merchant, trial, now));
  const { merchantId, mode } = merchant;
  const reason = verdict.kind === 'allow' ? null : verdict.reason;
  await tx
    .insert(cardTrials)
    .values({ merchantId, mode, at: now, ...trial, verdict: verdict.kind, reason })
    .onConflictDoNothing();
  if (verdict.kind !== 'allow') {
    deps.log.warn(
      { merchant_id: merchantId, mode, verdict: verdict.kind, limit: reason },
      'card testing limit',
    );
  }
  return verdict;
}

/**
 * How a trial ended: declined when the issuer or 3-D Secure said no, or when a challenge was demanded and not passed.
 * `failure` null: it succeeded.
 */
export async function noteEnd(
  tx: Queryable,
  ended: { merchantId: string; attemptId: string; failure: FailureCode | null },
): Promise<void> {
  const { merchantId, attemptId, failure } = ended;
  const hard = failure !== null && DECLINES.includes(failure);
  const steppedUp = sql`${failure !== null} and ${cardTrials.verdict} = 'step_up'`;
  await tx
    .update(cardTrials)
    .set({ outcome: sql`case when ${hard} or ${steppedUp} then 'declined' else 'passed' end` })
    .where(and(eq(cardTrials.merchantId, merchantId), eq(cardTrials.attemptId, attemptId)));
}

const DECLINES: readonly FailureCode[] = [
  'card_declined',
  'insufficient_funds',
  'limit_exceeded',
  'expired_card',
  'invalid_card',
  'invalid_csc',
  'contact_issuer',
  'authentication_failed',
  'authentication_rejected',
];

/** Whether only a passed challenge may lead this attempt to an authorisation. */
export async function isSteppedUp(tx: Queryable, merchantId: string, attemptId: string): Promise<boolean> {
  const [row] = await tx
    .select({ verdict: cardTrials.verdict })
    .from(cardTrials)
    .where(and(eq(cardTrials.merchantId, merchantId), eq(cardTrials.attemptId, attemptId)));
  return row?.verdict === 'step_up';
}

/** Removes what no limit looks back to. For the job that purges. Says how many. */
export async function purgeTrials({ db, clock }: Pick<Deps, 'db' | 'clock'>): Promise<number> {
  return inTransaction(db, 'limits.purge_trials', async (tx) => {
    const gone = await tx
      .delete(cardTrials)
      .where(lt(cardTrials.at, plus(clock.now(), -(DAY + HOUR))))
      .returning({ attemptId: cardTrials.attemptId });
    return gone.length;
  });
}

/** Trials of the last hour by verdict, limit and outcome: for the metrics. */
export function trialFigures({ db, clock }: Pick<Deps, 'db' | 'clock'>) {
  const { mode, verdict, reason, outcome, at } = cardTrials;
  return db
    .select({ mode, verdict, reason, outcome, total: count() })
    .from(cardTrials)
    .where(gt(at, plus(clock.now(), -HOUR)))
    .groupBy(mode, verdict, reason, outcome);
}

/** How many breakers are open, by mode: for the metrics. */
export function openBreakers({ db, clock }: Pick<Deps, 'db' | 'clock'>) {
  const { mode, openUntil } = cardTestingBreakers;
  return db
    .select({ mode, total: count() })
    .from(cardTestingBreakers)
    .where(gt(openUntil, clock.now()))
    .groupBy(mode);
}

async function countBefore(
  tx: Queryable,
  deps: TrialDeps,
  merchant: Merchant,
  trial: Trial,
  now: Date,
): Promise<Counts> {
  const { merchantId, mode } = merchant;
  const since = (ms: number) => sql`${plus(now, -ms).toISOString()}::timestamptz`;
  const declined = sql`select 1 from card_trials where outcome = 'declined' and mode = ${mode}`;
  // A card's attempts in flight count too: nobody pays five times at once with one card.
  const byCard = ({ withinMs }: { withinMs: number }) =>
    sql`(select count(*)::int from card_trials where outcome <> 'passed' and mode = ${mode}
      and fingerprint = ${trial.fingerprint} and at > ${since(withinMs)}
      and (outcome = 'declined' or at > ${since(IN_FLIGHT_MS)}))`;
  const { address, bin } = LIMITS;
  const [row] = await tx.execute<Record<string, number>>(sql`select
    ${byCard(LIMITS.card[0])} as hour,
    ${byCard(LIMITS.card[1])} as day,
    (select count(*)::int from (${declined} and address = ${trial.address} and at > ${since(address.withinMs)}) t) as address,
    (select count(distinct fingerprint)::int from card_trials where outcome = 'declined' and mode = ${mode}
      and address = ${trial.address} and at > ${since(address.cardsWithinMs)}) as address_cards,
    (select count(*)::int from (${declined} and merchant_id = ${merchantId} and bin = ${trial.bin}
      and at > ${since(bin.withinMs)} limit ${bin.declines}) t) as bin`);
  return {
    card: [row?.hour ?? 0, row?.day ?? 0],
    address: row?.address ?? 0,
    addressCards: row?.address_cards ?? 0,
    bin: row?.bin ?? 0,
    breakerOpen: await breakerOpen(tx, deps, { merchantId, mode }, now),
  };
}

/** Whether the merchant's breaker is open; opens it, with a notice, when the last hour says so. */
async function breakerOpen(
  tx: Queryable,
  deps: TrialDeps,
  merchant: { merchantId: string; mode: Mode },
  now: Date,
): Promise<boolean> {
  const { merchantId, mode } = merchant;
  const here = and(eq(cardTestingBreakers.merchantId, merchantId), eq(cardTestingBreakers.mode, mode));
  const [known] = await tx.select().from(cardTestingBreakers).where(here);
  if (known !== undefined && known.openUntil > now) return true;
  const seen = await lastHour(tx, merchant, now);
  if (!breaks(seen)) return false;
  const opened = { ...seen, openedAt: now, openUntil: plus(now, LIMITS.merchant.openMs) };
  await tx
    .insert(cardTestingBreakers)
    .values({ merchantId, mode, ...opened })
    .onConflictDoUpdate({
      target: [cardTestingBreakers.merchantId, cardTestingBreakers.mode],
      set: opened,
    });
  deps.log.error(
    { code: 'card_testing_breaker_open', merchant_id: merchantId, mode, ...opened },
    'cards are being tested at a merchant: everybody is challenged there',
  );
  return true;
}

/** Never counts further than the rate needs: a busy merchant's hour is long. */
async function lastHour(tx: Queryable, { merchantId, mode }: { merchantId: string; mode: Mode }, now: Date) {
  const { attempts, rate, withinMs } = LIMITS.merchant;
  const since = sql`${plus(now, -withinMs).toISOString()}::timestamptz`;
  const rows = (condition: ReturnType<typeof sql>, limit: number) =>
    tx.execute<{ total: number }>(sql`select count(*)::int as total from (select 1 from card_trials
      where merchant_id = ${merchantId} and mode = ${mode} and at > ${since} and ${condition} limit ${limit}) t`);
  const [declined] = await rows(sql`outcome = 'declined'`, 10_000);
  const declines = declined?.total ?? 0;
  if (declines < attempts * rate) return { trials: 0, declines };
  const [all] = await rows(sql`verdict <> 'refuse'`, Math.ceil(declines / rate) + 1);
  return { trials: all?.total ?? 0, declines };
}
