import { record } from '../audit/record.ts';
import { inTransaction } from '../db/client.ts';
import type { RequestStatus } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../lib/problem.ts';
import { oweRequestMails } from '../mail/owe.ts';
import type { Merchant } from '../merchants/merchant.ts';
import { mailOf, oweSendings } from './mails.ts';
import { isPayable } from './state.ts';
import { change, lockOwn, type PaymentRequest } from './write.ts';

export interface Sending {
  id: string;
  /** Another address than before; null = the one it has. */
  email: string | null;
  /** Null = at once. */
  sendAt: Date | null;
}

/**
 * Sends a request, or sends it again: what was on its way to be sent is replaced. Throws `not_found`, `invalid_state`,
 * `validation_failed` without an address.
 *
 * @param workId a repeat with the same one sends nothing.
 */
export async function sendRequest(
  deps: Deps,
  merchant: Merchant,
  { id, email, sendAt }: Sending,
  workId: string,
): Promise<PaymentRequest> {
  return inTransaction(deps.db, 'requests.send', async (tx) => {
    const before = await lockOwn(tx, merchant, id);
    if (before.sendWork === workId) return before;
    refuseOver(before);
    const to = email ?? before.email;
    if (to === null) throw withoutAddress();
    const at = sendAt ?? merchant.clock.now();
    if (at >= before.dueAt) {
      const detail = 'must be before the request is due: choose an earlier time';
      throw new Problem('validation_failed', 'One field needs attention; see errors.', {}, [
        { pointer: '#/send_at', code: 'after_due', detail },
      ]);
    }
    const more = { email: to, sendAt: at, sends: before.sends + 1, sendWork: workId };
    const after = await change(tx, before, 'queued', more);
    if (after === null) throw refused(before);
    await oweSendings(tx, deps, merchant, [after]);
    await record(tx, deps, merchant, {
      action: 'request.sent',
      target: id,
      details: { times: after.sends, other_address: to !== before.email && before.email !== null },
    });
    return after;
  });
}

const REMINDED: readonly RequestStatus[] = ['sent', 'opened'];

/** Reminds of a request that was sent. Throws `not_found`, `invalid_state`. A repeat with the same `workId` does nothing. */
export async function remindRequest(
  deps: Deps,
  merchant: Merchant,
  id: string,
  workId: string,
): Promise<PaymentRequest> {
  return inTransaction(deps.db, 'requests.remind', async (tx) => {
    const request = await lockOwn(tx, merchant, id);
    refuseOver(request);
    if (request.email === null) throw withoutAddress();
    if (!REMINDED.includes(request.status)) throw refused(request);
    const mail = mailOf(deps, request, 'payment_request_reminder', workId, merchant.clock.now());
    await oweRequestMails(tx, deps, merchant, [mail]);
    await record(tx, deps, merchant, { action: 'request.sent', target: id, details: { reminder: true } });
    return request;
  });
}

function refuseOver(request: PaymentRequest): void {
  if (!isPayable(request.status)) throw refused(request);
}

function refused({ id, status }: PaymentRequest): Problem {
  const advice: Partial<Record<RequestStatus, string>> = {
    draft: 'Send it first.',
    scheduled: 'Its mail has not left yet. Wait until it has.',
    bounced: 'Its mail came back. Send it to another address.',
    paid: 'There is nothing left to pay.',
    expired: 'Make a new one for the same order.',
    canceled: 'Make a new one for the same order.',
  };
  const detail = `Payment request ${id} is ${status}. ${advice[status] ?? ''}`.trim();
  return new Problem('invalid_state', detail, { request_status: status });
}

function withoutAddress(): Problem {
  const detail = 'is required: the request has no address to send it to';
  return new Problem('validation_failed', 'One field needs attention; see errors.', {}, [
    { pointer: '#/email', code: 'required', detail },
  ]);
}
