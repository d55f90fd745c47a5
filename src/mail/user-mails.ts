import { and, eq } from 'drizzle-orm';
import { inTransaction } from '../db/client.ts';
import { type MailFacts, users } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import type { MailKind } from '../i18n/mail/texts.ts';
import { findMerchant } from '../merchants/merchant.ts';
import type { NoticeKind } from '../users/notices.ts';
import { type LinkKind, linkOf } from '../users/tokens.ts';
import { NOTHING, oweMail } from './owe.ts';

const KINDS = {
  invitation: 'user_invited',
  reset: 'user_reset',
  user_password_changed: 'user_password_changed',
  user_factor_changed: 'user_factor_changed',
} as const satisfies Record<LinkKind | NoticeKind, MailKind>;

/**
 * The job of a mail to a user of the console: a link, or the notice that their password or second factor was changed.
 * It belongs to no mode, and leaves as one of live mode.
 */
export async function mailUser(deps: Deps, payload: Record<string, string>): Promise<undefined> {
  const { merchant_id: merchantId = '', user_id: id = '', kind = '', seed = '', until = '' } = payload;
  if (!isKind(kind)) throw new Error(`no mail is called ${kind}`);
  const [user] = await deps.db
    .select()
    .from(users)
    .where(and(eq(users.merchantId, merchantId), eq(users.id, id)));
  const merchant = await findMerchant(deps, merchantId, 'live');
  if (user === undefined || merchant === null || deps.mailer === null) return;
  const link = kind === 'invitation' || kind === 'reset' ? { kind, seed, until } : null;
  const facts: MailFacts = { ...NOTHING, user: { login: user.login, link } };
  const mail = {
    kind: KINDS[kind],
    to: user.email,
    language: user.language,
    facts,
    at: merchant.clock.now(),
  } as const;
  await inTransaction(deps.db, 'mail.owe_user', (tx) => oweMail(tx, deps, merchant, null, seed, mail));
}

function isKind(kind: string): kind is keyof typeof KINDS {
  return Object.hasOwn(KINDS, kind);
}

/** A mail's facts with its link. One that works once is only made when the mail leaves. */
export function withUserLink(
  { config }: Pick<Deps, 'config'>,
  { merchantId, facts }: { merchantId: string; facts: MailFacts },
): MailFacts {
  if (facts.user === undefined) return facts;
  const { link } = facts.user;
  if (link === null) return { ...facts, link: `${config.publicUrl}/console/forgot` };
  return { ...facts, link: linkOf(config, merchantId, link.kind, link.seed) };
}
