import { and, eq, lt, ne } from 'drizzle-orm';
import { inTransaction } from '../db/client.ts';
import { mails } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { DAY, HOUR, MINUTE, plus } from '../lib/clock.ts';
import { throughSeam } from '../lib/seams.ts';
import { type Merchant, merchantOf } from '../merchants/merchant.ts';
import { loadSession } from '../payments/snapshot.ts';
import { inTurn } from '../queue/pace.ts';
import { stillHolds as holdsForRequest, requestMailed } from '../requests/mailed.ts';
import { readRequest } from '../requests/write.ts';
import { composeMail } from './compose.ts';
import { bounceAddress } from './return-path.ts';
import { withUserLink } from './user-mails.ts';

export type MailRow = typeof mails.$inferSelect;

/** Waits between tries: a server that is down for a day is waited for. After the last the mail has failed. */
const RETRY_AFTER_MS = [
  MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  4 * HOUR,
  8 * HOUR,
  16 * HOUR,
];

/**
 * The job of a mail: one try. What the server refuses for good has bounced; everything else is tried again, with the
 * same Message-ID, so that a repeat after a crash can be told from a second mail.
 */
export async function sendMail(
  deps: Deps,
  payload: Record<string, string>,
): Promise<{ again: Date } | undefined> {
  const { mailer } = deps;
  const { merchant_id: merchantId = '', mail_id: id = '' } = payload;
  const [mail] = await deps.db
    .select()
    .from(mails)
    .where(and(eq(mails.merchantId, merchantId), eq(mails.id, id), eq(mails.status, 'queued')));
  if (mail === undefined || mailer === null) return undefined;
  const merchant = await merchantOf(deps, mail);
  if (!(await stillHolds(deps, merchant, mail))) return record(deps, merchant, mail, 'dropped', null);
  const message = {
    ...composeMail(merchant, { ...mail, facts: withUserLink(deps, mail) }, deps.config.publicUrl),
    messageId: mail.messageId,
    to: mail.recipient,
    returnPath: bounceAddress(mail.id, mailer.domain),
  };
  const sent = await throughSeam('mail.send', () => mailer.send(message));
  if (sent.kind === 'accepted') return record(deps, merchant, mail, 'sent', sent.answer);
  if (sent.kind === 'refused') return record(deps, merchant, mail, 'bounced', sent.answer);
  const waitMs = RETRY_AFTER_MS[mail.tries];
  if (waitMs === undefined) return record(deps, merchant, mail, 'failed', sent.answer);
  await record(deps, merchant, mail, 'queued', sent.answer);
  return { again: plus(deps.clock.now(), waitMs) };
}

/** Mails that may wait, of which there may be thousands: at a set rate, so that the mail server is not flooded. */
export async function sendBulkMail(
  deps: Deps,
  payload: Record<string, string>,
): Promise<{ again: Date } | undefined> {
  await inTurn(deps.db, 'bulk_mail', deps.config.requestMailsPerSecond);
  return sendMail(deps, payload);
}

/** Nobody is reminded of what is paid, or over. */
async function stillHolds(deps: Deps, merchant: Merchant, mail: MailRow): Promise<boolean> {
  const { kind, sessionId, requestId } = mail;
  if (requestId !== null) return holdsForRequest(await readRequest(deps.db, merchant, requestId), mail);
  if (kind !== 'number_reminder' || sessionId === null) return true;
  const { payment } = await loadSession(deps, merchant, sessionId);
  return payment?.status === 'awaiting_payment';
}

async function record(
  deps: Deps,
  merchant: Merchant,
  mail: MailRow,
  status: MailRow['status'],
  answer: string | null,
): Promise<undefined> {
  if (status === 'bounced' || status === 'failed') {
    deps.log.warn({ mail: mail.id, kind: mail.kind, status, answer }, 'mail not delivered');
  }
  const at = merchant.clock.now();
  await inTransaction(deps.db, 'mail.record', async (tx) => {
    const [recorded] = await tx
      .update(mails)
      .set({
        status,
        answer,
        tries: mail.tries + 1,
        sentAt: status === 'sent' ? at : null,
      })
      .where(and(eq(mails.merchantId, mail.merchantId), eq(mails.id, mail.id), eq(mails.tries, mail.tries)))
      .returning();
    if (recorded === undefined || status === 'queued' || status === 'dropped') return;
    await requestMailed(tx, recorded, status === 'sent' ? 'sent' : 'bounced', at);
  });
  return undefined;
}

const KEPT_MS = 90 * DAY;

/** Mails hold addresses: they are kept no longer than the results on the pages. */
export async function purgeMails(deps: Deps): Promise<void> {
  await inTransaction(deps.db, 'mail.purge', (tx) =>
    tx
      .delete(mails)
      .where(and(lt(mails.createdAt, plus(deps.clock.now(), -KEPT_MS)), ne(mails.status, 'queued'))),
  );
}
