import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import postgres from 'postgres';
import { placeBinaries, placeCluster } from './embedded-place.ts';
import { endLeftOver, launch, takeOwnership } from './embedded-process.ts';
import { runAs, type ServerUser, serverUser } from './embedded-user.ts';

/**
 * The PostgreSQL server that comes as an npm package, run under `DATA_DIR` for one machine and for tests.
 * PostgreSQL refuses to run as root, so a root process starts it as another user; where that user cannot
 * reach DATA_DIR or the package (a closed home), data and binaries are kept under /var/lib/payresort-plus
 * and DATA_DIR/postgresql-is-at names the place.
 */
export interface EmbeddedOptions {
  /** Where its data is kept between starts. */
  dataDir: string;
  /** False turns fsync off: only for data that may be lost. */
  durable: boolean;
  /** File for the server's own messages; default `postgresql.log` beside the data. */
  logFile?: string;
  /** Root only: where data and binaries go when DATA_DIR is closed to the server's user. */
  sharedHome?: string;
}

export interface Embedded {
  url: string;
  stop(): Promise<void>;
}

const SHARED_HOME = '/var/lib/payresort-plus';
const NAME = 'payresort';

/**
 * Starts the server on a free port of 127.0.0.1. It stops with `stop()`, and also when this process dies in
 * any way. Throws when another living process runs on the same `dataDir`, or where the platform has no
 * package.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const dataDir = resolve(options.dataDir);
  const sharedHome = options.sharedHome ?? SHARED_HOME;
  const user = serverUser();
  const place = placeCluster(dataDir, user, sharedHome);
  const native = placeBinaries(user, dataDir, sharedHome);
  const release = takeOwnership(place);
  try {
    const cluster = join(place, 'data');
    await endLeftOver(cluster);
    if (!existsSync(cluster)) initialise(native, place, user, options.durable);
    const password = readFileSync(join(place, 'password'), 'utf8');
    const server = await launch({
      native,
      cluster,
      user,
      durable: options.durable,
      logFile: resolve(options.logFile ?? join(place, 'postgresql.log')),
    });
    const urlOf = (database: string) => `postgres://${NAME}:${password}@127.0.0.1:${server.port}/${database}`;
    await createDatabase(urlOf('postgres')).catch(async (error: unknown) => {
      await server.stop();
      throw error;
    });
    return { url: urlOf(NAME), stop: () => server.stop().finally(release) };
  } catch (error) {
    release();
    throw error;
  }
}

/**
 * initdb beside the final place, then one rename: a start that was killed half-way leaves nothing to trip
 * over.
 */
function initialise(native: string, place: string, user: ServerUser | null, durable: boolean): void {
  const unfinished = join(place, `data.new-${process.pid}`);
  const passwordFile = join(place, `password.new-${process.pid}`);
  rmSync(unfinished, { recursive: true, force: true });
  const password = randomBytes(24).toString('base64url');
  try {
    mkdirSync(unfinished, { mode: 0o700 });
    writeFileSync(passwordFile, password, { mode: 0o600 });
    if (user !== null) for (const path of [unfinished, passwordFile]) chownSync(path, user.uid, user.gid);
    const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
    const access = [`--username=${NAME}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
    runAs(user, join(native, 'bin/initdb'), [
      '-D',
      unfinished,
      ...locale,
      ...access,
      ...(durable ? [] : ['--no-sync']),
    ]);
    if (user !== null) chownSync(passwordFile, 0, 0);
    chmodSync(passwordFile, 0o600);
    renameSync(passwordFile, join(place, 'password'));
    renameSync(unfinished, join(place, 'data'));
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
    rmSync(passwordFile, { force: true });
  }
}

async function createDatabase(adminUrl: string): Promise<void> {
  const sql = postgres(adminUrl, { max: 1, onnotice: () => {} });
  try {
    const found = await sql`select 1 from pg_database where datname = ${NAME}`;
    if (found.length === 0) await sql.unsafe(`create database ${NAME}`);
  } finally {
    await sql.end({ timeout: 5 });
  }
}
