import { and, eq } from 'drizzle-orm';
import { inTransaction } from '../db/client.ts';
import { type MailFacts, users } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { findMerchant } from '../merchants/merchant.ts';
import { type LinkKind, linkOf } from '../users/tokens.ts';
import { NOTHING, oweMail } from './owe.ts';

/** The job of a link for a user of the console. The mail belongs to no mode, and leaves as one of live mode. */
export async function mailUser(deps: Deps, payload: Record<string, string>): Promise<undefined> {
  const { merchant_id: merchantId = '', user_id: id = '', seed = '', until = '' } = payload;
  const kind: LinkKind = payload.kind === 'reset' ? 'reset' : 'invitation';
  const [user] = await deps.db
    .select()
    .from(users)
    .where(and(eq(users.merchantId, merchantId), eq(users.id, id)));
  const merchant = await findMerchant(deps, merchantId, 'live');
  if (user === undefined || merchant === null || deps.mailer === null) return;
  const facts: MailFacts = { ...NOTHING, user: { login: user.login, kind, seed, until } };
  const mail = {
    kind: kind === 'reset' ? 'user_reset' : 'user_invited',
    to: user.email,
    language: user.language,
    facts,
    at: merchant.clock.now(),
  } as const;
  await inTransaction(deps.db, 'mail.owe_user', (tx) => oweMail(tx, deps, merchant, null, seed, mail));
}

/** A mail's facts with the link that works, which is only made when the mail leaves. */
export function withUserLink(
  { config }: Pick<Deps, 'config'>,
  { merchantId, facts }: { merchantId: string; facts: MailFacts },
): MailFacts {
  if (facts.user === undefined) return facts;
  return { ...facts, link: linkOf(config, merchantId, facts.user.kind, facts.user.seed) };
}
