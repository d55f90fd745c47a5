import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, closeSync, mkdtempSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { inject } from 'vitest';
import { ROOT } from '../../src/lib/root.ts';
import { createDatabase } from './database.ts';

/** DATA_DIR/demo.json (contract, section 10). */
export interface Demo {
  base_url: string;
  merchant_id: string;
  secret_key: string;
  publishable_key: string;
  entry_secret: string;
  webhook_secret: string;
  simulator_url: string;
  shop_url: string;
  token_shop_url: string;
  console: { url: string; login_id: string; password: string; totp_secret: string };
  admin: null;
}

export interface Running {
  pid: number;
  /** What it and its children print, from the first start on. */
  outputFile: string;
  /** Sends the signal and waits for the end; null for a death by signal, else the exit code. */
  kill(signal: 'SIGKILL' | 'SIGTERM' | 'SIGINT'): Promise<number | null>;
  /** Resolves when it ends, by itself or by a signal. */
  ended: Promise<number | null>;
  /** Starts it again (after its end) with the same settings, changed by `env`; waits until it is ready. */
  restart(env?: Variables): Promise<void>;
}

export interface Stack extends Running {
  baseUrl: string;
  dataDir: string;
  databaseUrl: string | null;
  demo: Demo;
  /** SIGTERM, unless it has ended, and everything it had is gone. */
  stop(): Promise<void>;
}

export type Variables = Record<string, string | undefined>;
export type RunnableRole = 'web' | 'serve' | 'worker' | 'simulator';

const DIE_WITH_PARENT = pathToFileURL(join(ROOT, 'dist/src/roles/die-with-parent.js')).href;
const READY_MS = 40_000;

/**
 * The whole machine (`npm start`'s program, built) on ports and a DATA_DIR of its own, ready. Its database
 * is a new one on the run's server, or with `embedded` its own server. It dies with the test process; call
 * `stop()` all the same.
 */
export async function startStack(options: { env?: Variables; embedded?: boolean } = {}): Promise<Stack> {
  const name = `stack-${randomBytes(4).toString('hex')}`;
  const dataDir = makeDataDir(name);
  const database = options.embedded ? null : await createDatabase();
  const port = await consecutivePorts(5);
  const env = { PORT: String(port), DATA_DIR: dataDir, DATABASE_URL: database?.url, ...options.env };
  const baseUrl = `http://localhost:${port}`;
  const running = await startProcess(name, [], env, () => answers(`http://127.0.0.1:${port}/readyz`));
  const demo = readJson(join(dataDir, 'demo.json'), (value) => value as Demo);
  const stop = async () => {
    await running.kill('SIGTERM');
    await database?.drop();
  };
  return Object.assign(running, { baseUrl, dataDir, databaseUrl: database?.url ?? null, demo, stop });
}

/**
 * One role alone. `env` must say everything it is to share with others: DATABASE_URL, DATA_DIR (keys),
 * PUBLIC_URL, SIMULATOR_PORT and SIMULATOR_ACQUIRER_PORT. A web role gets a free port as `baseUrl`, unless
 * PORT is set.
 */
export async function startRole(role: RunnableRole, env: Variables): Promise<Running & { baseUrl: string }> {
  const name = `${role}-${randomBytes(4).toString('hex')}`;
  const port = env.PORT ?? String(role === 'simulator' ? 0 : await consecutivePorts(1));
  const all = { DATA_DIR: makeDataDir(name), ...env, PORT: port };
  const readiness = {
    web: () => answers(`http://127.0.0.1:${port}/readyz`),
    serve: () => answers(`http://127.0.0.1:${port}/readyz`),
    simulator: () => answers(`http://127.0.0.1:${env.SIMULATOR_PORT}/healthz`),
    worker: (output: string) => Promise.resolve(output.includes('"msg":"ready"')),
  } satisfies Record<RunnableRole, (output: string) => Promise<boolean>>;
  const running = await startProcess(name, [role], all, readiness[role]);
  return Object.assign(running, { baseUrl: `http://127.0.0.1:${port}` });
}

