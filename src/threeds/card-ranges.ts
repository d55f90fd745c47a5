/**
 * Card ranges as a Directory Server lists them in a PRes: which numbers can be authenticated, in which versions, and
 * where the issuer's 3DS Method stands (EMV 3DS 2.2.0, tables A.6 and B.6, Req 246–250). Bounds have the length of
 * the numbers they bound, so a number is compared only with bounds of its own length. Pure: what is stored, and
 * when, is `load-ranges.ts`'s.
 */
import { elementsOf } from './encoding.ts';
import { type Elements, VERSIONS, type Version } from './field-rule.ts';
import { isWebAddress } from './read-message.ts';

export interface CardRange {
  rangeStart: string;
  rangeEnd: string;
  acsStart: string;
  acsEnd: string;
  dsStart: string;
  dsEnd: string;
  methodUrl: string | null;
}

/** One item of `cardRangeData`: A adds a range, M changes its data but not its bounds, D deletes it. */
export interface RangeChange {
  action: 'A' | 'M' | 'D';
  range: CardRange;
}

/** The items of a PRes, or null when one of them makes no sense: then the whole list is thrown away. */
export function readRangeChanges(message: Elements): RangeChange[] | null {
  const items = Array.isArray(message.cardRangeData) ? message.cardRangeData : [];
  const changes: RangeChange[] = [];
  for (const item of items) {
    const change = readChange(elementsOf(item) ?? {}, message);
    if (change === null) return null;
    changes.push(change);
  }
  return changes;
}

/** Ranges by their start. */
export type RangeMap = ReadonlyMap<string, CardRange>;

/** A whole list: it replaces everything, whatever its items say of themselves. Null as below. */
export function replaceRanges(changes: readonly RangeChange[]): RangeMap | null {
  return applyChanges(
    new Map(),
    changes.map(({ range }) => ({ action: 'A', range })),
  );
}

/** Null when a change does not fit what stands, or ranges would overlap: then what stands stays. */
export function applyChanges(standing: RangeMap, changes: readonly RangeChange[]): RangeMap | null {
  const ranges = new Map(standing);
  for (const { action, range } of changes) {
    const current = ranges.get(range.rangeStart);
    const fits = action === 'A' ? current === undefined : current?.rangeEnd === range.rangeEnd;
    if (!fits) return null;
    if (action === 'D') ranges.delete(range.rangeStart);
    else ranges.set(range.rangeStart, range);
  }
  return overlap([...ranges.values()]) ? null : ranges;
}

/** The range that a number lies in. */
export function findRange(ranges: readonly CardRange[], pan: string): CardRange | null {
  const holds = ({ rangeStart, rangeEnd }: CardRange) =>
    rangeStart.length === pan.length && rangeStart <= pan && pan <= rangeEnd;
  return ranges.find(holds) ?? null;
}

/** The highest version that we, the Directory Server and the issuer have in common. */
export function commonVersion({ acsStart, acsEnd, dsStart, dsEnd }: CardRange): Version | null {
  const spoken = (version: Version) =>
    [acsStart, dsStart].every((start) => compareVersions(start, version) <= 0) &&
    [acsEnd, dsEnd].every((end) => compareVersions(version, end) <= 0);
  return VERSIONS.findLast(spoken) ?? null;
}

function readChange(item: Elements, list: Elements): RangeChange | null {
  const { startRange, endRange, actionInd = 'A', threeDSMethodURL: methodUrl = null } = item;
  const action = (['A', 'M', 'D'] as const).find((each) => each === actionInd);
  if (action === undefined || !isBound(startRange) || !isBound(endRange)) return null;
  if (startRange.length !== endRange.length || startRange > endRange) return null;
  const { acsStartProtocolVersion: acsStart, acsEndProtocolVersion: acsEnd } = item;
  const dsStart = item.dsStartProtocolVersion ?? list.dsStartProtocolVersion;
  const dsEnd = item.dsEndProtocolVersion ?? list.dsEndProtocolVersion;
  if (!isVersion(acsStart) || !isVersion(acsEnd) || !isVersion(dsStart) || !isVersion(dsEnd)) return null;
  if (methodUrl !== null && !isMethodUrl(methodUrl)) return null;
  const range = { rangeStart: startRange, rangeEnd: endRange, acsStart, acsEnd, dsStart, dsEnd, methodUrl };
  return { action, range };
}

function isBound(value: unknown): value is string {
  return typeof value === 'string' && /^\d{13,19}$/.test(value);
}

function isVersion(value: unknown): value is string {
  return typeof value === 'string' && /^\d{1,2}\.\d{1,2}\.\d{1,2}$/.test(value);
}

function isMethodUrl(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 256 && isWebAddress(value);
}

function overlap(ranges: CardRange[]): boolean {
  const sorted = ranges.toSorted(
    (a, b) => a.rangeStart.length - b.rangeStart.length || (a.rangeStart < b.rangeStart ? -1 : 1),
  );
  return sorted.some(({ rangeStart }, index) => {
    const before = sorted[index - 1];
    return before?.rangeEnd.length === rangeStart.length && before.rangeEnd >= rangeStart;
  });
}

/** By number, part for part: 2.10.0 is later than 2.2.0. */
function compareVersions(a: string, b: string): number {
  const left = a.split('.').map(Number);
  const right = b.split('.').map(Number);
  for (const index of [0, 1, 2]) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
