import { and, count, desc, eq, gt, isNull, or, type SQL, sql } from 'drizzle-orm';
import { record } from '../audit/record.ts';
import type { Mode } from '../config.ts';
import { inTransaction, type Queryable } from '../db/client.ts';
import { merchantSecrets } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { newId } from '../lib/ids.ts';
import { seal, sealedKeyId, unseal } from '../lib/seal.ts';
import { newSecret } from '../lib/sign.ts';
import { rereading, resealing } from '../vault/keyring.ts';
import type { ResealStep, RowKey, SealedTable } from '../vault/sealed-table.ts';
import { type Acting, SERVICE } from './merchant.ts';

/** Entry secrets verify what a cart signed for `/pay`; signing secrets sign what we tell the merchant; `totp`: a user's second factor. */
export type SecretKind = 'entry' | 'signing' | 'totp';

export interface SecretOwner {
  merchantId: string;
  mode: Mode;
  kind: SecretKind;
}

type SecretDeps = Pick<Deps, 'db' | 'clock' | 'keys'>;

export interface NewSecret extends SecretOwner {
  kind: 'entry' | 'signing';
  /** Who makes it; default the service itself. */
  acting?: Acting;
}

/** Makes a new secret; it is told once, here, and kept sealed. */
export async function createSecret(
  deps: SecretDeps & Pick<Deps, 'config'>,
  input: NewSecret,
): Promise<string> {
  const secret = newSecret(input.kind === 'entry' ? 'esec' : 'whsec');
  await storeSecret(deps, { ...input, secret });
  return secret;
}

/** Keeps a given secret, sealed for its own row; one that is there, or was and has ended, is not kept again. */
export async function storeSecret(
  deps: SecretDeps & Pick<Deps, 'config'>,
  { secret, acting = SERVICE, ...owner }: NewSecret & { secret: string },
): Promise<void> {
  const known = await rereading(() => openSecrets(deps, owner, 'ever'));
  if (known.includes(secret)) return;
  const now = deps.clock.now();
  const id = newId('key', now);
  await resealing(deps.keys, async () => {
    const sealed = await sealSecret(deps, { ...owner, id }, secret);
    await inTransaction(deps.db, 'merchants.store_secret', async (tx) => {
      await tx.insert(merchantSecrets).values({ ...owner, id, sealed, createdAt: now });
      const details = { kind: owner.kind };
      await record(tx, deps, { ...owner, acting }, { action: 'secret.created', target: id, details });
    });
  });
}

/** Keeps a user's secret, sealed for its own row, until it expires; answers the row's id. Its entry is the caller's. */
export async function keepSecret(
  deps: SecretDeps,
  owner: SecretOwner & { kind: 'totp' },
  secret: string,
  expiresAt: Date | null,
): Promise<string> {
  const now = deps.clock.now();
  const id = newId('key', now);
  await resealing(deps.keys, async () => {
    const sealed = await sealSecret(deps, { ...owner, id }, secret);
    await deps.db.insert(merchantSecrets).values({ ...owner, id, sealed, createdAt: now, expiresAt });
  });
  return id;
}

/** The secret of one row; null when it has expired or is gone. */
export async function openSecret(deps: SecretDeps, owner: SecretOwner, id: string): Promise<string | null> {
  const [secret] = await rereading(() => openSecrets(deps, owner, 'now', eq(merchantSecrets.id, id)));
  return secret ?? null;
}

/** A secret sealed for its row. The insert belongs inside `resealing`. */
export async function sealSecret(
  deps: Pick<Deps, 'keys'>,
  row: SecretOwner & { id: string },
  secret: string,
): Promise<Buffer> {
  return seal(await deps.keys.active('merchant_secret'), secret, aadOf(row));
}

/** The secrets valid now, newest first: two during a rotation. */
export function activeSecrets(
  deps: SecretDeps,
  merchantId: string,
  mode: Mode,
  kind: SecretKind,
): Promise<string[]> {
  return rereading(() => openSecrets(deps, { merchantId, mode, kind }, 'now'));
}

export const sealedSecrets: SealedTable = {
  name: 'merchant_secrets',
  purpose: 'merchant_secret',
  count: async (on, keyId) => {
    const [row] = await on.select({ rows: count() }).from(merchantSecrets).where(isSealedWith(keyId));
    return row?.rows ?? 0;
  },
  reseal: resealSecrets,
};

async function resealSecrets(tx: Queryable, { from, to, after, limit }: ResealStep): Promise<RowKey[]> {
  const { merchantId, id } = merchantSecrets;
  const rows = await tx
    .select()
    .from(merchantSecrets)
    .where(and(isSealedWith(from.id), sql`(${merchantId}, ${id}) > (${after.merchantId}, ${after.id})`))
    .orderBy(merchantId, id)
    .limit(limit)
    .for('update', { skipLocked: true });
  const anew = rows.map((row) => {
    const sealed = seal(to, unseal(from, row.sealed, aadOf(row)), aadOf(row));
    const same = and(eq(merchantId, row.merchantId), eq(id, row.id));
    return tx.update(merchantSecrets).set({ sealed }).where(same);
  });
  await Promise.all(anew);
  return rows;
}

/** The key's id stands in the header (`lib/seal.ts`): its length in the second byte, then itself. */
function isSealedWith(keyId: string) {
  const { sealed } = merchantSecrets;
  return sql`substring(${sealed} from 3 for get_byte(${sealed}, 1)) = convert_to(${keyId}, 'LATIN1')`;
}

async function openSecrets(
  deps: SecretDeps,
  owner: SecretOwner,
  valid: 'now' | 'ever',
  which?: SQL,
): Promise<string[]> {
  const { expiresAt } = merchantSecrets;
  const rows = await deps.db
    .select()
    .from(merchantSecrets)
    .where(
      and(
        eq(merchantSecrets.merchantId, owner.merchantId),
        eq(merchantSecrets.mode, owner.mode),
        eq(merchantSecrets.kind, owner.kind),
        valid === 'now' ? or(isNull(expiresAt), gt(expiresAt, deps.clock.now())) : undefined,
        which,
      ),
    )
    .orderBy(desc(merchantSecrets.createdAt), desc(merchantSecrets.id));
  return Promise.all(
    rows.map(async ({ id, sealed }) => {
      const key = await deps.keys.byId(sealedKeyId(sealed));
      return unseal(key, sealed, aadOf({ ...owner, id })).toString('utf8');
    }),
  );
}

function aadOf({ merchantId, mode, kind, id }: SecretOwner & { id: string }): string {
  return `merchant_secret|${merchantId}|${mode}|${kind}|${id}`;
}
