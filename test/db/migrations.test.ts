import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../../src/lib/root.ts';

/**
 * Migrations run while payments do, beside the release before. None may take a lock that payments wait for on a table that
 * there was before it, for longer than a moment: no index built in place, no table rewritten, no constraint checked
 * against every row, nothing renamed or dropped.
 */

/** The first release brings these all at once, to a database without a payment. */
const FIRST_RELEASE = '0021_users_enabled.sql';

const FILES = readdirSync(join(ROOT, 'migrations'))
  .filter((name) => name.endsWith('.sql'))
  .sort();

interface Statement {
  file: string;
  text: string;
}

const statements: Statement[] = FILES.flatMap((file) =>
  readFileSync(join(ROOT, 'migrations', file), 'utf8')
    .split('--> statement-breakpoint')
    .map((text) => ({ file, text: text.replace(/--.*$/gm, '').replace(/\s+/g, ' ').trim() }))
    .filter(({ text }) => text !== ''),
);

/** What a statement does that payments would wait for; null where they would not. */
function fault({ file, text }: Statement): string | null {
  const table =
    /\b(?:on|table(?: if exists)?|into|update|from) (?:only )?"?(?:public"?\.")?([a-z_]+)"?/i.exec(text)?.[1];
  const isNew = createdIn(file).has(table ?? '');
  if (/^create (unlogged )?table/i.test(text)) return null;
  if (/^create (or replace )?(function|view|type|extension)/i.test(text)) return null;
  if (isNew) return null;
  if (/^create (unique )?index/i.test(text))
    return `builds an index on ${table}: put it into src/db/indexes.ts`;
  if (/^alter table .* add column/i.test(text)) {
    if (/ not null/i.test(text) && !/ default /i.test(text))
      return `adds a column to ${table} that must have a value`;
    return /default .*(random|clock_timestamp|nextval|gen_)/i.test(text) ? `rewrites ${table}` : null;
  }
  if (/^alter table .* add constraint/i.test(text))
    return / not valid/i.test(text) ? null : `checks every row of ${table}`;
  if (/^alter table .* (alter column .* (drop|set) (default|not null)|validate constraint)/i.test(text))
    return / set not null/i.test(text) ? `checks every row of ${table}` : null;
  if (/^(insert into|select)/i.test(text)) return null;
  if (/^create (or replace )?trigger/i.test(text)) return null;
  return `does what no rule allows: ${text.slice(0, 80)}`;
}

function createdIn(file: string): Set<string> {
  const made = statements
    .filter((each) => each.file === file)
    .flatMap(
      ({ text }) => /^create (?:unlogged )?table (?:if not exists )?"?([a-z_]+)"?/i.exec(text)?.[1] ?? [],
    );
  return new Set(made);
}

test('no migration makes payments wait', () => {
  expect(FILES).toContain(FIRST_RELEASE);
  const faults = statements
    .filter(({ file }) => file > FIRST_RELEASE)
    .map((each) => ({ file: each.file, fault: fault(each) }));
  expect(faults.filter((each) => each.fault !== null)).toEqual([]);
});

test.each([
  ['create index "a" on "payments" using btree ("id")', /builds an index/],
  ['alter table "payments" add column "x" text not null', /must have a value/],
  ['alter table "payments" drop column "x"', /no rule allows/],
  ['alter table "payments" rename column "x" to "y"', /no rule allows/],
  ['alter table "payments" add constraint "c" check (amount > 1)', /checks every row/],
  ['alter table "payments" alter column "amount" type numeric', /no rule allows/],
  ['update payments set amount = 1', /no rule allows/],
  ['lock table payments', /no rule allows/],
])('refused: %s', (text, words) => {
  expect(fault({ file: 'new', text })).toMatch(words);
});
