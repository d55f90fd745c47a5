import type { Tx } from '../db/client.ts';
import type { mails } from '../db/schema.ts';
import { isPayable } from './state.ts';
import { change, lockRequest, type PaymentRequest } from './write.ts';

type Mail = Pick<typeof mails.$inferSelect, 'merchantId' | 'requestId' | 'kind' | 'subject' | 'recipient'>;

/** What became of a request's mail becomes of the request, in the transaction that records it. */
export async function requestMailed(
  tx: Tx,
  mail: Mail,
  status: 'sent' | 'bounced',
  at: Date | null,
): Promise<void> {
  if (mail.requestId === null || mail.kind === 'payment_request_canceled') return;
  const request = await lockRequest(tx, mail.merchantId, mail.requestId);
  if (request === null || !stillHolds(request, mail)) return;
  if (status === 'bounced') await change(tx, request, 'undelivered');
  else if (mail.kind === 'payment_request') await change(tx, request, 'mailed', { sentAt: at });
}

/** Nobody is asked for what is paid or over, at an address that was replaced, or twice where it was sent anew. */
export function stillHolds(request: PaymentRequest, { kind, subject, recipient }: Mail): boolean {
  if (kind === 'payment_request_canceled') return true;
  if (!isPayable(request.status) || request.email !== recipient) return false;
  if (kind === 'payment_request_reminder') return request.status !== 'bounced';
  return subject === `${request.id}/${request.sends}`;
}
