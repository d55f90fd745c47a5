import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { allLogs } from '../audit/anchors.ts';
import { type Fault, type Finding, type TrustedKeys, trustedKeys, verifyLog } from '../audit/verify.ts';
import { storedAnchorFindings, toldAnchorFindings } from '../audit/verify-anchors.ts';
import type { Config } from '../config.ts';
import { type Db, openDatabase } from '../db/client.ts';
import { openClosers } from './closers.ts';
import { locateDatabase } from './locate-database.ts';

/** 0 holds; 1 failed; 2 asked wrongly; 3 something is not as it was recorded, and was said. */
const HOLDS = 0;
const ASKED_WRONGLY = 2;
const BROKEN = 3;

const USAGE = `audit verify [MERCHANT] [--anchors FILE] [--trust KEY]...
    goes through the audit log of a merchant, or of all: every entry, every link of the chain, every anchor
    --anchors FILE   also what was told outside the database (AUDIT_ANCHORS_FILE, or lines taken from the log)
    --trust KEY      a signing key of before: its public half, "x" of /.well-known/jwks.json at that time
`;

const WORDS: Record<Fault, string> = {
  changed: 'changed: not what was recorded, or not in this place',
  false_signature: 'false signature: made without the key',
  unknown_key: 'signed by a key that is not trusted (of before? name it with --trust)',
  out_of_chain: 'out of chain: does not follow the entry before',
  missing: 'missing',
  cut_off: 'cut off: an anchor tells of what is gone',
  replaced: 'replaced: not the entry that was anchored',
  false_anchor: 'false anchor: not signed by a key that is trusted',
};

/** `audit verify`: whether the audit logs hold (docs/audit.md). Answers the exit code. */
export async function runAudit(args: string[], readConfig: () => Promise<Config>): Promise<number> {
  const asked = parse(args);
  if (asked === null) {
    process.stderr.write(USAGE);
    return ASKED_WRONGLY;
  }
  const closers = openClosers();
  try {
    const config = await readConfig();
    const own = config.keys === null ? [] : [config.keys.signing.live.jwk.x];
    const keys = trustedKeys([...own, ...asked.trust]);
    const { databaseUrl } = await locateDatabase(config, closers);
    const { db, close } = openDatabase(databaseUrl, 2);
    closers.add(close);
    return await verify(db, keys, asked);
  } finally {
    await closers.closeAll();
  }
}

interface Asked {
  merchantId: string | null;
  anchors: string | null;
  trust: string[];
}

function parse([name, ...rest]: string[]): Asked | null {
  if (name !== 'verify') return null;
  const asked: Asked = { merchantId: null, anchors: null, trust: [] };
  for (let at = 0; at < rest.length; at += 1) {
    const word = rest[at] ?? '';
    const value = rest[at + 1];
    if (word === '--anchors' && value !== undefined) asked.anchors = value;
    else if (word === '--trust' && value !== undefined && /^[\w-]{43}$/.test(value)) asked.trust.push(value);
    else if (!word.startsWith('--') && asked.merchantId === null) {
      asked.merchantId = word;
      continue;
    } else return null;
    at += 1;
  }
  return asked;
}

async function verify(db: Db, keys: TrustedKeys, { merchantId, anchors }: Asked): Promise<number> {
  let findings = 0;
  const tell = ({ merchantId: id, fault, from, to }: Finding) => {
    findings += 1;
    say(`${id}  ${from === to ? `entry ${from}` : `entries ${from}–${to}`}  ${WORDS[fault]}`);
  };
  for (const id of merchantId === null ? await allLogs(db) : [merchantId]) {
    const before = findings;
    const { entries, last } = await verifyLog(db, id, keys, tell);
    for await (const finding of storedAnchorFindings(db, id, keys)) tell(finding);
    const upTo = last === null ? '' : `, up to ${last.at.toISOString()}`;
    say(`${id}  ${entries} entries${upTo}: ${findings === before ? 'holds' : 'does not hold'}`);
  }
  if (anchors !== null) {
    const lines = createInterface({ input: createReadStream(anchors), crlfDelay: Number.POSITIVE_INFINITY });
    for await (const finding of toldAnchorFindings(db, lines, merchantId, keys)) tell(finding);
  }
  say(findings === 0 ? 'Everything is as it was recorded.' : `${findings} findings.`);
  return findings === 0 ? HOLDS : BROKEN;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
