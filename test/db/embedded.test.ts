import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import postgres from 'postgres';
import { beforeEach, expect, inject, onTestFinished, test, vi } from 'vitest';
import { type Embedded, startEmbedded } from '../../src/db/embedded.ts';
import { ROOT } from '../../src/lib/root.ts';

const asRoot = process.getuid?.() === 0;
let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(inject('tempDir'), 'embedded-'));
  chmodSync(dataDir, 0o711);
});

test('data outlives a stop: the next start finds it', async () => {
  const first = await start(dataDir);
  await query(first.url, 'create table kept as select 42 as value');
  await first.stop();
  await expect(query(first.url, 'select 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });

  const second = await start(dataDir);
  expect(await query(second.url, 'select value from kept')).toEqual([{ value: 42 }]);
});

test('the password is asked for', async () => {
  const { url } = await start(dataDir);
  const wrong = new URL(url);
  wrong.password = 'wrong';
  await expect(query(wrong.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
});

test('a process on the data keeps others out, in words; starts on other data do not mind', async () => {
  const [one, two] = await Promise.allSettled([start(dataDir), start(dataDir)]);
  expect([one, two].map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
  await expect(start(dataDir)).rejects.toThrow(`process ${process.pid} already runs on the data`);
  await start(join(dataDir, 'other'));
});

test('after a SIGKILL of its parent the server stops by itself and no committed row is lost', async () => {
  const { child, url } = await startInChild(dataDir);
  await query(url, 'create table kept as select 42 as value');
  await killed(child);
  await vi.waitFor(() => expect(canConnect(url)).resolves.toBe(false), { timeout: 10_000, interval: 20 });
  await vi.waitFor(() => expect(serversOn(dataDir)).toEqual([]), { timeout: 10_000, interval: 20 });

  const next = await start(dataDir);
  expect(await query(next.url, 'select value from kept')).toEqual([{ value: 42 }]);
});

test('a start right after a SIGKILL ends the server that is left over, even without its guard', async () => {
  const { child, url } = await startInChild(dataDir);
  await query(url, 'create table kept as select 42 as value');
  for (const guard of guardsOn(dataDir)) process.kill(guard, 'SIGKILL');
  await killed(child);

  const next = await start(dataDir);
  expect(await query(next.url, 'select value from kept')).toEqual([{ value: 42 }]);
  expect(serversOn(dataDir)).toHaveLength(1);
});

test('a lock file that names a process which is no server does not hinder the start', async () => {
  const { child } = await startInChild(dataDir);
  for (const pid of [...guardsOn(dataDir), ...serversOn(dataDir)]) process.kill(pid, 'SIGKILL');
  await killed(child);
  await vi.waitFor(() => expect(serversOn(dataDir)).toEqual([]), { timeout: 10_000, interval: 20 });
  const lockFile = join(dataDir, 'postgresql/data/postmaster.pid');
  writeFileSync(lockFile, readFileSync(lockFile, 'utf8').replace(/^\d+/, String(process.pid)));

  const next = await start(dataDir);
  expect(await query(next.url, 'select 1 as value')).toEqual([{ value: 1 }]);
});

test.runIf(asRoot)(
  'a closed home does not hinder root: the data is kept elsewhere and found again',
  async () => {
    const home = join(dataDir, 'home');
    const sharedHome = join(dataDir, 'shared');
    mkdirSync(home, { mode: 0o700 });
    const first = await start(join(home, 'data'), sharedHome);
    await query(first.url, 'create table kept as select 42 as value');
    await first.stop();
    expect(readdirSync(join(home, 'data'))).toEqual(['postgresql-is-at']);

    const second = await start(join(home, 'data'), sharedHome);
    expect(await query(second.url, 'select value from kept')).toEqual([{ value: 42 }]);
    await second.stop();

    rmSync(join(home, 'data'), { recursive: true });
    const afresh = await start(join(home, 'data'), sharedHome);
    expect(await query(afresh.url, `select to_regclass('kept') as kept`)).toEqual([{ kept: null }]);
  },
);

async function start(dir: string, sharedHome?: string): Promise<Embedded> {
  const embedded = await startEmbedded({ dataDir: dir, durable: false, sharedHome });
  onTestFinished(() => embedded.stop());
  return embedded;
}

/** The built launcher in a process of its own, which can be killed. */
async function startInChild(dir: string): Promise<{ child: ChildProcess; url: string }> {
  const launcher = pathToFileURL(join(ROOT, 'dist/src/db/embedded.js')).href;
  const script = `
    import { startEmbedded } from ${JSON.stringify(launcher)};
    const { url } = await startEmbedded({ dataDir: ${JSON.stringify(dir)}, durable: true });
    process.stdout.write(url + '\\n');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  for await (const url of createInterface({ input: child.stdout })) return { child, url };
  throw new Error('the child ended without an address');
}

async function killed(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

async function query(url: string, text: string): Promise<object[]> {
  const sql = postgres(url, { max: 1, onnotice: () => {}, connect_timeout: 5 });
  try {
    return [...(await sql.unsafe(text))];
  } finally {
    await sql.end({ timeout: 1 });
  }
}

function canConnect(url: string): Promise<boolean> {
  return new Promise((answer) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.once('connect', () => answer(true)).once('error', () => answer(false));
    socket.once('connect', () => socket.destroy());
  });
}

function serversOn(dir: string): number[] {
  return processes().flatMap(([pid, command]) =>
    command.includes(`bin/postgres -D ${dir}/`) && !command.startsWith('/bin/sh') ? [pid] : [],
  );
}

function guardsOn(dir: string): number[] {
  return processes().flatMap(([pid, command]) =>
    command.startsWith('/bin/sh') && command.includes(`-D ${dir}/`) ? [pid] : [],
  );
}

function processes(): [number, string][] {
  if (existsSync('/proc/self/cmdline')) {
    return readdirSync('/proc').flatMap((name) =>
      /^\d+$/.test(name) ? [[Number(name), commandOf(name)]] : [],
    );
  }
  const { stdout } = spawnSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' });
  return stdout.split('\n').map((line) => {
    const [, pid = '0', command = ''] = /^\s*(\d+) (.*)$/.exec(line) ?? [];
    return [Number(pid), command];
  });
}

/** Empty for a process that has ended meanwhile. */
function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
