/**
 * Whether a card can be authenticated, and in which version: its number is looked up among the card ranges of its
 * brand's Directory Server (EMV 3DS 2.2.0, section 3.1 step 1; Req 311). The ranges are kept in the database, asked
 * for at first need and refreshed by a job.
 */
import { and, eq, gte, lte, sql } from 'drizzle-orm';
import type { Mode } from '../config.ts';
import { cardRanges } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { BRANDS, type Brand } from '../lib/card.ts';
import { openCard } from '../vault/cards.ts';
import { type CardRange, commonVersion, findRange } from './card-ranges.ts';
import { type Directory, type Loading, lastLoad, loadRanges } from './load-ranges.ts';
import type { Enrolment } from './port.ts';

export interface EnrolmentQuestion {
  mode: Mode;
  brand: Brand;
  card: { merchantId: string; cardId: string };
}

/**
 * Looks a kept card up; `unknown` when its ranges were never loaded and cannot be. Throws when the card is not kept
 * any more.
 */
export async function enrolment(deps: Deps, { mode, brand, card }: EnrolmentQuestion): Promise<Enrolment> {
  const directory = { mode, brand };
  if ((await lastLoad(deps.db, directory)) === null) {
    const loaded = await loadOnce(deps, directory);
    if (!loaded.ok) return { enrolled: 'unknown', reason: loaded.reason };
  }
  const range = await rangeOf(deps, directory, card);
  const version = range === null ? null : commonVersion(range);
  if (range === null || version === null) return { enrolled: false };
  return { enrolled: true, version, methodUrl: range.methodUrl };
}

/** The periodic job: every brand's ranges. False when a Directory Server could not be asked, or gave nonsense. */
export async function refreshCardRanges(deps: Deps, mode: Mode): Promise<boolean> {
  let all = true;
  for (const brand of BRANDS) {
    const loaded = await loadOnce(deps, { mode, brand });
    all &&= loaded.ok;
    if (!loaded.ok) deps.log.warn({ mode, brand, reason: loaded.reason }, 'card ranges not refreshed');
  }
  return all;
}

/** What is being loaded in this process, so that the shoppers of a first minute do not all ask. */
const loading = new WeakMap<Deps['db'], Map<string, Promise<Loading>>>();

function loadOnce(deps: Deps, directory: Directory): Promise<Loading> {
  const running = loading.get(deps.db) ?? new Map<string, Promise<Loading>>();
  loading.set(deps.db, running);
  const name = `${directory.mode} ${directory.brand}`;
  const already = running.get(name);
  if (already !== undefined) return already;
  const load = loadRanges(deps, directory).finally(() => running.delete(name));
  running.set(name, load);
  return load;
}

/** The database is asked by the first six digits alone: a whole number never stands in a query. */
async function rangeOf(
  deps: Deps,
  { mode, brand }: Directory,
  card: EnrolmentQuestion['card'],
): Promise<CardRange | null> {
  const { pan } = await openCard(deps, card);
  const number = pan.reveal();
  const bin = number.slice(0, 6);
  const nearby = await deps.db
    .select()
    .from(cardRanges)
    .where(
      and(
        eq(cardRanges.mode, mode),
        eq(cardRanges.brand, brand),
        eq(sql`length(${cardRanges.rangeStart})`, number.length),
        lte(cardRanges.rangeStart, bin.padEnd(number.length, '9')),
        gte(cardRanges.rangeEnd, bin.padEnd(number.length, '0')),
      ),
    );
  return findRange(nearby, number);
}
