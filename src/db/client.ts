import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { throughSeam } from '../lib/seams.ts';
import * as schema from './schema.ts';

export type Db = PostgresJsDatabase<typeof schema>;
export type Tx = Parameters<Parameters<Db['transaction']>[0]>[0];
/** Where a query may run: on the pool, or inside a transaction. */
export type Queryable = Pick<Db, 'select' | 'insert' | 'update' | 'delete' | 'execute' | 'query'>;

export interface Database {
  db: Db;
  /** For LISTEN and session-level advisory locks; a client of its own, since Drizzle changes a client's parsers. */
  raw: postgres.Sql;
  close(): Promise<void>;
}

/** One stuck row or process must not use up a pool: milliseconds after which PostgreSQL gives up. */
const PATIENCE = {
  lock_timeout: 10_000,
  statement_timeout: 30_000,
  idle_in_transaction_session_timeout: 15_000,
};

/** Opens a pool of `size` connections. `url` may name several hosts (`target_session_attrs` is honoured). */
export function openDatabase(url: string, size: number): Database {
  const pooled = postgres(url, { max: size, onnotice: () => {}, connection: PATIENCE });
  const raw = postgres(url, { max: 2, onnotice: () => {} });
  return {
    db: drizzle(preparing(pooled), { schema }),
    raw,
    close: async () => {
      await Promise.all([pooled.end({ timeout: 5 }), raw.end({ timeout: 5 })]);
    },
  };
}

/** Statements of one process that PostgreSQL keeps parsed, per connection: more than there are, and an end all the same. */
const MOST_PREPARED = 1_000;
const seen = new Map<string, number>();

/**
 * The same client, whose statements are prepared from their second time on: half the round trips of a query that Drizzle
 * has written. What is written anew each time, such as a list of many ids, is never prepared.
 */
function preparing<T extends postgres.Sql | postgres.TransactionSql>(client: T): T {
  return new Proxy(client, {
    get(target, name, receiver) {
      if (name === 'unsafe') {
        return (query: string, parameters: never[] = []) =>
          target.unsafe(query, parameters, { prepare: isFamiliar(query) });
      }
      if (name === 'begin' || name === 'savepoint') {
        const run = Reflect.get(target, name, target) as (...args: unknown[]) => unknown;
        return (...args: unknown[]) => run.call(target, ...args.map(withPreparing));
      }
      return Reflect.get(target, name, receiver);
    },
  });
}

/** What runs in a transaction is given that transaction's client. */
function withPreparing(argument: unknown): unknown {
  return typeof argument === 'function'
    ? (client: postgres.TransactionSql) => argument(preparing(client))
    : argument;
}

function isFamiliar(query: string): boolean {
  const times = seen.get(query) ?? 0;
  if (times > 0) return true;
  if (seen.size < MOST_PREPARED) seen.set(query, 1);
  return false;
}

/**
 * Runs `work` in one transaction whose commit is the named seam. No network call belongs in it. When the commit's
 * answer is lost the error is thrown on: what was recorded is found again by its id, never guessed.
 */
export function inTransaction<T>(db: Db, seam: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  return throughSeam(seam, () => db.transaction(work));
}

/**
 * Runs reads that belong together as of one moment: what is committed between two of them is seen by none. Without it
 * a page could find a session still open and its attempt already over.
 */
export function atOneMoment<T>(db: Db, read: (tx: Tx) => Promise<T>): Promise<T> {
  return db.transaction(read, { isolationLevel: 'repeatable read', accessMode: 'read only' });
}

/** Whether an error is the breach of this constraint (Drizzle keeps PostgreSQL's own error as `cause`). */
export function violates(error: unknown, constraint: string): boolean {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof postgres.PostgresError && cause.constraint_name === constraint;
}
