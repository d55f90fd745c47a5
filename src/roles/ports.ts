import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

const CHILD_PORTS = ['SIMULATOR_PORT', 'SIMULATOR_ACQUIRER_PORT', 'SHOP_PORT', 'TOKEN_SHOP_PORT'] as const;
const Remembered = z.object({
  base: z.number(),
  PORT: z.number(),
  SIMULATOR_PORT: z.number(),
  SIMULATOR_ACQUIRER_PORT: z.number(),
  SHOP_PORT: z.number(),
  TOKEN_SHOP_PORT: z.number(),
});
type Remembered = z.infer<typeof Remembered>;

const RELEASE_MS = 5_000;

/**
 * The ports of one machine, as environment variables: those that are set, else the ones of the last start,
 * else PORT+1 to PORT+4 or free ones. Kept in DATA_DIR/ports.json, so that addresses stay the same over
 * restarts.
 */
export async function choosePorts(
  base: number,
  environment: Record<string, string | undefined>,
  dataDir: string,
): Promise<Record<string, string>> {
  const file = join(dataDir, 'ports.json');
  const last = recall(file, base);
  const chosen: Remembered = {
    base,
    PORT: base || (await freeOf(last?.PORT, true)),
    SIMULATOR_PORT: 0,
    SIMULATOR_ACQUIRER_PORT: 0,
    SHOP_PORT: 0,
    TOKEN_SHOP_PORT: 0,
  };
  for (const [index, name] of CHILD_PORTS.entries()) {
    const set = Number(environment[name] ?? 0);
    const taken = new Set([chosen.PORT, ...CHILD_PORTS.map((other) => chosen[other])]);
    chosen[name] = set || (await freeOf(last?.[name] ?? chosen.PORT + 1 + index, last !== null, taken));
  }
  const unfinished = `${file}.${randomBytes(4).toString('hex')}`;
  writeFileSync(unfinished, `${JSON.stringify(chosen, null, 2)}\n`);
  renameSync(unfinished, file);
  return Object.fromEntries(['PORT' as const, ...CHILD_PORTS].map((name) => [name, String(chosen[name])]));
}

/** A free port of 127.0.0.1. */
export function anyPort(): Promise<number> {
  return new Promise((found, failed) => {
    const probe = createServer().once('error', failed);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => found(address !== null && typeof address === 'object' ? address.port : 0));
    });
  });
}

/** Waits until nobody listens on a port any more; false when it stays taken. */
export async function isReleased(port: number, withinMs = RELEASE_MS): Promise<boolean> {
  for (let waitedMs = 0; ; waitedMs += 50) {
    if (await isFree(port)) return true;
    if (waitedMs >= withinMs) return false;
    await sleep(50);
  }
}

/** Waits until somebody listens on a port of this machine; false when nobody does in time. */
export async function isAnswering(port: number, withinMs: number): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < withinMs; waitedMs += 20) {
    if (await answers(port)) return true;
    await sleep(20);
  }
  return false;
}

/**
 * The port that is wanted, or another. One of the last start may still be held for a moment by what is
 * ending.
 */
async function freeOf(
  wanted: number | undefined,
  ofLastStart: boolean,
  taken?: Set<number>,
): Promise<number> {
  if (wanted && !taken?.has(wanted) && (await isReleased(wanted, ofLastStart ? RELEASE_MS : 0)))
    return wanted;
  const other = await anyPort();
  return taken?.has(other) ? freeOf(undefined, false, taken) : other;
}

function isFree(port: number): Promise<boolean> {
  if (port > 65_535) return Promise.resolve(false);
  return new Promise((answer) => {
    const probe = createServer().once('error', () => answer(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => answer(true)));
  });
}

function answers(port: number): Promise<boolean> {
  return new Promise((answer) => {
    const socket = connect(port, '127.0.0.1');
    const say = (yes: boolean) => {
      socket.destroy();
      answer(yes);
    };
    socket.once('connect', () => say(true)).once('error', () => say(false));
  });
}

/** What was chosen at the last start with the same PORT; a file that cannot be read counts as none. */
function recall(file: string, base: number): Remembered | null {
  if (!existsSync(file)) return null;
  try {
    const last = Remembered.parse(JSON.parse(readFileSync(file, 'utf8')));
    return last.base === base ? last : null;
  } catch {
    return null;
  }
}
