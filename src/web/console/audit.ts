import { type AuditAnchor, lastAnchor, listAnchors, presentAnchor } from '../../audit/anchors.ts';
import type { AuditEntry } from '../../audit/entry.ts';
import { exportEntries, filtersOf } from '../../audit/export.ts';
import { type AuditPage, findEntries, GROUPS, peopleOf } from '../../audit/find.ts';
import { note } from '../../audit/note.ts';
import type { Deps } from '../../deps.ts';
import { AUDIT_TEXTS } from '../../i18n/console/audit.ts';
import { FRAME_TEXTS } from '../../i18n/console/frame.ts';
import { dayInJapan } from '../../lib/japan-day.ts';
import { type AskedOfAudit, type ReadAuditQuery, readAuditQuery } from './audit-query.ts';
import { actionWords, csvHead, csvLine, factWords, jsonLine, placeOf, whoWords } from './audit-words.ts';
import { type Stamp, stamp } from './payments-words.ts';
import { type ConsoleAnswer, type ConsoleCall, type ConsoleRoute, page } from './route.ts';

interface Option {
  value: string;
  text: string;
  chosen: boolean;
}

export interface AuditData {
  t: (typeof AUDIT_TEXTS)['ja'] | (typeof AUDIT_TEXTS)['en'];
  asked: AskedOfAudit;
  badDate: boolean;
  people: Option[];
  groups: Option[];
  outcomes: Option[];
  /** Whether the entries shown hold: in words, and what does not. */
  state: { good: boolean; text: string; faults: string[]; older: boolean; anchor: string };
  rows: AuditRow[];
  caption: string;
  older: string | null;
  newest: string | null;
  clear: string | null;
  /** The filters for an export; null for who may not. */
  exports: [string, string][] | null;
}

interface AuditRow {
  number: number;
  at: Stamp;
  who: { name: string; what: string; href: string; only: string };
  what: string;
  failed: boolean;
  facts: { name: string; value: string }[];
  target: { id: string; href: string | null } | null;
  origin: string;
  mode: { text: string; chip: string };
  broken: boolean;
}

const PLACE = '/console/audit';
const LIMIT = 50;

export const auditRoutes: ConsoleRoute[] = [
  { method: 'get', path: PLACE, permission: 'audit.read', run: show },
  { method: 'get', path: `${PLACE}/export`, permission: 'audit.export', run: download },
  { method: 'get', path: `${PLACE}/anchors`, permission: 'audit.export', run: anchors },
];

/** Looking into the log is recorded in it (PCI DSS 10.2.1.3), after what is shown was read. */
async function show(deps: Deps, call: ConsoleCall): Promise<ConsoleAnswer> {
  const { language, merchant, may } = call;
  const t = AUDIT_TEXTS[language];
  const read = readAuditQuery(call.query);
  const none: AuditPage = { entries: [], older: null, findings: [] };
  const found = read.badDate
    ? none
    : await findEntries(deps, merchant, read.search, { before: read.before, limit: LIMIT });
  const anchor = await lastAnchor(deps, merchant.merchantId);
  await note(deps, merchant, { action: 'audit.seen', details: filtersOf(read.search) });
  const at = (before: number) => `${PLACE}?${read.query}${read.query && '&'}before=${before}`;
  const data: AuditData = {
    t,
    asked: read.asked,
    badDate: read.badDate,
    ...(await optionsOf(deps, call, read)),
    state: stateOf(call, found, anchor, read.query === ''),
    rows: found.entries.map((entry) => rowOf(call, entry, found)),
    caption: t.caption(String(found.entries.length)),
    older: found.older === null ? null : at(found.older),
    newest: read.before === null ? null : `${PLACE}?${read.query}`,
    clear: read.query === '' ? null : PLACE,
    exports: may('audit.export') && !read.badDate ? [...new URLSearchParams(read.query)] : null,
  };
  return page('audit', { title: t.title, place: 'audit', data });
}

