import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import type { TestProject } from 'vitest/node';
import { type Embedded, startEmbedded } from '../../src/db/embedded.ts';
import { migrate } from '../../src/db/migrate.ts';
import { ROOT } from '../../src/lib/root.ts';
import { type Chrome, prepareChrome } from './chrome.ts';
import { databaseUrl } from './database-url.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where everything is kept that the run's processes print; stays until the next run. */
    outputDir: string;
    /** For what the run needs on disk; gone at its end. */
    tempDir: string;
    /** The run's PostgreSQL, and the migrated database that each test file's own is a copy of. */
    postgres: { url: string; template: string };
    chrome: Chrome | null;
  }
}

const TEMPLATE = 'template_of_tests';
const PREFIX = 'payresort-test-';

/** One PostgreSQL and one unpacked Chromium for the whole run. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const outputDir = openOutput();
  const tempDir = openTemp();
  let server: Embedded | null = null;
  const teardown = async () => {
    await server?.stop();
    rmSync(tempDir, { recursive: true, force: true });
  };
  try {
    server = await startEmbedded({
      dataDir: join(tempDir, 'postgresql'),
      durable: false,
      logFile: join(outputDir, 'postgresql.log'),
    });
    await makeTemplate(server.url);
    project.provide('outputDir', outputDir);
    project.provide('tempDir', tempDir);
    project.provide('postgres', { url: server.url, template: TEMPLATE });
    project.provide('chrome', prepareChrome());
    return teardown;
  } catch (error) {
    await teardown();
    throw error;
  }
}

async function makeTemplate(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  await sql.unsafe(`create database ${TEMPLATE}`);
  await sql.end();
  await migrate(databaseUrl(url, TEMPLATE));
}

/**
 * A folder per run, so that two runs in one checkout do not disturb each other; those of ended runs are
 * deleted.
 */
function openOutput(): string {
  const all = join(ROOT, 'test-output');
  mkdirSync(all, { recursive: true });
  sweep(all, 'run-');
  rmSync(join(all, 'result'), { force: true });
  const mine = join(all, `run-${process.pid}`);
  mkdirSync(mine, { recursive: true });
  return mine;
}

/** Others may pass through: PostgreSQL runs under another user when we are root. */
function openTemp(): string {
  sweep(tmpdir(), PREFIX);
  const path = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  chmodSync(path, 0o711);
  return path;
}

/** Deletes what runs left behind that were killed: the number behind the prefix is no living process's. */
function sweep(folder: string, prefix: string): void {
  for (const name of readdirSync(folder).filter((entry) => entry.startsWith(prefix))) {
    const pid = Number.parseInt(name.slice(prefix.length), 10);
    if (Number.isInteger(pid) && !isAlive(pid)) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
