/**
 * The voucher centre by HTTP, signed by RFC 9421 (docs/voucher-centre.md). Whatever is not an answer of the form that
 * stands there is `unknown`: only the centre's own word ends anything.
 */
import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../lib/clock.ts';
import { signRequest, verifyRequest } from '../lib/http-signature.ts';
import { throughSeam } from '../lib/seams.ts';
import type { Answer, Deposit, Notice, NumberRequest, Standing, VoucherCentre } from './port.ts';
import { isSlipCode } from './slip-code.ts';

export interface CentreOptions {
  /** Without a slash at the end. */
  url: string;
  key: KeyObject;
  /** Where its notices reach us. */
  noticeUrl: string;
  timeoutMs: number;
  clock: Clock;
  fetch: typeof fetch;
}

const US = 'payresort';
const TOLERANCE_MS = 300_000;

const WireDeposit = z.object({
  serial: z.string().min(1).max(64),
  amount: z.int().positive(),
  paid_at: z.iso.datetime({ offset: true }),
  place: z.string().max(100),
});
const WireStanding = z.object({
  reference: z.string(),
  status: z.enum(['issued', 'withdrawn', 'expired', 'declined', 'canceled']),
  numbers: z.record(z.string(), z.string().regex(/^\d{1,20}$/)),
  barcode: z.string().nullable(),
  url: z.url().nullable(),
  deposits: z.array(WireDeposit),
});
const WireError = z.object({ error: z.string().max(100) });
const WireNotice = z.object({
  reference: z.string().max(64),
  kind: z.enum(['paid', 'expired', 'declined', 'canceled']),
  deposit: WireDeposit.nullable(),
});

export function openVoucherCentre(options: CentreOptions): VoucherCentre {
  const at = (reference: string) => `${options.url}/numbers/${reference}`;
  return {
    issue: (request) =>
      throughSeam('vouchers.issue', async () =>
        checkSlip(await call(options, 'PUT', at(request.reference), wireRequest(options, request)), request),
      ),
    inquire: (reference) => throughSeam('vouchers.inquire', () => call(options, 'GET', at(reference), null)),
    withdraw: (reference) =>
      throughSeam('vouchers.withdraw', () => call(options, 'POST', `${at(reference)}/withdraw`, {})),
    control: async (reference, verb) => {
      const { status } = await send(options, 'POST', `${options.url}/control/${reference}/${verb}`, {});
      return status === 200;
    },
    readNotice: ({ url, headers, body }) => readNotice(options, url, headers, body),
  };
}

function wireRequest({ noticeUrl }: CentreOptions, request: NumberRequest) {
  const { service, choice, payer, payBy } = request;
  return {
    service,
    ...(service === 'konbini' ? { chain: choice } : {}),
    ...(service === 'bank_link' ? { bank: choice, return_url: request.returnUrl } : {}),
    merchant_id: request.merchantId,
    order_id: request.orderId,
    amount: request.amount,
    pay_by: payBy.toISOString(),
    payer,
    content: request.content,
    notice_url: noticeUrl,
  };
}

async function call(
  options: CentreOptions,
  method: string,
  url: string,
  body: object | null,
): Promise<Answer> {
  try {
    const { status, text } = await send(options, method, url, body);
    return readAnswer(method, status, text);
  } catch (error) {
    return isRefusedConnection(error)
      ? { kind: 'not_sent', reason: 'no connection' }
      : { kind: 'unknown', reason: error instanceof Error ? error.name : 'failed' };
  }
}

async function send(options: CentreOptions, method: string, url: string, body: object | null) {
  const text = body === null ? '' : JSON.stringify(body);
  const signed = signRequest({
    method,
    url,
    body: text,
    key: options.key,
    keyId: US,
    now: options.clock.now(),
  });
  const response = await options.fetch(url, {
    method,
    headers: { ...signed, ...(body === null ? {} : { 'Content-Type': 'application/json' }) },
    ...(body === null ? {} : { body: text }),
    redirect: 'error',
    signal: AbortSignal.timeout(options.timeoutMs),
  });
  return { status: response.status, text: await response.text() };
}

function readAnswer(method: string, status: number, text: string): Answer {
  const value = parseJson(text);
  if (status === 200 || status === 201) {
    const standing = WireStanding.safeParse(value);
    return standing.success
      ? { kind: 'standing', standing: toStanding(standing.data) }
      : { kind: 'unknown', reason: 'unreadable answer' };
  }
  const error = WireError.safeParse(value);
  const word = error.success ? error.data.error : '';
  if (status === 404 && method === 'GET') return { kind: 'unheard' };
  if (status === 409 && word === 'not_withdrawable') return { kind: 'not_withdrawable' };
  if (status === 409 && word === 'paid') {
    const standing = WireStanding.safeParse(value);
    if (standing.success) return { kind: 'standing', standing: toStanding(standing.data) };
  }
  const final = status === 422 || (status === 409 && (word === 'closed' || word === 'differs'));
  return final && word !== ''
    ? { kind: 'refused', error: word }
    : { kind: 'unknown', reason: `answer ${status}` };
}

/** A slip that a register would refuse, or take for another amount, is not shown. */
function checkSlip(answer: Answer, { amount }: NumberRequest): Answer {
  if (answer.kind !== 'standing' || answer.standing.barcode === null) return answer;
  return isSlipCode(answer.standing.barcode, amount)
    ? answer
    : { kind: 'unknown', reason: 'wrong slip code' };
}

function readNotice(options: CentreOptions, url: string, headers: Headers, body: string): Notice | null {
  const { key, clock } = options;
  const plain = Object.fromEntries(headers);
  const request = { method: 'POST', url, headers: plain, body, key, now: clock.now() };
  if (!verifyRequest({ ...request, toleranceMs: TOLERANCE_MS }).ok) return null;
  const parsed = WireNotice.safeParse(parseJson(body));
  if (!parsed.success) return null;
  const { reference, kind, deposit } = parsed.data;
  return { reference, kind, deposit: deposit && toDeposit(deposit) };
}

function toStanding({ status, numbers, barcode, url, deposits }: z.infer<typeof WireStanding>): Standing {
  return { status, numbers, barcode, url, deposits: deposits.map(toDeposit) };
}

function toDeposit({ serial, amount, paid_at, place }: z.infer<typeof WireDeposit>): Deposit {
  return { serial, amount, paidAt: new Date(paid_at), place };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The one failure after which nothing can have arrived. */
function isRefusedConnection(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return code === 'ECONNREFUSED' || code === 'ENOTFOUND';
}
