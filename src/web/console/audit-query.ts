import { type AuditSearch, GROUPS } from '../../audit/find.ts';
import { DAY, plus } from '../../lib/clock.ts';
import { startOfDay } from '../../lib/japan-day.ts';

/** What was typed into the filters, as it goes back into them. */
export interface AskedOfAudit {
  actor: string;
  group: string;
  outcome: string;
  target: string;
  from: string;
  until: string;
}

export interface ReadAuditQuery {
  asked: AskedOfAudit;
  search: AuditSearch;
  badDate: boolean;
  /** The filters as a query again, without the place in the list; '' when nothing is filtered. */
  query: string;
  before: number | null;
}

const NAMES = ['actor', 'group', 'outcome', 'target', 'from', 'until'] as const;

export function readAuditQuery(query: URLSearchParams): ReadAuditQuery {
  const typed = (name: (typeof NAMES)[number]) => (query.get(name) ?? '').trim().slice(0, 100);
  const asked = Object.fromEntries(NAMES.map((name) => [name, typed(name)])) as unknown as AskedOfAudit;
  const [from, until] = [dayOf(asked.from), dayOf(asked.until)];
  const before = Number(query.get('before') ?? '');
  return {
    asked,
    search: {
      actor: asked.actor || null,
      group: GROUPS.find((group) => group === asked.group) ?? null,
      outcome: asked.outcome === 'success' || asked.outcome === 'failure' ? asked.outcome : null,
      target: asked.target || null,
      from: from ?? null,
      until: until ? plus(until, DAY) : null,
    },
    badDate: from === undefined || until === undefined,
    query: new URLSearchParams(Object.entries(asked).filter(([, value]) => value !== '')).toString(),
    before: Number.isSafeInteger(before) && before > 0 ? before : null,
  };
}

/** Null = none was typed; undefined = there is no such day. */
function dayOf(text: string): Date | null | undefined {
  return text === '' ? null : (startOfDay(text) ?? undefined);
}
