/**
 * Keeping the card ranges of a brand as its Directory Server lists them: PReq out, PRes in (EMV 3DS 2.2.0, section
 * 5.6, Req 246–250, 303, 304). The first list is a whole one and has a serial number; named in the next PReq, it
 * brings only what changed since, or nothing. A list that makes no sense is thrown away and the old one stays.
 */
import { randomUUID } from 'node:crypto';
import { and, eq, sql } from 'drizzle-orm';
import type { Mode } from '../config.ts';
import { inTransaction, type Queryable, type Tx } from '../db/client.ts';
import { cardRangeLoads, cardRanges } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import type { Brand } from '../lib/card.ts';
import { HOUR } from '../lib/clock.ts';
import {
  applyChanges,
  type RangeChange,
  type RangeMap,
  readRangeChanges,
  replaceRanges,
} from './card-ranges.ts';
import { type DirectoryServer, directoryServerOf, sendErro, sendPReq } from './directory-server.ts';
import { type MessageFault, writeErro } from './erro.ts';
import { readMessage, textOf } from './read-message.ts';
import { SERVER_REFERENCE } from './requestor-id.ts';

/** Whose list: one Directory Server. */
export interface Directory {
  mode: Mode;
  brand: Brand;
}

export type Loading = { ok: true } | { ok: false; reason: string };

/**
 * Asks for the list, or for what changed in it, and stores it. Asked within the last hour: does nothing. `ok: false`
 * leaves what stands. Never throws for what the network does.
 */
export async function loadRanges(deps: Deps, directory: Directory): Promise<Loading> {
  const last = await lastLoad(deps.db, directory);
  if (last !== null && deps.clock.now().getTime() - last.loadedAt.getTime() < HOUR) return { ok: true };
  const server = directoryServerOf(deps.config, directory.mode, directory.brand);
  if (server === null) return { ok: false, reason: 'no Directory Server in this mode' };
  const serial = last?.serialNumber ?? null;
  const first = await askForRanges(deps, server, serial);
  const unknownSerial = serial !== null && first.kind === 'erro' && first.code === '307';
  const list = unknownSerial ? await askForRanges(deps, server, null) : first;
  if (list.kind !== 'list') return { ok: false, reason: list.reason };
  const since = unknownSerial ? null : serial;
  const stored = await inTransaction(deps.db, 'threeds.store_ranges', (tx) =>
    storeList(tx, directory, since, list, deps.clock.now()),
  );
  deps.log.info({ ...directory, items: list.changes.length, stored }, 'card ranges');
  return stored === 'refused'
    ? { ok: false, reason: 'the list of card ranges makes no sense' }
    : { ok: true };
}

/** When this list was last asked for with success, and its serial number; null before the first time. */
export async function lastLoad(
  db: Queryable,
  { mode, brand }: Directory,
): Promise<{ serialNumber: string | null; loadedAt: Date } | null> {
  const [row] = await db
    .select({ serialNumber: cardRangeLoads.serialNumber, loadedAt: cardRangeLoads.loadedAt })
    .from(cardRangeLoads)
    .where(and(eq(cardRangeLoads.mode, mode), eq(cardRangeLoads.brand, brand)));
  return row ?? null;
}

interface List {
  kind: 'list';
  serialNumber: string | null;
  changes: RangeChange[];
}

type Asked = List | { kind: 'erro'; code: string; reason: string } | { kind: 'failed'; reason: string };

