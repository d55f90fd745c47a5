import { and, eq } from 'drizzle-orm';
import { inTransaction } from '../db/client.ts';
import { mails } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { requestMailed } from '../requests/mailed.ts';

/** A mail's own return path: what comes back to it is about that mail. */
export function bounceAddress(mailId: string, domain: string): string {
  return `bounces+${mailId}@${domain}`;
}

/**
 * Reads a delivery status notification (RFC 3464) that came to a return path, and marks its mail as bounced where it
 * says so for good (`Action: failed`, status 5). Answers what came of it, in a word or two.
 */
export async function readBounce(deps: Pick<Deps, 'db' | 'log'>, message: string): Promise<string> {
  const id =
    /bounces\+(mail_[0-9a-z]{20,60})@/i.exec(message)?.[1] ?? /<(mail_[0-9a-z]{20,60})@/i.exec(message)?.[1];
  if (id === undefined) return 'names no mail of ours';
  const status = /^Status:\s*(\d)\.\d+\.\d+/im.exec(message)?.[1];
  if (!/^Action:\s*failed\b/im.test(message) || status !== '5') return 'not a final failure';
  const answer = (/^Diagnostic-Code:\s*(.+)$/im.exec(message)?.[1] ?? 'delivery failed').trim().slice(0, 300);
  const changed = await inTransaction(deps.db, 'mail.bounce', async (tx) => {
    const [mail] = await tx
      .update(mails)
      .set({ status: 'bounced', answer })
      .where(and(eq(mails.id, id.toLowerCase()), eq(mails.status, 'sent')))
      .returning();
    if (mail !== undefined) await requestMailed(tx, mail, 'bounced', null);
    return mail;
  });
  if (changed === undefined) return 'no such mail, or bounced before';
  deps.log.warn({ mail: id, status: 'bounced', answer }, 'mail not delivered');
  return 'bounced';
}
