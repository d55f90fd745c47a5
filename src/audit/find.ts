import { and, asc, desc, eq, gt, gte, lt, type SQL, sql } from 'drizzle-orm';
import type { Queryable } from '../db/client.ts';
import { auditEntries, users } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import type { Merchant } from '../merchants/merchant.ts';
import { ACTIONS } from './actions.ts';
import type { AuditEntry } from './entry.ts';
import { type Finding, faultOf, faultsOf, trustedKeys } from './verify.ts';

/** What the actions are about: what stands before their point. */
export const GROUPS = [...new Set(ACTIONS.map(groupOf))];

type GroupOf<T extends string> = T extends `${infer Group}.${string}` ? Group : never;
export type AuditGroup = GroupOf<(typeof ACTIONS)[number]>;

function groupOf(action: (typeof ACTIONS)[number]): AuditGroup {
  return action.slice(0, action.indexOf('.')) as AuditGroup;
}

export interface AuditSearch {
  /** An id (`usr_…`, `key_…`), or the kind of those who have none. */
  actor: string | null;
  group: string | null;
  target: string | null;
  outcome: AuditEntry['outcome'] | null;
  from: Date | null;
  /** Exclusive. */
  until: Date | null;
}

export const EVERYTHING: AuditSearch = {
  actor: null,
  group: null,
  target: null,
  outcome: null,
  from: null,
  until: null,
};

export interface AuditPage {
  /** Newest first. */
  entries: AuditEntry[];
  /** Sequence to go on before; null at the end. */
  older: number | null;
  /** What does not hold of these entries. Of a search each is looked at by itself, without the chain. */
  findings: Finding[];
}

/** A page of a merchant's log, of both modes, checked as it is read. */
export async function findEntries(
  deps: Pick<Deps, 'db' | 'config'>,
  { merchantId }: Pick<Merchant, 'merchantId'>,
  search: AuditSearch,
  { before, limit }: { before: number | null; limit: number },
): Promise<AuditPage> {
  const { sequence } = auditEntries;
  const rows = await deps.db
    .select()
    .from(auditEntries)
    .where(and(chosen(merchantId, search), before === null ? undefined : lt(sequence, before)))
    .orderBy(desc(sequence))
    .limit(limit + 1);
  const entries = rows.slice(0, limit);
  const whole = Object.values(search).every((asked) => asked === null);
  const findings = whole ? chainFaults(deps, entries, rows[limit] ?? null) : eachFault(deps, entries);
  return { entries, older: rows.length > limit ? (entries.at(-1)?.sequence ?? null) : null, findings };
}

/** The next entries of a search in the order in which they were recorded: what an export goes through. */
export function nextEntries(
  { db }: Pick<Deps, 'db'>,
  { merchantId }: Pick<Merchant, 'merchantId'>,
  search: AuditSearch,
  { after, limit }: { after: number; limit: number },
): Promise<AuditEntry[]> {
  return db
    .select()
    .from(auditEntries)
    .where(and(chosen(merchantId, search), gt(auditEntries.sequence, after)))
    .orderBy(asc(auditEntries.sequence))
    .limit(limit);
}

/** Who may have acted: people of the merchant. */
export async function peopleOf(
  { db }: { db: Queryable },
  { merchantId }: Pick<Merchant, 'merchantId'>,
): Promise<{ id: string; name: string; login: string }[]> {
  return db
    .select({ id: users.id, name: users.name, login: users.login })
    .from(users)
    .where(eq(users.merchantId, merchantId))
    .orderBy(users.name);
}

function chosen(
  merchantId: string,
  { actor, group, target, outcome, from, until }: AuditSearch,
): SQL | undefined {
  const { action, at } = auditEntries;
  return and(
    eq(auditEntries.merchantId, merchantId),
    actor === null ? undefined : sql`coalesce(actor ->> 'id', actor ->> 'kind') = ${actor}`,
    group === null ? undefined : sql`split_part(${action}, '.', 1) = ${group}`,
    target === null ? undefined : eq(auditEntries.target, target),
    outcome === null ? undefined : eq(auditEntries.outcome, outcome),
    from === null ? undefined : gte(at, from),
    until === null ? undefined : lt(at, until),
  );
}

function chainFaults(
  deps: Pick<Deps, 'config'>,
  entries: AuditEntry[],
  before: AuditEntry | null,
): Finding[] {
  return [...faultsOf(entries.toReversed(), before, ownKeys(deps))];
}

function eachFault(deps: Pick<Deps, 'config'>, entries: AuditEntry[]): Finding[] {
  const keys = ownKeys(deps);
  return entries.flatMap((entry) => {
    const fault = faultOf(entry, keys);
    const { merchantId, sequence } = entry;
    return fault === null ? [] : [{ merchantId, fault, from: sequence, to: sequence }];
  });
}

function ownKeys({ config }: Pick<Deps, 'config'>) {
  return trustedKeys(config.keys === null ? [] : [config.keys.signing.live.jwk.x]);
}
