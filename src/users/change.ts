import { type AuditInput, record } from '../audit/record.ts';
import { inTransaction, type Tx } from '../db/client.ts';
import type { Deps } from '../deps.ts';
import type { Merchant } from '../merchants/merchant.ts';
import type { UserRow } from './logins.ts';
import { oweNotices } from './notices.ts';

/** At whose merchant, in which mode, and who acts: what the audit log says of a deed. */
export type Scene = Pick<Merchant, 'merchantId' | 'mode' | 'acting'>;

export type ChangeDeps = Pick<Deps, 'db' | 'clock' | 'config'>;

/**
 * A change of people or of their factors, with its entries in the audit log and the mails that tell the user of it:
 * one transaction, the entries last.
 */
export function change<T>(
  deps: ChangeDeps,
  scene: Scene,
  work: (tx: Tx, say: (input: AuditInput) => void) => Promise<T>,
): Promise<T> {
  return inTransaction(deps.db, 'users.change', async (tx) => {
    const said: AuditInput[] = [];
    const result = await work(tx, (input) => said.push(input));
    await oweNotices(tx, deps, scene.merchantId, said);
    for (const input of said) await record(tx, deps, scene, input);
    return result;
  });
}

/** The scene with the user as who acts, from the same address. */
export function actingAs(scene: Scene, { id, login: name, role }: UserRow): Scene {
  const actor = { kind: 'user', id, name, role } as const;
  return { ...scene, acting: { actor, origin: scene.acting.origin } };
}
