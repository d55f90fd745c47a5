import { writeFileSync } from 'node:fs';
import type { Config } from '../config.ts';
import { openDatabase } from '../db/client.ts';
import { type Deps, openBackground } from '../deps.ts';
import { lastCheck, type PageFinding } from '../integrity/checks.ts';
import { recentReports } from '../integrity/reports.ts';
import { wallClock } from '../lib/clock.ts';
import { openLog } from '../lib/log.ts';
import { openKeyProvider } from '../vault/key-provider.ts';
import { openKeyRing } from '../vault/keyring.ts';
import { writeBaseline } from '../web/integrity/baseline.ts';
import { checkPages } from '../web/integrity/check.ts';
import { inventoryFaults, writeInventory } from '../web/integrity/inventory.ts';
import { type Closers, openClosers } from './closers.ts';
import { locateDatabase } from './locate-database.ts';

type Command = (deps: Deps, args: string[]) => Promise<number>;

/** 0 intact; 1 failed; 2 asked wrongly; 3 something is not what was built, and was said. */
const INTACT = 0;
const ASKED_WRONGLY = 2;
const CHANGED = 3;

const COMMANDS: Record<string, Command> = { check, baseline, reports, status };

const USAGE = `integrity check [--url URL] [--baseline FILE]   compares our pages, as a browser gets them, with what was built
integrity status                                what the last check found
integrity reports [DAYS]                        breaches that browsers have reported, default of 7 days
integrity baseline FILE                         writes what this build answers, signed, to be checked elsewhere
integrity inventory [--write]                   compares the scripts with views/inventory.json
`;

/** `integrity …`: whether the payment page is what we built (docs/integrity.md). Answers the exit code. */
export async function runIntegrity(args: string[], readConfig: () => Promise<Config>): Promise<number> {
  const [name = '', ...rest] = args;
  if (name === 'inventory') return inventory(rest);
  const command = COMMANDS[name];
  if (command === undefined) return usage();
  const closers = openClosers();
  try {
    return await command(await openCheckDeps(await readConfig(), closers), rest);
  } finally {
    await closers.closeAll();
  }
}

/** What pages are composed from; no link to an acquirer and no listener. */
async function openCheckDeps(config: Config, closers: Closers): Promise<Deps> {
  if (config.keys === null) throw new Error('the commands of integrity need keys');
  const { databaseUrl } = await locateDatabase(config, closers);
  const { db, raw, close } = openDatabase(databaseUrl, 4);
  closers.add(close);
  return {
    config,
    db,
    raw,
    clock: wallClock,
    log: openLog('silent'),
    keys: openKeyRing(db, wallClock, openKeyProvider(config.keys.encryption), config.keyCacheMs),
    acquirers: { test: null, live: null },
    vouchers: { test: null, live: null },
    mailer: null,
    fetch,
    background: openBackground(() => {}),
    readiness: { ready: true },
  };
}

async function check(deps: Deps, args: string[]): Promise<number> {
  const url = optionOf(args, '--url');
  const path = optionOf(args, '--baseline');
  if (url !== undefined && !URL.canParse(url)) return usage();
  const findings = await checkPages(deps, {
    ...(url === undefined ? {} : { url }),
    ...(path === undefined ? {} : { baseline: path }),
  });
  return tell(findings, url ?? deps.config.publicUrl);
}

async function status(deps: Deps): Promise<number> {
  const last = await lastCheck(deps);
  if (last === null) {
    say('The pages were never checked.');
    return CHANGED;
  }
  say(`Checked ${last.checkedAt.toISOString()}.`);
  return tell(last.findings, last.url);
}

async function reports(deps: Deps, [days = '7']: string[]): Promise<number> {
  if (!/^\d{1,3}$/.test(days)) return usage();
  const kept = await recentReports(deps, Number(days));
  for (const { day, count, page, directive, blocked, source } of kept) {
    say(`${day}  ${count} ×  ${page}  ${directive}  blocked: ${blocked}  at: ${source || 'unknown'}`);
  }
  say(kept.length === 0 ? 'No browser has reported a breach.' : `${kept.length} kinds of breach.`);
  return INTACT;
}

async function baseline(deps: Deps, [path]: string[]): Promise<number> {
  if (path === undefined) return usage();
  writeFileSync(path, await writeBaseline(deps));
  say(`The baseline for ${deps.config.publicUrl} is in ${path}.`);
  return INTACT;
}

function inventory(args: string[]): number {
  if (args.includes('--write')) writeInventory();
  const faults = inventoryFaults();
  for (const fault of faults) say(fault);
  if (faults.length === 0) say('Every script and style sheet is in views/inventory.json, with its purpose.');
  return faults.length === 0 ? INTACT : CHANGED;
}

function tell(findings: PageFinding[], url: string): number {
  for (const { where, code, what, expected, found } of findings) {
    say(
      `${code}  ${where}  ${what}\n    expected: ${expected ?? 'nothing'}\n    found:    ${found ?? 'nothing'}`,
    );
  }
  say(findings.length === 0 ? `${url}: intact.` : `${url}: ${findings.length} differences.`);
  return findings.length === 0 ? INTACT : CHANGED;
}

function optionOf(args: string[], name: string): string | undefined {
  const at = args.indexOf(name);
  return at < 0 ? undefined : args[at + 1];
}

function usage(): number {
  process.stderr.write(USAGE);
  return ASKED_WRONGLY;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
