import type { Deps } from '../deps.ts';
import { requestUrl } from './mails.ts';
import type { RequestView } from './queries.ts';

/** The API's object. Amounts in minor units, times RFC 3339 UTC. */
export function presentRequest({ config }: { config: Pick<Deps['config'], 'publicUrl'> }, view: RequestView) {
  const { request, paymentId, mail } = view;
  return {
    id: request.id,
    object: 'payment_request' as const,
    mode: request.mode,
    url: requestUrl(config, request),
    status: request.status,
    order_id: request.orderId,
    amount: request.amount,
    currency: request.currency,
    description: request.description,
    line_items: request.lineItems,
    customer: { name: request.customerName, email: request.email },
    locale: request.language,
    subject: request.subject,
    message: request.message,
    methods: request.methods,
    due_at: request.dueAt.toISOString(),
    send_at: request.sendAt?.toISOString() ?? null,
    remind_days: request.remindDays,
    times_sent: request.sends,
    last_mail: mail && {
      status: mail.status,
      answer: mail.answer,
      at: (mail.sentAt ?? mail.createdAt).toISOString(),
    },
    sent_at: request.sentAt?.toISOString() ?? null,
    opened_at: request.openedAt?.toISOString() ?? null,
    paid_at: request.paidAt?.toISOString() ?? null,
    ended_at: request.endedAt?.toISOString() ?? null,
    session_id: request.sessionId,
    payment_id: paymentId,
    batch_id: request.batchId,
    metadata: request.metadata,
    created_at: request.createdAt.toISOString(),
  };
}
