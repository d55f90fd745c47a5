import { createHmac, timingSafeEqual } from 'node:crypto';
import { and, eq, isNull, lt } from 'drizzle-orm';
import { inTransaction } from '../db/client.ts';
import { idempotencyKeys } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { DAY, plus } from '../lib/clock.ts';
import { type IdPrefix, newId } from '../lib/ids.ts';
import { Problem } from '../lib/problem.ts';
import type { Merchant } from './merchant.ts';

/**
 * Idempotency-Key (draft-ietf-httpapi-idempotency-key-header-07, contract section 2). A key is recorded before its
 * verb runs, with the id that the verb gives to what it makes: after a crash the same work is resumed, not begun
 * again. Every answer is kept and repeated byte for byte.
 */
export interface KeyedRequest {
  /** The key as the caller chose it, without quotes. */
  key: string;
  method: string;
  path: string;
  body: Uint8Array;
  /** What kind of id the work needs. */
  work: IdPrefix;
}

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export type Claim = { kind: 'run'; workId: string } | { kind: 'replay'; answer: Answer };

/** Longer than the seven days that were promised. */
const KEPT_MS = 8 * DAY;

type ClaimDeps = Pick<Deps, 'db' | 'clock' | 'keys' | 'config'>;
type Scope = Pick<Merchant, 'merchantId' | 'mode'>;

/**
 * Takes the key for this request, or finds the answer that it has. Throws `idempotency_key_reused` when it belongs
 * to another request, `idempotency_in_progress` while the first one may still be running (`config.leaseMs`).
 */
export async function claimKey(deps: ClaimDeps, merchant: Merchant, request: KeyedRequest): Promise<Claim> {
  const { merchantId, mode } = merchant;
  const { key: secret } = await deps.keys.active('idempotency');
  const now = deps.clock.now();
  const claimed = {
    merchantId,
    mode,
    key: request.key,
    fingerprint: createHmac('sha256', secret).update(fingerprinted(request)).digest(),
    workId: newId(request.work, merchant.clock.now()),
    runningUntil: plus(now, deps.config.leaseMs),
    createdAt: now,
  };
  return inTransaction(deps.db, 'merchants.claim_key', async (tx) => {
    const inserted = await tx
      .insert(idempotencyKeys)
      .values(claimed)
      .onConflictDoNothing()
      .returning({ workId: idempotencyKeys.workId });
    if (inserted.length === 1) return { kind: 'run', workId: claimed.workId };
    const [known] = await tx.select().from(idempotencyKeys).where(isKey(merchant, request.key)).for('update');
    if (known === undefined) throw inProgress();
    if (!timingSafeEqual(known.fingerprint, claimed.fingerprint)) throw reused();
    const answer = answerOf(known);
    if (answer !== null) return { kind: 'replay', answer };
    if (known.runningUntil !== null && known.runningUntil > now) throw inProgress();
    await tx
      .update(idempotencyKeys)
      .set({ runningUntil: claimed.runningUntil })
      .where(isKey(merchant, request.key));
    return { kind: 'run', workId: known.workId };
  });
}

/** Keeps the answer of a key. Where another process has kept one in the meantime, gives that one. */
export async function keepAnswer(
  deps: Pick<Deps, 'db'>,
  merchant: Scope,
  key: string,
  answer: Answer,
): Promise<Answer> {
  return inTransaction(deps.db, 'merchants.keep_answer', async (tx) => {
    const kept = await tx
      .update(idempotencyKeys)
      .set({
        responseStatus: answer.status,
        responseHeaders: answer.headers,
        responseBody: answer.body,
        runningUntil: null,
      })
      .where(and(isKey(merchant, key), isNull(idempotencyKeys.responseStatus)))
      .returning({ key: idempotencyKeys.key });
    if (kept.length === 1) return answer;
    const [known] = await tx.select().from(idempotencyKeys).where(isKey(merchant, key));
    return (known === undefined ? null : answerOf(known)) ?? answer;
  });
}

/** Removes what is older than was promised. By the wall clock; for the job that purges. Says how many. */
export async function purgeIdempotencyKeys(deps: Pick<Deps, 'db' | 'clock'>): Promise<number> {
  const before = plus(deps.clock.now(), -KEPT_MS);
  return inTransaction(deps.db, 'merchants.purge_keys', async (tx) => {
    const gone = await tx
      .delete(idempotencyKeys)
      .where(lt(idempotencyKeys.createdAt, before))
      .returning({ key: idempotencyKeys.key });
    return gone.length;
  });
}

/**
 * The key of a header: a structured-field string, quoted, or the bare text. Null when there is no header. Throws
 * `validation_failed`.
 */
export function readKey(header: string | undefined): string | null {
  if (header === undefined) return null;
  const text = header.trim();
  const quoted = /^"((?:[^"\\]|\\["\\])*)"$/.exec(text)?.[1];
  const key = quoted === undefined ? text : quoted.replace(/\\(["\\])/g, '$1');
  if (/^[\x20-\x7e]{1,255}$/.test(key)) return key;
  throw new Problem('validation_failed', 'The header Idempotency-Key is not usable.', {}, [
    {
      pointer: '#/Idempotency-Key',
      code: 'invalid_format',
      detail: 'must be 1 to 255 printable ASCII characters',
    },
  ]);
}

/** Each part with its length before it, so that no two requests give the same bytes. */
function fingerprinted({ method, path, body }: KeyedRequest): Buffer {
  const head = `${method.length}:${method}${path.length}:${path}${body.length}:`;
  return Buffer.concat([Buffer.from(head), body]);
}

function isKey({ merchantId, mode }: Scope, key: string) {
  return and(
    eq(idempotencyKeys.merchantId, merchantId),
    eq(idempotencyKeys.mode, mode),
    eq(idempotencyKeys.key, key),
  );
}

function answerOf(row: typeof idempotencyKeys.$inferSelect): Answer | null {
  if (row.responseStatus === null) return null;
  return { status: row.responseStatus, headers: row.responseHeaders ?? {}, body: row.responseBody ?? '' };
}

function reused(): Problem {
  return new Problem(
    'idempotency_key_reused',
    'This Idempotency-Key came with another method, path or body before. Use a new key for a new request.',
  );
}

function inProgress(): Problem {
  return new Problem(
    'idempotency_in_progress',
    'The first request with this Idempotency-Key has no answer yet. Send the same again in a few seconds.',
  );
}
