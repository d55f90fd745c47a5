import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  linkSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { as, SERVER_ENVIRONMENT, type ServerUser } from './embedded-user.ts';

interface LaunchOptions {
  native: string;
  cluster: string;
  user: ServerUser | null;
  durable: boolean;
  logFile: string;
}

interface RunningServer {
  port: number;
  stop(): Promise<void>;
}

const STOP_MS = 10_000;
const START_MS = 30_000;
const LOG_BYTES = 10_000_000;

/** Starts `postgres` on a free port and waits until it takes connections. */
export async function launch(options: LaunchOptions): Promise<RunningServer> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const child = spawnServer(options, port);
    if (await isReady(child, options.cluster)) return { port, stop: () => end(child) };
    await end(child);
    // The port may have been taken meanwhile, or the last server's memory not yet be let go.
    if (attempt === 3) throw new Error(`PostgreSQL does not start:\n${lastLines(options.logFile)}`);
    await sleep(500);
  }
}

/**
 * Names this process as the one that runs the cluster; the answer gives that up. Throws when a living
 * process has it. PostgreSQL's own lock file guards the data besides.
 */
export function takeOwnership(place: string): () => void {
  const file = join(place, 'owner');
  const mine = `${process.pid} ${startOf(process.pid)}`;
  const claim = `${file}.${process.pid}`;
  if (existsSync(file)) {
    const owner = readFileSync(file, 'utf8');
    const pid = Number(owner.split(' ')[0]);
    if (owner === `${pid} ${startOf(pid)}`)
      throw new Error(`process ${pid} already runs on the data in ${place}`);
    rmSync(file, { force: true });
  }
  writeFileSync(claim, mine);
  try {
    linkSync(claim, file);
  } catch (cause) {
    throw new Error(`another process has just started on the data in ${place}`, { cause });
  } finally {
    rmSync(claim, { force: true });
  }
  return () => rmSync(file, { force: true });
}

/**
 * Ends a server that outlived its parent, and clears away a lock file that names a process which is no
 * server.
 */
export async function endLeftOver(cluster: string): Promise<void> {
  const lockFile = join(cluster, 'postmaster.pid');
  if (!existsSync(lockFile)) return;
  const pid = Number(readFileSync(lockFile, 'utf8').split('\n')[0]);
  for (const [signal, waitMs] of [
    ['SIGINT', STOP_MS],
    ['SIGQUIT', STOP_MS],
    ['SIGKILL', 1_000],
  ] as const) {
    if (!isServer(pid, cluster)) return rmSync(lockFile, { force: true });
    process.kill(pid, signal);
    for (let waitedMs = 0; waitedMs < waitMs && isServer(pid, cluster); waitedMs += 20) await sleep(20);
  }
  if (isServer(pid, cluster)) throw new Error(`PostgreSQL process ${pid} from an earlier start does not end`);
}

/**
 * The server, with a guard beside it that reads from our pipe. A line means we ended it ourselves; the end
 * of the pipe means we died, in whatever way: then the guard shuts the server down. It is not the server's
 * own child, whose death the server would take for a crash.
 */
function spawnServer(options: LaunchOptions, port: number): ChildProcess {
  const guard = '( { read -r _ <&3 || kill -INT $$; } 2>/dev/null & ); exec 3<&-; exec "$0" "$@"';
  const binary = join(options.native, 'bin/postgres');
  const settings = Object.entries(settingsOf(options, port)).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const tooLong = existsSync(options.logFile) && statSync(options.logFile).size > LOG_BYTES;
  const log = openSync(options.logFile, tooLong ? 'w' : 'a', 0o600);
  const child = spawn('/bin/sh', ['-c', guard, binary, '-D', options.cluster, ...settings], {
    ...as(options.user),
    cwd: '/',
    env: SERVER_ENVIRONMENT,
    // A session of its own: Ctrl-C in the terminal is for us, who end the server last.
    detached: true,
    stdio: ['ignore', log, log, 'pipe'],
  });
  closeSync(log);
  const pipe = pipeOf(child);
  pipe.on('error', () => {});
  child.once('exit', () => pipe.end('\n'));
  return child;
}

function settingsOf(options: LaunchOptions, port: number): Record<string, string | number> {
  const safety = options.durable ? 'on' : 'off';
  return {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 300,
    timezone: 'UTC',
    fsync: safety,
    full_page_writes: safety,
    synchronous_commit: safety,
    // Failed statements and the rows they name stay out of the log: they may hold what nobody should read.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_parameter_max_length_on_error: 0,
  };
}

async function isReady(child: ChildProcess, cluster: string): Promise<boolean> {
  const lockFile = join(cluster, 'postmaster.pid');
  for (let waitedMs = 0; waitedMs < START_MS && isRunning(child); waitedMs += 10) {
    await sleep(10);
    if (!existsSync(lockFile)) continue;
    const lines = readFileSync(lockFile, 'utf8').split('\n');
    if (Number(lines[0]) === child.pid && lines[7]?.trim() === 'ready') return true;
  }
  return false;
}

async function end(child: ChildProcess): Promise<void> {
  if (!isRunning(child)) return;
  const ended = new Promise((done) => child.once('exit', done));
  child.kill('SIGINT');
  const timer = setTimeout(() => child.kill('SIGQUIT'), STOP_MS);
  await ended;
  clearTimeout(timer);
}

function isRunning(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

/** The write end of descriptor 3, which `spawnServer` asked for. */
function pipeOf(child: ChildProcess): NodeJS.WritableStream {
  return child.stdio[3] as NodeJS.WritableStream;
}

/** Whether a process is the PostgreSQL of this cluster, and not something else that has got its number. */
function isServer(pid: number, cluster: string): boolean {
  const command = existsSync('/proc/self/cmdline') ? linuxCommand(pid) : ps(pid, 'command=');
  return command.includes('postgres') && command.includes(`-D ${cluster}`);
}

/** What tells a process from a later one with the same number; empty when there is none. */
function startOf(pid: number): string {
  if (!existsSync('/proc/self/stat')) return ps(pid, 'lstart=');
  try {
    // State and start time, fields 3 and 22, counted behind the name, which may hold spaces and brackets.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return fields[0] === 'Z' ? '' : (fields[19] ?? '');
  } catch {
    return '';
  }
}

function linuxCommand(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

function ps(pid: number, field: string): string {
  return spawnSync('ps', ['-o', field, '-p', String(pid)], { encoding: 'utf8' }).stdout.trim();
}

function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const probe = createServer().once('error', failed);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => found(address !== null && typeof address === 'object' ? address.port : 0));
    });
  });
}

function lastLines(file: string): string {
  return readFileSync(file, 'utf8').split('\n').slice(-15).join('\n');
}
