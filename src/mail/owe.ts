import { and, eq } from 'drizzle-orm';
import { inTransaction, type Tx } from '../db/client.ts';
import { events, type MailFacts, mails } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { chooseLanguage } from '../i18n/language.ts';
import type { MailKind } from '../i18n/mail/texts.ts';
import type { Language } from '../i18n/texts.ts';
import { newId } from '../lib/ids.ts';
import { timeInJapan } from '../lib/japan-day.ts';
import { type Merchant, merchantOf } from '../merchants/merchant.ts';
import { methodOf } from '../methods/methods.ts';
import { toWall } from '../payments/advance.ts';
import { receiptPath } from '../payments/present.ts';
import type { EventRow } from '../payments/queries.ts';
import { loadSession, type PaymentRow, type Snapshot } from '../payments/snapshot.ts';
import { enqueue, enqueueAll } from '../queue/enqueue.ts';

/** A mail that an event asks for: to whom, and when. */
interface Wanted {
  kind: MailKind;
  to: string;
  language: Language;
  facts: MailFacts;
  /** By the merchant's clock. */
  at: Date;
}

/** The job of every event, beside its notifications: what mails it owes. Run twice, it owes none twice. */
export async function oweMails(deps: Deps, payload: Record<string, string>): Promise<void> {
  if (deps.mailer === null) return;
  const { merchant_id: merchantId = '', event_id: eventId = '' } = payload;
  const [event] = await deps.db
    .select()
    .from(events)
    .where(and(eq(events.merchantId, merchantId), eq(events.id, eventId)));
  if (event === undefined || event.sessionId === null || !MAILED.includes(event.type)) return;
  const merchant = await merchantOf(deps, event);
  const snapshot = await loadSession(deps, merchant, event.sessionId);
  const wanted = wantedBy(deps, merchant, snapshot, event);
  if (wanted.length === 0) return;
  await inTransaction(deps.db, 'mail.owe', async (tx) => {
    for (const mail of wanted) await oweMail(tx, deps, merchant, snapshot.session.id, event.id, mail);
  });
}

const MAILED = ['payment.awaiting_payment', 'payment.captured', 'payment.expired', 'payment.refunded'];

/** Tells the merchant's people that an endpoint fails: once a day, however many events do. */
export async function oweEndpointMail(
  tx: Tx,
  deps: Deps,
  merchant: Merchant,
  endpoint: { id: string; url: string },
): Promise<void> {
  if (deps.mailer === null) return;
  const day = timeInJapan(merchant.clock.now(), 0, 0).toISOString();
  const facts = { ...NOTHING, endpoint: endpoint.url };
  for (const mail of staffMails(merchant, 'staff_endpoint_failing', facts)) {
    await oweMail(tx, deps, merchant, null, `${endpoint.id}/${day}`, mail);
  }
}

export const NOTHING: MailFacts = {
  orderId: null,
  amount: null,
  method: null,
  choice: null,
  parts: null,
  payBy: null,
  link: null,
  endpoint: null,
};

/** Owes one mail, once for its kind, subject and recipient. */
export async function oweMail(
  tx: Tx,
  deps: Deps,
  merchant: Merchant,
  sessionId: string | null,
  subject: string,
  { kind, to, language, facts, at }: Wanted,
): Promise<void> {
  const { merchantId, mode } = merchant;
  const id = newId('mail', merchant.clock.now());
  const messageId = `<${id}@${deps.mailer?.domain}>`;
  const [row] = await tx
    .insert(mails)
    .values({
      merchantId,
      id,
      mode,
      kind,
      subject,
      recipient: to,
      language,
      facts,
      sessionId,
      messageId,
      status: 'queued',
      createdAt: merchant.clock.now(),
    })
    .onConflictDoNothing()
    .returning({ id: mails.id });
  if (row === undefined) return;
  await enqueue(tx, {
    name: 'send_mail',
    key: id,
    payload: { merchant_id: merchantId, mail_id: id },
    runAt: toWall(merchant, deps.clock.now(), at),
    clock: 'merchant',
    merchantId,
    mode,
    now: deps.clock.now(),
  });
}

/** A mail about a payment request. `subject` makes it this one among those of its kind. */
export interface RequestMail {
  kind: 'payment_request' | 'payment_request_reminder' | 'payment_request_canceled';
  requestId: string;
  subject: string;
  to: string;
  language: Language;
  facts: MailFacts;
  /** By the merchant's clock. */
  at: Date;
}