/** A command of the program, run to its end; `code` is null for a death by signal. */
export async function runMain(
  args: string[],
  env: Variables,
): Promise<{ code: number | null; output: string }> {
  const outputFile = join(inject('outputDir'), `${args[0]}-${randomBytes(4).toString('hex')}.log`);
  const code = await endOf(spawnMain(args, env, outputFile));
  return { code, output: readFileSync(outputFile, 'utf8') };
}

/** The program of another folder, with nothing of this one's environment; not waited for. */
export function startFrom(folder: string, args: string[], env: Variables): Pick<Running, 'kill' | 'ended'> {
  const outputFile = join(inject('outputDir'), `${args[0]}-${randomBytes(4).toString('hex')}.log`);
  const child = spawnMain(args, env, outputFile, folder);
  const ended = endOf(child);
  return {
    ended,
    kill: (signal) => {
      child.kill(signal);
      return ended;
    },
  };
}

/** A new folder that PostgreSQL's user may pass through. */
export function makeDataDir(name: string): string {
  const path = mkdtempSync(join(inject('tempDir'), `${name}-`));
  chmodSync(path, 0o711);
  return path;
}

/** The first of `count` free ports in a row, below the range that outgoing connections are given. */
export async function consecutivePorts(count: number): Promise<number> {
  for (;;) {
    const first = 10_000 + Math.floor(Math.random() * 20_000);
    const ports = Array.from({ length: count }, (_, index) => first + index);
    if ((await Promise.all(ports.map(isFree))).every((free) => free)) return first;
  }
}

async function startProcess(
  name: string,
  args: string[],
  first: Variables,
  isReady: (output: string) => Promise<boolean>,
): Promise<Running> {
  const outputFile = join(inject('outputDir'), `${name}.log`);
  let env = first;
  let child = spawnMain(args, env, outputFile);
  const running: Running = {
    pid: child.pid ?? 0,
    outputFile,
    ended: endOf(child),
    kill: (signal) => {
      child.kill(signal);
      return running.ended;
    },
    restart: async (changes = {}) => {
      await running.ended;
      env = { ...env, ...changes };
      child = spawnMain(args, env, outputFile);
      Object.assign(running, { pid: child.pid, ended: endOf(child) });
      await untilReady(child, outputFile, isReady);
    },
  };
  await untilReady(child, outputFile, isReady);
  return running;
}

function spawnMain(args: string[], env: Variables, outputFile: string, folder = ROOT): ChildProcess {
  const output = openSync(outputFile, 'a');
  const main = join(folder, 'dist/src/main.js');
  const child = spawn(process.execPath, ['--import', DIE_WITH_PARENT, main, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, LANG: 'C.UTF-8', ...env },
    stdio: ['pipe', output, output],
  });
  closeSync(output);
  return child;
}

function endOf(child: ChildProcess): Promise<number | null> {
  return new Promise((ended) => child.once('exit', (code) => ended(code)));
}

/** Throws with what the process printed when it ends or is not ready in time. */
async function untilReady(
  child: ChildProcess,
  outputFile: string,
  isReady: (output: string) => Promise<boolean>,
): Promise<void> {
  const from = readFileSync(outputFile, 'utf8').length;
  const text = () => readFileSync(outputFile, 'utf8');
  for (let waitedMs = 0; waitedMs < READY_MS; waitedMs += 25) {
    if (await isReady(text().slice(from))) return;
    if (child.exitCode !== null || child.signalCode !== null) break;
    await sleep(25);
  }
  child.kill('SIGKILL');
  throw new Error(`not ready: ${child.signalCode ?? child.exitCode ?? 'too slow'}\n${text().slice(-4_000)}`);
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((answer) => {
    const probe = createServer().once('error', () => answer(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => answer(true)));
  });
}

/** For files that the program under test wrote by contract. */
function readJson<T>(path: string, shape: (value: unknown) => T): T {
  return shape(JSON.parse(readFileSync(path, 'utf8')));
}
