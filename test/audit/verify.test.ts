import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { and, eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anchorLogs, parseAnchor } from '../../src/audit/anchors.ts';
import { hashOf, signHash } from '../../src/audit/entry.ts';
import { note } from '../../src/audit/note.ts';
import { record } from '../../src/audit/record.ts';
import { type Finding, trustedKeys, verifyLog } from '../../src/audit/verify.ts';
import { anchorFindings } from '../../src/audit/verify-anchors.ts';
import { inTransaction } from '../../src/db/client.ts';
import { auditEntries } from '../../src/db/schema.ts';
import type { Merchant } from '../../src/merchants/merchant.ts';
import { openWorld, type World } from '../support/world.ts';

const anchorsFile = join(mkdtempSync(join(tmpdir(), 'anchors-')), 'anchors.jsonl');
let world: World;
beforeAll(async () => {
  world = await openWorld({ environment: { AUDIT_ANCHORS_FILE: anchorsFile } });
});
afterAll(() => world.close());

const ENTRIES = 8;

/** A merchant whose log has eight entries, four from its keys. */
async function logged(): Promise<Merchant> {
  const merchant = await (await world.merchant()).as('test');
  const origin = '192.0.2.7';
  const actor = { kind: 'user', id: 'usr_1', name: '髙橋 "一郎"', role: 'owner' } as const;
  for (let amount = 1; amount <= ENTRIES - 4; amount += 1) {
    world.clock.advance(1_234);
    const details = { reason: '返品 ✓', amount, partly: true, operation: null };
    await note(
      world.deps,
      { ...merchant, acting: { actor, origin } },
      { action: 'payment.refund', target: 'pay_1', details },
    );
  }
  return merchant;
}

const ownKey = () => world.deps.config.keys?.signing.live ?? raise();

async function verify(merchantId: string, ...further: string[]): Promise<string[]> {
  const findings: Finding[] = [];
  const keys = trustedKeys([ownKey().jwk.x, ...further]);
  await verifyLog(world.deps.db, merchantId, keys, (finding) => findings.push(finding));
  return findings.map(({ fault, from, to }) => `${fault} ${from}${to === from ? '' : `–${to}`}`);
}

async function verifyAnchors(merchantId: string): Promise<string[]> {
  const anchors = readFileSync(anchorsFile, 'utf8').trim().split('\n').map(parseAnchor);
  const keys = trustedKeys([ownKey().jwk.x]);
  const findings = await anchorFindings(
    world.deps.db,
    anchors.filter((each) => each !== null),
    keys,
  );
  return findings
    .filter((each) => each.merchantId === merchantId)
    .map(({ fault, from }) => `${fault} ${from}`);
}

/** As somebody does who owns the database: the trigger is no hindrance. */
async function tamper(change: (tx: Parameters<Parameters<typeof inTransaction>[2]>[0]) => Promise<unknown>) {
  await inTransaction(world.deps.db, 'test.tamper', async (tx) => {
    await tx.execute(sql`alter table audit_entries disable trigger user`);
    await change(tx);
    await tx.execute(sql`alter table audit_entries enable trigger user`);
  });
}

test('a log as it was recorded holds, with every kind of value in it', async () => {
  const { merchantId } = await logged();
  expect(await verify(merchantId)).toEqual([]);
});

const EDITS: Record<string, string> = {
  merchant_id: "'A199999990'",
  sequence: '50',
  at: "at + interval '1 millisecond'",
  mode: "'live'",
  actor: `actor || '{"name":"somebody else"}'`,
  action: "'payment.seen'",
  outcome: "'failure'",
  origin: "'198.51.100.1'",
  target: "'pay_2'",
  details: `details || '{"amount":999}'`,
  previous_hash: "decode(repeat('ab', 32), 'hex')",
  hash: "decode(repeat('ab', 32), 'hex')",
  signature: "decode(repeat('ab', 64), 'hex')",
  key_id: "'another'",
};

describe('an edit of each column is found', () => {
  test('there is no column that is not tried', () => {
    const columns = Object.values(auditEntries).flatMap((column) =>
      typeof column === 'object' && column !== null && 'name' in column ? [column.name] : [],
    );
    expect(Object.keys(EDITS).sort()).toEqual(columns.sort());
  });

  test.each(Object.entries(EDITS))('%s', async (column, value) => {
    const { merchantId } = await logged();
    const where = sql`merchant_id = ${merchantId} and sequence = 6`;
    await tamper((tx) =>
      tx.execute(sql`update audit_entries set ${sql.raw(column)} = ${sql.raw(value)} where ${where}`),
    );
    expect(await verify(merchantId)).toEqual(expect.arrayContaining([expect.any(String)]));
    // Whoever cleans up after a move leaves this database as it was.
    if (column === 'merchant_id') expect(await verify('A199999990')).toContain('changed 6');
  });
});

