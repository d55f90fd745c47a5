import { and, desc, eq, gt, isNull, ne, or } from 'drizzle-orm';
import { record } from '../audit/record.ts';
import { inTransaction, type Tx } from '../db/client.ts';
import { merchantSecrets, merchants } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { HOUR, plus } from '../lib/clock.ts';
import { Problem } from '../lib/problem.ts';
import { newSecret } from '../lib/sign.ts';
import { resealing } from '../vault/keyring.ts';
import type { Made } from './manage-keys.ts';
import type { Merchant } from './merchant.ts';
import { type SecretKind, sealSecret } from './secrets.ts';

/** What the console manages; second factors are their users' own. */
export type ManagedKind = Exclude<SecretKind, 'totp'>;

export type SecretRow = Omit<typeof merchantSecrets.$inferSelect, 'sealed'>;

type SecretDeps = Pick<Deps, 'db' | 'clock' | 'config' | 'keys'>;

/** Those that are valid now, newest first: two of a kind during a rotation. */
export async function listSecrets(
  { db, clock }: Pick<Deps, 'db' | 'clock'> | { db: Tx; clock: Deps['clock'] },
  merchant: Merchant,
): Promise<SecretRow[]> {
  const rows = await db
    .select()
    .from(merchantSecrets)
    .where(
      and(
        eq(merchantSecrets.merchantId, merchant.merchantId),
        eq(merchantSecrets.mode, merchant.mode),
        ne(merchantSecrets.kind, 'totp'),
        or(isNull(merchantSecrets.expiresAt), gt(merchantSecrets.expiresAt, clock.now())),
      ),
    )
    .orderBy(desc(merchantSecrets.createdAt), desc(merchantSecrets.id));
  return rows.map(({ sealed, ...row }) => row);
}

/** One that is valid now. Throws `not_found`. */
export async function loadSecret(
  deps: Parameters<typeof listSecrets>[0],
  merchant: Merchant,
  id: string,
): Promise<SecretRow> {
  const row = (await listSecrets(deps, merchant)).find((each) => each.id === id);
  if (row === undefined) throw new Problem('not_found', `There is no secret ${id} in this mode.`);
  return row;
}

export interface RotateSecretInput {
  /** `key_…`: the same one again makes no second secret. */
  workId: string;
  kind: ManagedKind;
  /** 0–168: how long the one before goes on beside the new one. */
  overlapHours: number;
}

/** A new secret from now on; the one before ends after the overlap. While two are valid there is no third: `ending`. */
export async function rotateSecret(
  deps: SecretDeps,
  merchant: Merchant,
  { workId, kind, overlapHours }: RotateSecretInput,
): Promise<Made> {
  const { merchantId, mode } = merchant;
  const text = newSecret(kind === 'entry' ? 'esec' : 'whsec');
  const row = { merchantId, mode, kind, id: workId };
  return resealing(deps.keys, async () => {
    const sealed = await sealSecret(deps, row, text);
    return inTransaction(deps.db, 'merchants.rotate_secret', async (tx): Promise<Made> => {
      const valid = await lockSecrets(tx, deps, merchant);
      if (await wasMade(tx, merchant, workId)) return 'again';
      const before = valid.filter((each) => each.kind === kind);
      if (before.length > 1) return 'ending';
      const now = deps.clock.now();
      await tx.insert(merchantSecrets).values({ ...row, sealed, createdAt: now });
      const endsAt = plus(now, overlapHours * HOUR);
      for (const { id } of before)
        await tx.update(merchantSecrets).set({ expiresAt: endsAt }).where(sameSecret(merchant, id));
      const details = { kind, ...(before.length > 0 && { before_ends_at: endsAt.toISOString() }) };
      await record(tx, deps, merchant, { action: 'secret.created', target: workId, details });
      return { text };
    });
  });
}

/** Ends the older of two secrets now. The only one stays: `false`, since there would be none to sign with. Throws `not_found`. */
export async function endSecret(deps: SecretDeps, merchant: Merchant, id: string): Promise<boolean> {
  return inTransaction(deps.db, 'merchants.end_secret', async (tx) => {
    const valid = await lockSecrets(tx, deps, merchant);
    const { kind } = await loadSecret({ db: tx, clock: deps.clock }, merchant, id);
    if (valid.filter((each) => each.kind === kind).length < 2) return false;
    await tx.update(merchantSecrets).set({ expiresAt: deps.clock.now() }).where(sameSecret(merchant, id));
    await record(tx, deps, merchant, { action: 'secret.ended', target: id, details: { kind } });
    return true;
  });
}

/** Whoever changes a merchant's secrets does it alone. */
async function lockSecrets(tx: Tx, { clock }: Pick<Deps, 'clock'>, merchant: Merchant): Promise<SecretRow[]> {
  const { merchantId } = merchant;
  await tx
    .select({ id: merchants.merchantId })
    .from(merchants)
    .where(eq(merchants.merchantId, merchantId))
    .for('no key update');
  return listSecrets({ db: tx, clock }, merchant);
}

async function wasMade(tx: Tx, merchant: Merchant, id: string): Promise<boolean> {
  const rows = await tx
    .select({ id: merchantSecrets.id })
    .from(merchantSecrets)
    .where(sameSecret(merchant, id));
  return rows.length > 0;
}

function sameSecret({ merchantId }: Merchant, id: string) {
  return and(eq(merchantSecrets.merchantId, merchantId), eq(merchantSecrets.id, id));
}
