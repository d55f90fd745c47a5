import type { AuditAction } from '../audit/actions.ts';
import type { Tx } from '../db/client.ts';
import type { Deps } from '../deps.ts';
import { randomText } from '../lib/ids.ts';
import { enqueue } from '../queue/enqueue.ts';

/** What a user is told of by mail, whoever did it: somebody else may have. */
export type NoticeKind = 'user_password_changed' | 'user_factor_changed';

const NOTICE_OF: Partial<Record<AuditAction, NoticeKind>> = {
  'user.password_changed': 'user_password_changed',
  'user.totp_changed': 'user_factor_changed',
  'user.passkey_added': 'user_factor_changed',
  'user.passkey_removed': 'user_factor_changed',
  'user.recovery_codes_made': 'user_factor_changed',
};

/** Owes one mail for each kind of notice that deeds of one transaction on a user ask for. */
export async function oweNotices(
  tx: Tx,
  { clock }: Pick<Deps, 'clock'>,
  merchantId: string,
  deeds: readonly { action: AuditAction; target?: string | null }[],
): Promise<void> {
  const now = clock.now();
  const owed = deeds.flatMap(({ action, target }) => {
    const kind = NOTICE_OF[action];
    return kind === undefined || target == null ? [] : [`${kind} ${target}`];
  });
  for (const each of new Set(owed)) {
    const [kind = '', userId = ''] = each.split(' ');
    const seed = randomText(26);
    await enqueue(tx, {
      name: 'mail_user',
      key: seed,
      payload: { merchant_id: merchantId, user_id: userId, kind, seed },
      runAt: now,
      clock: 'wall',
      merchantId,
      mode: 'live',
      now,
    });
  }
}
