import { randomBytes } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import postgres from 'postgres';
import { inject } from 'vitest';
import { databaseUrl } from './database-url.ts';

export interface TestDatabase {
  url: string;
  /** Writes down every row of every table for the leak scan, ends every connection, and drops it. */
  drop(): Promise<void>;
}

/** A migrated database of its own, for one test file. */
export async function createDatabase(): Promise<TestDatabase> {
  const { url, template } = inject('postgres');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await administer(url, `create database ${name} template ${template}`);
  return {
    url: databaseUrl(url, name),
    drop: async () => {
      await writeDown(databaseUrl(url, name), join(inject('outputDir'), `${name}.txt`));
      await administer(url, `drop database if exists ${name} with (force)`);
    },
  };
}

/** Bounds of card ranges are what Directory Servers announce to everybody; some are the numbers of test cards, too. */
const PUBLIC_RANGES = 'card_ranges';

/** The whole content as text: what a thief of the database would read. */
async function writeDown(url: string, file: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    const tables = await sql<{ name: string }[]>`
      select quote_ident(schemaname) || '.' || quote_ident(tablename) as name
      from pg_tables where schemaname not in ('pg_catalog', 'information_schema') and tablename <> ${PUBLIC_RANGES}`;
    for (const { name } of tables) {
      const rows = await sql.unsafe<{ row: string }[]>(`select t::text as row from ${name} t`);
      appendFileSync(file, `${name}\n${rows.map(({ row }) => row).join('\n')}\n`);
    }
  } finally {
    await sql.end({ timeout: 5 });
  }
}

async function administer(url: string, statement: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await sql.unsafe(statement);
  } finally {
    await sql.end({ timeout: 5 });
  }
}
