import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Log } from '../lib/log.ts';
import { ROOT } from '../lib/root.ts';
import { isReleased } from './ports.ts';

export interface ChildOptions {
  name: string;
  /** File to run, below the package's own folder. */
  file: string;
  args?: string[];
  /** All it gets besides what any program needs; none of our secrets. */
  env: Record<string, string>;
  /** Where it will listen: a copy left over from an earlier start is waited for. */
  ports: number[];
  log: Log;
}

export interface Child {
  stop(): Promise<void>;
}

const STOP_MS = 5_000;
const PASSED_ON = ['PATH', 'HOME', 'LANG', 'TZ', 'TMPDIR', 'NODE_ENV', 'NODE_EXTRA_CA_CERTS', 'NODE_OPTIONS'];
const DIE_WITH_PARENT = pathToFileURL(join(ROOT, 'dist/src/roles/die-with-parent.js')).href;

/**
 * Keeps a program running beside us: started again, ever more slowly, when it dies; ended by `stop()` and
 * when we die. `inherited` is our own environment.
 */
export function keepRunning(options: ChildOptions, inherited: Record<string, string | undefined>): Child {
  const stopping = new AbortController();
  let child: ChildProcess | null = null;
  const running = (async () => {
    for (let deaths = 0; !stopping.signal.aborted; deaths += 1) {
      await Promise.all(options.ports.map((port) => isReleased(port)));
      if (stopping.signal.aborted) return;
      child = start(options, inherited);
      options.log.info({ child: options.name, pid: child.pid }, 'started a child process');
      const how = await ended(child);
      if (stopping.signal.aborted) return;
      options.log.error({ child: options.name, how }, 'a child process died and is started again');
      await sleep(Math.min(200 * 2 ** deaths, 5_000), null, { signal: stopping.signal }).catch(() => {});
    }
  })();
  return {
    stop: async () => {
      stopping.abort();
      child?.kill('SIGTERM');
      const force = setTimeout(() => child?.kill('SIGKILL'), STOP_MS);
      await running;
      clearTimeout(force);
    },
  };
}

function start(options: ChildOptions, inherited: Record<string, string | undefined>): ChildProcess {
  const basics = PASSED_ON.flatMap((name) =>
    inherited[name] === undefined ? [] : [[name, inherited[name]]],
  );
  const args = ['--import', DIE_WITH_PARENT, join(ROOT, options.file), ...(options.args ?? [])];
  return spawn(process.execPath, args, {
    env: { ...Object.fromEntries(basics), ...options.env },
    stdio: ['pipe', 'inherit', 'inherit'],
    // A session of its own: a signal for our whole group would end it before we are done with it.
    detached: true,
  });
}

function ended(child: ChildProcess): Promise<string> {
  return new Promise((done) => {
    child
      .once('exit', (code, signal) => done(signal ?? `exit ${code}`))
      .once('error', (error) => done(error.name));
  });
}