/** Owes mails of requests, however many: they leave at the set rate of theirs, and none twice. */
export async function oweRequestMails(
  tx: Tx,
  { config, clock }: Pick<Deps, 'config' | 'clock'>,
  merchant: Merchant,
  owed: readonly RequestMail[],
): Promise<void> {
  if (owed.length === 0) return;
  const { merchantId, mode } = merchant;
  const [createdAt, now] = [merchant.clock.now(), clock.now()];
  const domain = config.mailFrom.slice(config.mailFrom.lastIndexOf('@') + 1);
  const rows = owed.map(({ to: recipient, at, ...mail }) => {
    const id = newId('mail', createdAt);
    const row = { merchantId, id, mode, recipient, messageId: `<${id}@${domain}>`, createdAt, ...mail };
    return { at, row: { ...row, status: 'queued' as const } };
  });
  const put = await tx
    .insert(mails)
    .values(rows.map(({ row }) => row))
    .onConflictDoNothing()
    .returning({ id: mails.id });
  const made = new Set(put.map(({ id }) => id));
  const leaving = rows.filter(({ row }) => made.has(row.id));
  await enqueueAll(
    tx,
    leaving.map(({ at, row }) => ({
      name: 'send_bulk_mail',
      key: row.id,
      payload: { merchant_id: merchantId, mail_id: row.id },
      runAt: toWall(merchant, now, at),
      clock: 'merchant',
      merchantId,
      mode,
      now,
    })),
  );
}

/** Which mails an event asks for. The event says which payment; what is told of it is how it stands. */
function wantedBy(deps: Deps, merchant: Merchant, snapshot: Snapshot, event: EventRow): Wanted[] {
  const payment = paymentOfEvent(snapshot, event);
  if (payment === null) return [];
  const now = merchant.clock.now();
  const number = payment.method === 'card' ? null : (snapshot.numbers.findLast(({ parts }) => parts) ?? null);
  const facts: MailFacts = {
    ...NOTHING,
    orderId: payment.orderId,
    amount: payment.amount,
    method: payment.method,
    choice: number?.choice ?? null,
  };
  const page = `${deps.config.publicUrl}/p/${snapshot.session.token}`;
  const receipt = receiptPath(payment);
  const link = receipt === null ? null : `${deps.config.publicUrl}${receipt}`;
  const shopper = (kind: MailKind, more: Partial<MailFacts>, at = now): Wanted[] =>
    shopperMail(merchant, snapshot, { kind, facts: { ...facts, ...more }, at });
  switch (event.type) {
    case 'payment.awaiting_payment': {
      const told = { parts: number?.parts ?? null, payBy: number?.payBy.toISOString() ?? null, link: page };
      const reminder = number === null ? null : timeInJapan(number.payBy, -1, 19);
      return [
        ...shopper('number_issued', told),
        ...(reminder !== null && reminder > now ? shopper('number_reminder', told, reminder) : []),
      ];
    }
    case 'payment.captured':
      return [
        ...(payment.duplicate
          ? []
          : shopper(payment.method === 'card' ? 'card_paid' : 'number_paid', { link })),
        ...staffMails(merchant, staffKind(payment), facts),
      ];
    case 'payment.expired':
      return methodOf(payment.method ?? '')?.flow === 'number'
        ? shopper('number_expired', { link: merchant.url })
        : [];
    case 'payment.refunded':
      return shopper('refunded', { amount: payment.amountRefunded, link });
    default:
      return [];
  }
}

function staffKind({ duplicate, late }: PaymentRow): MailKind {
  if (duplicate) return 'staff_duplicate';
  return late ? 'staff_late' : 'staff_paid';
}

function paymentOfEvent({ payment, duplicates }: Snapshot, { payload }: EventRow): PaymentRow | null {
  const id: unknown = JSON.parse(payload)?.data?.payment?.id;
  return [payment, ...duplicates].find((each) => each?.id === id) ?? null;
}

/** To the address that the shop or the page got of the shopper, in the language that the shopper paid in. */
function shopperMail(
  { settings, clock }: Merchant,
  { session, attempts }: Snapshot,
  mail: Pick<Wanted, 'kind' | 'facts' | 'at'>,
): Wanted[] {
  const email = session.customer.email ?? attempts.findLast((attempt) => attempt.email !== null)?.email ?? '';
  if (email === '' || !settings.shopperMail) return [];
  const spoken = attempts.findLast(({ language }) => language !== null)?.language ?? null;
  const language =
    spoken ?? chooseLanguage({ chosen: undefined, locale: session.locale, acceptLanguage: undefined });
  return [{ ...mail, to: email, language, at: mail.at ?? clock.now() }];
}

function staffMails({ settings, clock }: Merchant, kind: MailKind, facts: MailFacts): Wanted[] {
  const { to, language } = settings.staffMail;
  return to.map((address) => ({ kind, to: address, language, facts, at: clock.now() }));
}
