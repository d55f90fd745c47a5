import { join } from 'node:path';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate as runMigrations } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';
import { ROOT } from '../lib/root.ts';
import { buildIndexes } from './indexes.ts';
import { withLock } from './locks.ts';

/**
 * Brings the database to the schema of this version. Any number of processes may ask at once: one does it,
 * the rest wait.
 */
export async function migrate(url: string): Promise<void> {
  const client = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await withLock(client, 'migrate', async () => {
      await runMigrations(drizzle(client), { migrationsFolder: join(ROOT, 'migrations') });
      await buildIndexes(client);
    });
  } finally {
    await client.end({ timeout: 5 });
  }
}
