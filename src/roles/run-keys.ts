import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../config.ts';
import { type Database, openDatabase } from '../db/client.ts';
import type { Deps } from '../deps.ts';
import { SECOND, wallClock } from '../lib/clock.ts';
import { armSeam } from '../lib/seams.ts';
import { keyInventory } from '../vault/inventory.ts';
import { openKeyProvider } from '../vault/key-provider.ts';
import { openKeyRing, type RotatablePurpose } from '../vault/keyring.ts';
import { resealTable } from '../vault/reseal.ts';
import { type Retirement, retireKeys } from '../vault/retire.ts';
import { rewrapKeys } from '../vault/rewrap.ts';
import { openClosers } from './closers.ts';
import { combineKek, generateKek } from './kek-files.ts';
import { dueOf, inventoryTable, progressLine, retirementLine } from './keys-output.ts';
import { processesWithout } from './known-keks.ts';
import { type Located, locateDatabase } from './locate-database.ts';
import { SEALED_TABLES } from './sealed-tables.ts';

type KeyDeps = Pick<Deps, 'db' | 'clock' | 'config' | 'keys'> & {
  provider: ReturnType<typeof openKeyProvider>;
  raw: Database['raw'];
};
type Command = (deps: KeyDeps, args: string[]) => Promise<number>;

/** 0 done; 1 failed; 2 asked wrongly; 3 something is left to do, and was said. */
const DONE = 0;
const FAILED = 1;
const ASKED_WRONGLY = 2;
const LEFT_TO_DO = 3;

const ROTATABLE = ['card', 'merchant_secret', 'security_code'] as const satisfies readonly RotatablePurpose[];

const COMMANDS: Record<string, Command> = { status, rotate, reencrypt, retire, rewrap };

const USAGE = `keys status [--json]                     the inventory, and what is due
keys rotate [card|merchant_secret|security_code]   a new data key; without a purpose card and merchant_secret
keys reencrypt                           seals every row anew that an older key has sealed
keys retire [--wait]                     destroys older keys that nothing is sealed with
keys rewrap                              changes over to the first key-encryption key that is given
keys generate-kek SHARE_1 SHARE_2        draws a key-encryption key, into two files for two custodians
keys combine-kek SHARE_1 SHARE_2 FILE    puts it together, as the first line of a key file
`;

/** `keys …`: the commands of a key ceremony (docs/keys.md). Answers the exit code. */
export async function runKeys(args: string[], readConfig: () => Promise<Config>): Promise<number> {
  const [name = '', ...rest] = args;
  if (name === 'generate-kek' && rest.length === 2) return generateKek(rest);
  if (name === 'combine-kek' && rest.length === 3) return combineKek(rest);
  const command = COMMANDS[name];
  if (command === undefined) {
    process.stderr.write(USAGE);
    return ASKED_WRONGLY;
  }
  const closers = openClosers();
  try {
    const config = await locateDatabase(await readConfig(), closers);
    return await command(openKeyDeps(config, closers), rest);
  } finally {
    await closers.closeAll();
  }
}

function openKeyDeps(config: Located, closers: ReturnType<typeof openClosers>): KeyDeps {
  if (config.keys === null) throw new Error('the commands of keys need keys');
  if (config.killAt !== null) armSeam(config.killAt);
  const { db, raw, close } = openDatabase(config.databaseUrl, 4);
  closers.add(close);
  const provider = openKeyProvider(config.keys.encryption);
  const keys = openKeyRing(db, wallClock, provider, config.keyCacheMs);
  return { db, raw, clock: wallClock, config, keys, provider };
}

async function status(deps: KeyDeps, args: string[]): Promise<number> {
  const records = await keyInventory(deps, SEALED_TABLES);
  const due = dueOf(records, deps.provider.ids);
  if (args.includes('--json')) say(JSON.stringify({ keys: records, due }, null, 2));
  else {
    process.stdout.write(inventoryTable(records, deps.provider.ids));
    say(due.length === 0 ? 'Nothing is due.' : `Due:\n${due.map((line) => `  ${line}`).join('\n')}`);
  }
  return due.length === 0 ? DONE : LEFT_TO_DO;
}

async function rotate({ keys }: KeyDeps, args: string[]): Promise<number> {
  const asked = args.map((name) => ROTATABLE.find((purpose) => purpose === name));
  if (args.length > 1 || asked.includes(undefined)) {
    process.stderr.write(`keys rotate: one of ${ROTATABLE.join(', ')}. The other keys stay: docs/keys.md\n`);
    return ASKED_WRONGLY;
  }
  for (const purpose of asked[0] === undefined ? (['card', 'merchant_secret'] as const) : [asked[0]]) {
    const before = await keys.active(purpose);
    const { id } = await keys.rotate(purpose);
    say(`${purpose}: ${id} seals from now on; ${before.id} opens, until all is sealed anew (keys reencrypt)`);
  }
  return DONE;
}

async function reencrypt(deps: KeyDeps): Promise<number> {
  for (const table of SEALED_TABLES) {
    if (table.reseal === null) continue;
    await resealTable(deps, table, (progress) => say(progressLine(progress)));
  }
  return DONE;
}

async function retire(deps: KeyDeps, args: string[]): Promise<number> {
  for (;;) {
    const retirements = await retireKeys(deps, SEALED_TABLES);
    const waiting = retirements.some(mayStillGo);
    if (!waiting || !args.includes('--wait')) {
      for (const retirement of retirements) say(retirementLine(retirement));
      if (retirements.length === 0) say('There is no older key.');
      const left = retirements.filter(({ purpose }) => purpose !== 'security_code');
      return left.every(({ outcome }) => outcome === 'retired') ? DONE : LEFT_TO_DO;
    }
    for (const retirement of retirements) {
      if (retirement.outcome === 'retired') say(retirementLine(retirement));
    }
    await sleep(SECOND);
  }
}

/** Security-code keys go by themselves within a day: they are not waited for. */
function mayStillGo(retirement: Retirement): boolean {
  return retirement.outcome === 'too_young' && retirement.purpose !== 'security_code';
}

async function rewrap(deps: KeyDeps): Promise<number> {
  const [kekId = ''] = deps.provider.ids;
  const without = await processesWithout(deps.raw, kekId);
  if (without > 0) {
    process.stderr.write(
      `${without} running processes were not given ${kekId}: restart them with it first. Nothing was changed.\n`,
    );
    return FAILED;
  }
  const { rewrapped, retired } = await rewrapKeys(deps);
  say(`${kekId} wraps every key: ${rewrapped} were wrapped anew`);
  for (const id of retired)
    say(`${id} wraps nothing any more: take it out of every process, then destroy it`);
  return DONE;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
