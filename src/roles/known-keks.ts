import type postgres from 'postgres';

/**
 * Each process tells the database, in the name of a connection it keeps open, which key-encryption keys it was given:
 * so the command that changes over sees whether everybody has the new one.
 */
const PREFIX = 'payresort ';

/** At most 63 characters, as PostgreSQL keeps them: two ids fit. */
export function connectionName(kekIds: readonly string[]): string {
  return `${PREFIX}${kekIds.slice(0, 2).join(' ')}`;
}

/** How many running processes were not given this key. */
export async function processesWithout(sql: postgres.Sql, kekId: string): Promise<number> {
  const rows = await sql<{ name: string }[]>`
    select application_name as name from pg_stat_activity
    where datname = current_database() and application_name like ${`${PREFIX}kek-%`}`;
  return rows.filter(({ name }) => !name.slice(PREFIX.length).split(' ').includes(kekId)).length;
}
