import { type SQL, sql } from 'drizzle-orm';
import type { Queryable } from '../db/client.ts';
import { paymentSearch } from '../db/schema.ts';
import { standIn } from '../vouchers/variants.ts';
import type { Snapshot } from './snapshot.ts';

type Owner = { merchantId: string; mode: string };
type Searched = Pick<Snapshot, 'session' | 'payment' | 'duplicates' | 'attempts' | 'numbers'>;
export type SearchRow = typeof paymentSearch.$inferInsert;

/** What payments of a session are looked up by, as it stands now. */
export function searchRows(snapshot: Searched): SearchRow[] {
  const { session, payment, duplicates } = snapshot;
  if (payment === null) return [];
  const words = wordsOf(snapshot);
  const { merchantId, mode } = session;
  const grams = [...words.plain.split('\n'), ...words.personal.split('\n')].flatMap(gramsOf);
  const terms = [...new Set(grams.map((gram) => termOf(session, gram)))];
  return [payment, ...duplicates].map(({ id }) => ({ merchantId, mode, paymentId: id, ...words, terms }));
}

/** Writes them, in the transaction that changed what they are made of. */
export async function writeSearch(tx: Queryable, snapshot: Searched): Promise<void> {
  const rows = searchRows(snapshot);
  if (rows.length === 0) return;
  await tx
    .insert(paymentSearch)
    .values(rows)
    .onConflictDoUpdate({
      target: [paymentSearch.merchantId, paymentSearch.mode, paymentSearch.paymentId],
      set: { plain: sql`excluded.plain`, personal: sql`excluded.personal`, terms: sql`excluded.terms` },
    });
}

/** Whether a change made payments to be found otherwise than before. */
export function isSearchedOtherwise(before: Searched, after: Searched): boolean {
  if (after.payment === null) return false;
  if (before.payment === null || before.duplicates.length !== after.duplicates.length) return true;
  if (before.attempts === after.attempts) return false;
  const [was, is] = [wordsOf(before), wordsOf(after)];
  return was.plain !== is.plain || was.personal !== is.personal;
}

/** Something typed to be searched for. */
export interface Needle {
  /** For `@>`: what must be among a row's terms. */
  terms: number[];
  /** Whether it stands in a row. Without `personal` only in what everybody may see. */
  within(personal: boolean): SQL;
}

/** Null where there is too little of it: one character finds something only where it is a word of its own, as 林 is. */
export function needleOf(owner: Owner, typed: string): Needle | null {
  const text = normalised(typed);
  const length = [...text].length;
  if (length === 0 || (length === 1 && isAscii(text))) return null;
  const grams = gramsOf(text).filter((gram) => [...gram].length === Math.min(length, LONGEST));
  const pattern = `%${text.replace(/[\\%_]/g, (character) => `\\${character}`)}%`;
  const { plain, personal } = paymentSearch;
  return {
    terms: [...new Set(grams.map((gram) => termOf(owner, gram)))],
    within: (all) =>
      all ? sql`(${plain} like ${pattern} or ${personal} like ${pattern})` : sql`${plain} like ${pattern}`,
  };
}

function wordsOf({ session, attempts, numbers }: Searched): Pick<SearchRow, 'plain' | 'personal'> {
  const { name, name_kana, email, phone } = session.customer;
  const typed = attempts.flatMap((attempt) => [attempt.cardholderName, attempt.email]);
  const payers = numbers.flatMap(({ payer }) => [`${payer.name1}${payer.name2}`, payer.kana, payer.phone]);
  return {
    plain: lines([session.orderId, ...attempts.map(({ last4 }) => last4)]),
    personal: lines([name, name_kana, email, phone, ...typed, ...payers]),
  };
}

function lines(words: (string | null | undefined)[]): string {
  return [...new Set(words.map((word) => normalised(word ?? '')))].filter((word) => word !== '').join('\n');
}

/**
 * One way to write what people write in many: half and full width, capitals, katakana and hiragana, old forms of
 * characters in names (髙, 渡邊), with or without a space between the names.
 */
export function normalised(text: string): string {
  const plain = text.normalize('NFKC').toLowerCase().replace(/\s+/g, '');
  return Array.from(plain, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code >= 0x30a1 && code <= 0x30f6) return String.fromCodePoint(code - 0x60);
    return OLD_FORMS[character] ?? standIn(character) ?? character;
  }).join('');
}

const OLD_FORMS: Readonly<Record<string, string>> = Object.fromEntries(
  Array.from(
    '邊辺邉辺澤沢齋斎齊斉廣広濱浜嶋島嶌島國国櫻桜瀧滝龍竜眞真條条藏蔵榮栄惠恵壽寿學学曾曽冨富埜野檜桧淵渕'.matchAll(
      /(.)(.)/gu,
    ),
    ([, old = '', now = '']) => [old, now],
  ),
);

const LONGEST = 3;

/** Every run of two and of three characters, and single ones that are words. */
function gramsOf(line: string): string[] {
  const characters = [...line];
  const runs = characters.flatMap((_, at) =>
    [2, LONGEST].flatMap((size) =>
      at + size <= characters.length ? [characters.slice(at, at + size).join('')] : [],
    ),
  );
  return [...runs, ...characters.filter((character) => !isAscii(character))];
}

function isAscii(text: string): boolean {
  return [...text].every((character) => (character.codePointAt(0) ?? 0) < 128);
}

/** FNV-1a, 32 bits: two that fall together cost a look at a row, since what is found is compared by its text. */
function termOf({ merchantId, mode }: Owner, gram: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(`${merchantId}/${mode}/${gram}`)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash | 0;
}
