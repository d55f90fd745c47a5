import { ACTIONS, type AuditAction } from '../../audit/actions.ts';
import type { DenialReason } from '../../audit/denied.ts';
import type { AuditEntry } from '../../audit/entry.ts';
import { presentEntry } from '../../audit/export.ts';
import type { AuditGroup } from '../../audit/find.ts';
import type { Fault } from '../../audit/verify.ts';
import { lineOf } from '../../books/export-payments.ts';
import { AUDIT_TEXTS } from '../../i18n/console/audit.ts';
import { AUDIT_ACTIONS } from '../../i18n/console/audit-actions.ts';
import { FRAME_TEXTS } from '../../i18n/console/frame.ts';
import { money, stamp } from './payments-words.ts';
import type { ConsoleLanguage } from './route.ts';

interface Words {
  groups: Record<AuditGroup, string>;
  faults: Record<Fault, string>;
  facts: Record<string, string>;
  reasons: Record<DenialReason, string>;
}

/** Every action has its words: the types hold it. */
const ACTION_WORDS = AUDIT_ACTIONS satisfies Record<ConsoleLanguage, Record<AuditAction, string>>;
const WORDS = AUDIT_TEXTS satisfies Record<ConsoleLanguage, Words>;

/** In plain words; the name itself of an action that this version does not know. */
export function actionWords(language: ConsoleLanguage, action: string): string {
  const known = ACTIONS.find((each) => each === action);
  return known === undefined ? action : ACTION_WORDS[language][known];
}

/** Who it was: a name, and what they are. */
export function whoWords(language: ConsoleLanguage, { actor }: AuditEntry): { name: string; what: string } {
  const t = AUDIT_TEXTS[language];
  if (actor.kind === 'user') {
    return {
      name: actor.name ?? actor.id ?? '',
      what: actor.role ? FRAME_TEXTS[language].roles[actor.role] : '',
    };
  }
  if (actor.kind === 'key') return { name: actor.name ?? actor.id ?? '', what: t.key };
  if (actor.kind === 'visitor')
    return { name: actor.name ?? t.nobody, what: actor.name === null ? '' : t.nobody };
  return actor.name === null ? { name: t.theService, what: '' } : { name: actor.name, what: t.operator };
}

/** The details, each with its name. */
export function factWords(
  language: ConsoleLanguage,
  { details }: AuditEntry,
): { name: string; value: string }[] {
  const names: Record<string, string> = WORDS[language].facts;
  return Object.entries(details).flatMap(([name, value]) => {
    if (value === null || value === '') return [];
    return [{ name: names[name] ?? name, value: valueWords(language, name, value) }];
  });
}

function valueWords(language: ConsoleLanguage, name: string, value: string | number | boolean): string {
  const reasons: Record<string, string> = WORDS[language].reasons;
  if (name === 'amount' && typeof value === 'number') return money(language, value);
  return name === 'reason' ? (reasons[String(value)] ?? String(value)) : String(value);
}

/** Pages of what entries are about, by the beginning of its id. */
const PLACES: Record<string, string> = {
  pay: '/console/payments/',
  preq: '/console/requests/',
  plink: '/console/links/',
  we: '/console/developers/endpoints/',
  evt: '/console/developers/events/',
};

/** Where that is shown; null for what has no page, or is of the other mode. */
export function placeOf({ target, mode }: AuditEntry, shown: 'test' | 'live'): string | null {
  const place = PLACES[target?.split('_')[0] ?? ''];
  return place === undefined || mode !== shown ? null : `${place}${target}`;
}

export function csvHead(language: ConsoleLanguage): string {
  return `\ufeff${lineOf([...AUDIT_TEXTS[language].columns])}`;
}

export function csvLine(language: ConsoleLanguage, entry: AuditEntry): string {
  const { actor, ...said } = presentEntry(entry);
  return lineOf([
    said.sequence,
    stamp(entry.at, true).text,
    said.mode,
    actor.kind,
    actor.id,
    actor.name,
    actor.role,
    said.action,
    actionWords(language, entry.action),
    said.outcome,
    said.origin,
    said.target,
    JSON.stringify(said.details),
    said.previous_hash,
    said.hash,
    said.signature,
    said.key_id,
  ]);
}

export function jsonLine(entry: AuditEntry): string {
  return `${JSON.stringify(presentEntry(entry))}\n`;
}