/** What a row becomes in the hands of somebody who has no key of ours. */
async function rehash(
  tx: Parameters<typeof record>[0],
  merchantId: string,
  from: number,
  forger: typeof FORGER,
) {
  const rows = await tx
    .select()
    .from(auditEntries)
    .where(and(eq(auditEntries.merchantId, merchantId), sql`sequence >= ${from - 1}`))
    .orderBy(auditEntries.sequence);
  let previousHash = rows[0]?.hash ?? raise();
  for (const row of rows.slice(1)) {
    const changed = { ...row, previousHash, details: { amount: 1_000_000 } };
    const hash = hashOf(changed);
    const values = { ...changed, hash, signature: signHash(hash, forger.privateKey) };
    await tx
      .update(auditEntries)
      .set(values)
      .where(and(eq(auditEntries.merchantId, merchantId), eq(auditEntries.sequence, row.sequence)));
    previousHash = hash;
  }
}

const FORGER = generateKeyPairSync('ed25519');
const FORGERS_X = FORGER.publicKey.export({ format: 'jwk' }).x ?? '';

type Tamper = (tx: Parameters<typeof record>[0], merchantId: string) => Promise<unknown>;

const DEEDS: [string, string[], Tamper][] = [
  [
    'one deleted in the middle',
    ['missing 6'],
    (tx, id) => tx.execute(sql`delete from audit_entries where merchant_id = ${id} and sequence = 6`),
  ],
  [
    'the first ones deleted',
    ['missing 1–3'],
    (tx, id) => tx.execute(sql`delete from audit_entries where merchant_id = ${id} and sequence <= 3`),
  ],
  [
    'one deleted, and the rest moved up',
    ['out_of_chain 6', 'changed 6–7'],
    async (tx, id) => {
      await tx.execute(sql`delete from audit_entries where merchant_id = ${id} and sequence = 6`);
      for (const sequence of [7, 8])
        await tx.execute(
          sql`update audit_entries set sequence = ${sequence - 1} where merchant_id = ${id} and sequence = ${sequence}`,
        );
    },
  ],
  [
    'one inserted at the end, without the key',
    ['false_signature 9'],
    async (tx, id) => {
      const [last] = await tx
        .select()
        .from(auditEntries)
        .where(and(eq(auditEntries.merchantId, id), eq(auditEntries.sequence, ENTRIES)));
      if (last === undefined) throw new Error('no entry');
      const entry = { ...last, sequence: ENTRIES + 1, previousHash: last.hash };
      const hash = hashOf(entry);
      await tx
        .insert(auditEntries)
        .values({ ...entry, hash, signature: sign(null, hash, FORGER.privateKey) });
    },
  ],
  [
    'two that changed places',
    ['out_of_chain 6–8', 'changed 6–7'],
    async (tx, id) => {
      for (const [from, to] of [
        [6, 60],
        [7, 6],
        [60, 7],
      ])
        await tx.execute(
          sql`update audit_entries set sequence = ${to} where merchant_id = ${id} and sequence = ${from}`,
        );
    },
  ],
  ['the chain hashed anew without the key', ['false_signature 5–8'], (tx, id) => rehash(tx, id, 5, FORGER)],
];

describe('found in the rows alone', () => {
  test.each(DEEDS)('%s', async (_, findings, deed) => {
    const { merchantId } = await logged();
    await tamper((tx) => deed(tx, merchantId));
    expect((await verify(merchantId)).sort()).toEqual(findings.sort());
  });
});

test('an entry of another merchant’s log is none of this one', async () => {
  const [one, other] = [await logged(), await logged()];
  await tamper(async (tx) => {
    await tx.execute(sql`delete from audit_entries where merchant_id = ${other.merchantId} and sequence = 8`);
    await tx.execute(
      sql`update audit_entries set merchant_id = ${other.merchantId} where merchant_id = ${one.merchantId} and sequence = 8`,
    );
  });
  expect(await verify(other.merchantId)).toEqual(['out_of_chain 8', 'changed 8']);
});

