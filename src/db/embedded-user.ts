import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The account the server runs under when we are root. */
export interface ServerUser {
  name: string;
  uid: number;
  gid: number;
}

/** Null when the server can run as ourselves; else `postgres`, or `nobody` where that account is missing. */
export function serverUser(): ServerUser | null {
  if (process.getuid?.() !== 0) return null;
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const wanted of ['postgres', 'nobody']) {
    const account = accounts.find(([name]) => name === wanted);
    if (account) return { name: wanted, uid: Number(account[2]) >>> 0, gid: Number(account[3]) >>> 0 };
  }
  return { name: 'nobody', uid: 65_534, gid: 65_534 };
}

/** Whether the server's user can enter a folder, or run a file, with everything above it. */
export function canReach(user: ServerUser | null, path: string): boolean {
  if (user === null) return true;
  const { status } = spawnSync('/bin/sh', ['-c', 'test -x "$0"', path], {
    ...as(user),
    cwd: '/',
  });
  return status === 0;
}

/** Runs a program of the package to its end. Throws with what it said when it fails. */
export function runAs(user: ServerUser | null, file: string, args: string[]): void {
  const { status, signal, error, stdout, stderr } = spawnSync(file, args, {
    ...as(user),
    cwd: '/',
    env: SERVER_ENVIRONMENT,
    encoding: 'utf8',
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${file} failed (${signal ?? status}):\n${stdout}${stderr}`);
}

/** Nothing of ours is inherited: neither secrets nor PG… variables that would change the server. */
export const SERVER_ENVIRONMENT = { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin:/usr/sbin:/sbin' };

export function as(user: ServerUser | null): { uid?: number; gid?: number } {
  return user === null ? {} : { uid: user.uid, gid: user.gid };
}
