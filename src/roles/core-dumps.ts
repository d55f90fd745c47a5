import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * A core dump of this process would hold keys and card numbers. Node.js cannot lower its own limit, so `prlimit` of
 * util-linux is asked to. Answers whether the kernel writes none now; null where that cannot be seen (not Linux).
 * A kernel that hands dumps to a program (`core_pattern` with a pipe) may disregard the limit: docs/keys.md.
 */
export function switchCoreDumpsOff(): boolean | null {
  if (coreLimit() === 0) return true;
  spawnSync('prlimit', ['--core=0:0', '--pid', String(process.pid)], { stdio: 'ignore' });
  const limit = coreLimit();
  return limit === null ? null : limit === 0;
}

/** Bytes; `Infinity` for unlimited; null where it is not told. */
function coreLimit(): number | null {
  try {
    const soft = /^Max core file size\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    if (soft === undefined) return null;
    return soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft);
  } catch {
    return null;
  }
}
