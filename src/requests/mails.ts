import type { Tx } from '../db/client.ts';
import type { Deps } from '../deps.ts';
import { timeInJapan } from '../lib/japan-day.ts';
import { oweRequestMails, type RequestMail } from '../mail/owe.ts';
import type { Merchant } from '../merchants/merchant.ts';
import type { PaymentRequest } from './write.ts';

/** The hour in Japan at which people are reminded. */
const REMINDING_HOUR = 10;

/**
 * Owes the mail of requests that were queued, and their reminders. Whether each still holds is looked at when it is
 * due (`mail/send.ts`); what was owed before is not owed twice.
 */
export function oweSendings(
  tx: Tx,
  deps: Deps,
  merchant: Merchant,
  requests: PaymentRequest[],
): Promise<void> {
  const owed = requests.flatMap((request) => {
    const { email, sendAt, sends } = request;
    if (email === null || sendAt === null) return [];
    const first = mailOf(deps, request, 'payment_request', `${sends}`, sendAt);
    return [first, ...remindersOf(deps, request, sendAt)];
  });
  return oweRequestMails(tx, deps, merchant, owed);
}

/** Days before it is due; not on a day that has gone, nor before the request itself. */
function remindersOf(deps: Deps, request: PaymentRequest, sendAt: Date): RequestMail[] {
  return request.remindDays.flatMap((days) => {
    const at = timeInJapan(request.dueAt, -days, REMINDING_HOUR);
    return at > sendAt ? [mailOf(deps, request, 'payment_request_reminder', `due-${days}`, at)] : [];
  });
}

/** A mail about a request, to its address. `which`: what makes it this one among those of its kind. */
export function mailOf(
  { config }: Pick<Deps, 'config'>,
  request: PaymentRequest,
  kind: RequestMail['kind'],
  which: string,
  at: Date,
): RequestMail {
  const { id, email, language, orderId, amount, dueAt } = request;
  const { customerName: name, description, subject, message } = request;
  return {
    kind,
    requestId: id,
    subject: `${id}/${which}`,
    to: email ?? '',
    language,
    at,
    facts: {
      orderId,
      amount,
      method: null,
      choice: null,
      parts: null,
      payBy: dueAt.toISOString(),
      link: kind === 'payment_request_canceled' ? null : requestUrl(config, request),
      endpoint: null,
      request: { name, description, subject, message },
    },
  };
}

export function requestUrl(
  { publicUrl }: Pick<Deps['config'], 'publicUrl'>,
  { token }: { token: string },
): string {
  return `${publicUrl}/r/${token}`;
}