/** `serial`: of the list that we have; null asks for all of it. */
async function askForRanges(deps: Deps, server: DirectoryServer, serial: string | null): Promise<Asked> {
  const transId = randomUUID();
  const answer = await sendPReq(deps, server, writePReq(transId, serial));
  if (!answer.ok) return { kind: 'failed', reason: answer.reason };
  const reading = readMessage(answer.text, { expected: ['PRes', 'Erro'] });
  if (!reading.ok) {
    await sendErro(
      deps,
      server,
      writeErro({ threeDSServerTransID: transId, ...reading.elements }, reading.fault),
    );
    return { kind: 'failed', reason: `PRes refused: ${reading.fault.errorCode}` };
  }
  const { message } = reading;
  if (message.type === 'Erro') {
    const code = textOf(message, 'errorCode') ?? '';
    return { kind: 'erro', code, reason: `Erro ${code}` };
  }
  const same = textOf(message, 'threeDSServerTransID')?.toLowerCase() === transId;
  const changes = same ? readRangeChanges(message.elements) : null;
  // Nothing may have changed since a list; a whole list of nothing would un-enrol every card.
  const empty = serial === null && changes?.length === 0;
  if (changes === null || empty) {
    const fault = listFault(same, empty);
    await sendErro(deps, server, writeErro(message.elements, fault));
    return { kind: 'failed', reason: `PRes refused: ${fault.errorCode}` };
  }
  return { kind: 'list', serialNumber: textOf(message, 'serialNum'), changes };
}

function listFault(same: boolean, empty: boolean): MessageFault {
  if (!same) return { errorCode: '301', errorDetail: 'threeDSServerTransID' };
  return { errorCode: empty ? '201' : '203', errorDetail: 'cardRangeData' };
}

function writePReq(transId: string, serial: string | null): string {
  return JSON.stringify({
    messageType: 'PReq',
    messageVersion: '2.2.0',
    threeDSServerRefNumber: SERVER_REFERENCE,
    threeDSServerTransID: transId,
    ...(serial === null ? {} : { serialNum: serial }),
  });
}

/**
 * One writer at a time. `since` is the list that the answer goes on from: when another process has stored a newer
 * one meanwhile, this answer is of no use any more. After a refused change the whole list is asked for next.
 */
async function storeList(
  tx: Tx,
  directory: Directory,
  since: string | null,
  list: List,
  now: Date,
): Promise<'stored' | 'unchanged' | 'overtaken' | 'refused'> {
  const name = `card_ranges ${directory.mode} ${directory.brand}`;
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`);
  const last = await lastLoad(tx, directory);
  if (since !== null && last?.serialNumber !== since) return 'overtaken';
  if (since !== null && list.changes.length === 0) {
    await noteLoad(tx, directory, list.serialNumber ?? since, now);
    return 'unchanged';
  }
  const standing = since === null ? null : await standingRanges(tx, directory);
  const ranges = standing === null ? replaceRanges(list.changes) : applyChanges(standing, list.changes);
  if (ranges === null) {
    if (last !== null) await noteLoad(tx, directory, null, now);
    return 'refused';
  }
  await writeRanges(tx, directory, ranges);
  await noteLoad(tx, directory, list.serialNumber, now);
  return 'stored';
}

async function standingRanges(tx: Tx, { mode, brand }: Directory): Promise<RangeMap> {
  const rows = await tx
    .select()
    .from(cardRanges)
    .where(and(eq(cardRanges.mode, mode), eq(cardRanges.brand, brand)));
  return new Map(rows.map(({ mode: _, brand: __, ...range }) => [range.rangeStart, range]));
}

/** So many rows a statement: PostgreSQL takes 65,535 parameters, a row has nine. */
const BATCH = 5_000;

async function writeRanges(tx: Tx, { mode, brand }: Directory, ranges: RangeMap): Promise<void> {
  await tx.delete(cardRanges).where(and(eq(cardRanges.mode, mode), eq(cardRanges.brand, brand)));
  const rows = [...ranges.values()].map((range) => ({ mode, brand, ...range }));
  for (let from = 0; from < rows.length; from += BATCH) {
    await tx.insert(cardRanges).values(rows.slice(from, from + BATCH));
  }
}

async function noteLoad(tx: Tx, directory: Directory, serialNumber: string | null, now: Date): Promise<void> {
  const load = { serialNumber, loadedAt: now };
  await tx
    .insert(cardRangeLoads)
    .values({ ...directory, ...load })
    .onConflictDoUpdate({ target: [cardRangeLoads.mode, cardRangeLoads.brand], set: load });
}