async function optionsOf(
  deps: Deps,
  { language, merchant }: ConsoleCall,
  { asked }: ReadAuditQuery,
): Promise<Pick<AuditData, 'people' | 'groups' | 'outcomes'>> {
  const t = AUDIT_TEXTS[language];
  const options = (values: [string, string][], chosen: string): Option[] =>
    values.map(([value, text]) => ({ value, text, chosen: value === chosen }));
  const people: [string, string][] = [
    ...(await peopleOf(deps, merchant)).map(({ id, name, login }): [string, string] => [
      id,
      `${name} (${login})`,
    ]),
    ['service', t.filters.service],
    ['visitor', t.filters.visitor],
  ];
  // A key that somebody asked for by a row's link.
  if (asked.actor !== '' && !people.some(([id]) => id === asked.actor))
    people.push([asked.actor, asked.actor]);
  return {
    people: options(people, asked.actor),
    groups: options(
      GROUPS.map((group) => [group, t.groups[group]]),
      asked.group,
    ),
    outcomes: options(Object.entries(t.outcomes), asked.outcome),
  };
}

function stateOf(
  { language }: ConsoleCall,
  { entries, findings }: AuditPage,
  anchor: AuditAnchor | null,
  whole: boolean,
): AuditData['state'] {
  const t = AUDIT_TEXTS[language];
  const bad = findings.filter(({ fault }) => fault !== 'unknown_key');
  const count = String(entries.length);
  const holds = whole ? t.state.holds(count) : t.state.holdsEach(count);
  return {
    good: bad.length === 0,
    text: bad.length === 0 ? holds : t.state.broken,
    faults: bad.map(({ from, to, fault }) =>
      t.state.brokenAt(from === to ? String(from) : `${from}–${to}`, t.faults[fault]),
    ),
    older: findings.length > bad.length,
    anchor:
      anchor === null
        ? t.state.notAnchored
        : t.state.anchored(String(anchor.sequence), stamp(anchor.at, true).text),
  };
}

function rowOf({ language, merchant }: ConsoleCall, entry: AuditEntry, { findings }: AuditPage): AuditRow {
  const t = AUDIT_TEXTS[language];
  const { mode: modes } = FRAME_TEXTS[language];
  const who = whoWords(language, entry);
  const { actor, target, mode, sequence } = entry;
  return {
    number: sequence,
    at: stamp(entry.at, true),
    who: {
      ...who,
      href: `${PLACE}?actor=${encodeURIComponent(actor.id ?? actor.kind)}`,
      only: t.onlyThis(who.name),
    },
    what: actionWords(language, entry.action),
    failed: entry.outcome === 'failure',
    facts: factWords(language, entry),
    target: target === null ? null : { id: target, href: placeOf(entry, merchant.mode) },
    origin: entry.origin ?? '',
    mode: mode === null ? { text: t.both, chip: 'over' } : { text: modes[mode], chip: mode },
    broken: findings.some(
      ({ from, to, fault }) => fault !== 'unknown_key' && from <= sequence && sequence <= to,
    ),
  };
}

async function download(deps: Deps, { merchant, query, language }: ConsoleCall): Promise<ConsoleAnswer> {
  const { search } = readAuditQuery(query);
  const csv = query.get('format') === 'csv';
  const lines = csv
    ? {
        format: 'csv' as const,
        head: csvHead(language),
        lineOf: (entry: AuditEntry) => csvLine(language, entry),
      }
    : { format: 'jsonl' as const, head: '', lineOf: jsonLine };
  const body = await exportEntries(deps, merchant, search, lines);
  const name = `audit-${merchant.merchantId}-${dayInJapan(deps.clock.now())}.${lines.format}`;
  return { kind: 'download', name, type: csv ? 'text/csv; charset=utf-8' : 'application/jsonl', body };
}

/** The newest anchors of the merchant's own log, to be kept elsewhere. */
async function anchors(deps: Deps, { merchant }: ConsoleCall): Promise<ConsoleAnswer> {
  const found = await listAnchors(deps, merchant.merchantId);
  await note(deps, merchant, {
    action: 'audit.exported',
    details: { format: 'anchors', count: found.length },
  });
  const body = found.map((anchor) => `${JSON.stringify(presentAnchor(anchor))}\n`).join('');
  const name = `audit-anchors-${merchant.merchantId}-${dayInJapan(deps.clock.now())}.jsonl`;
  return { kind: 'download', name, type: 'application/jsonl', body };
}