test('a key is trusted that is ours now, or that is named as ours before', async () => {
  const { merchantId } = await logged();
  await tamper(async (tx) => {
    const kid = [...trustedKeys([FORGERS_X]).keys()][0] ?? raise();
    await rehash(tx, merchantId, 5, FORGER);
    await tx.execute(
      sql`update audit_entries set key_id = ${kid} where merchant_id = ${merchantId} and sequence >= 5`,
    );
  });
  expect(await verify(merchantId)).toEqual(['unknown_key 5–8']);
  expect(await verify(merchantId, FORGERS_X)).toEqual([]);
});

describe('anchors', () => {
  test('tell what was cut off at the end, or replaced by those who have the key', async () => {
    const [cut, gone, whole] = [await logged(), await logged(), await logged()];
    await anchorLogs(world.deps);
    for (const { merchantId } of [cut, gone, whole]) expect(await verifyAnchors(merchantId)).toEqual([]);
    await tamper(async (tx) => {
      await tx.execute(sql`delete from audit_entries where merchant_id = ${cut.merchantId} and sequence > 6`);
      await tx.execute(sql`delete from audit_entries where merchant_id = ${gone.merchantId}`);
      const { privateKey } = ownKey();
      await rehash(tx, whole.merchantId, 7, { ...FORGER, privateKey });
    });
    expect(await verify(cut.merchantId)).toEqual([]);
    expect(await verify(whole.merchantId)).toEqual([]);
    expect(await verifyAnchors(cut.merchantId)).toEqual(['cut_off 7']);
    expect(await verifyAnchors(gone.merchantId)).toEqual(['cut_off 1']);
    expect(await verifyAnchors(whole.merchantId)).toEqual(['replaced 8']);
  });

  test('the job alarms of its own, and tells only what has grown', async () => {
    const merchant = await logged();
    await anchorLogs(world.deps);
    const lines = () => readFileSync(anchorsFile, 'utf8').split('\n').length;
    const before = lines();
    await anchorLogs(world.deps);
    expect(lines()).toBe(before);
    await note(world.deps, merchant, { action: 'payment.seen' });
    await anchorLogs(world.deps);
    expect(lines()).toBe(before + 1);
    expect(world.logged.at(-1)).toContain(`"merchant_id":"${merchant.merchantId}","sequence":9`);
    await tamper((tx) =>
      tx.execute(sql`delete from audit_entries where merchant_id = ${merchant.merchantId} and sequence = 9`),
    );
    await anchorLogs(world.deps);
    const told = { alert: 'audit_log_cut_off', merchant_id: merchant.merchantId, sequence: 9 };
    expect(world.logged.map((line) => JSON.parse(line))).toContainEqual(expect.objectContaining(told));
  });

  test('one that was made up is none', async () => {
    const { merchantId } = await logged();
    await anchorLogs(world.deps);
    const line = readFileSync(anchorsFile, 'utf8')
      .split('\n')
      .find((each) => each.includes(merchantId));
    const anchor = parseAnchor(line ?? '') ?? raise();
    const keys = trustedKeys([ownKey().jwk.x]);
    const findings = await anchorFindings(world.deps.db, [{ ...anchor, sequence: 5 }], keys);
    expect(findings).toMatchObject([{ merchantId, fault: 'false_anchor', from: 5 }]);
  });
});

test.each([
  'update audit_entries set outcome = outcome',
  'delete from audit_entries',
  'truncate audit_entries',
  'update audit_anchors set sequence = sequence',
  'delete from audit_anchors',
  'truncate audit_anchors',
])('%s is refused', async (statement) => {
  await logged();
  await anchorLogs(world.deps);
  const refused = world.deps.db.execute(sql.raw(statement));
  await expect(refused).rejects.toMatchObject({ cause: { constraint_name: 'audit_entries_append_only' } });
});

test('many at once leave no hole, and what is rolled back leaves nothing', async () => {
  const merchant = await logged();
  const appends = Array.from({ length: 60 }, (_, index) =>
    inTransaction(world.deps.db, 'test.append', async (tx) => {
      await record(tx, world.deps, merchant, { action: 'payment.seen', details: { index } });
      if (index % 3 === 0) throw new Error('rolled back');
    }).catch(() => {}),
  );
  await Promise.all(appends);
  expect(await verify(merchant.merchantId)).toEqual([]);
  const rows = await world.deps.db.$count(auditEntries, eq(auditEntries.merchantId, merchant.merchantId));
  expect(rows).toBe(ENTRIES + 40);
});

function raise(): never {
  throw new Error('not there');
}
