import type { KeyObject } from 'node:crypto';
import { verifyRequest } from '../lib/http-signature.ts';
import type { Log } from '../lib/log.ts';
import { type CentreBook, type CentreNumber, digestOf } from './centre-book.ts';
import type { Notices } from './centre-notices.ts';
import { NumberRequest, newNumber, refusalOf } from './centre-numbers.ts';
import type { Faults } from './faults.ts';
import { type HttpReply, type HttpRequest, json } from './http.ts';

/** The voucher centre: docs/voucher-centre.md. */
export interface Centre {
  book: CentreBook;
  notices: Notices;
  faults: Faults;
  key: KeyObject;
  log: Log;
  /** Where a browser reaches the simulator, without a slash at the end. */
  baseUrl: string;
}

const PATH = /^\/centre\/(numbers|control)\/([A-Za-z0-9_-]{1,64})(?:\/([a-z]+))?$/;
const TOLERANCE_MS = 300_000;

/** Answers `/centre/…`; null where the address is not the centre's. */
export async function handleCentre(centre: Centre, request: HttpRequest): Promise<HttpReply | null> {
  if (!request.url.pathname.startsWith('/centre/')) return null;
  const { method, headers, body, url } = request;
  const signed = { method, url: url.href, headers, body, key: centre.key, now: new Date() };
  const verdict = verifyRequest({ ...signed, toleranceMs: TOLERANCE_MS });
  if (!verdict.ok) return json({ error: verdict.fault }, 401);
  const [, kind, reference = '', verb] = PATH.exec(url.pathname) ?? [];
  const call = `${method} ${kind}${verb === undefined ? '' : `/${verb}`}`;
  switch (call) {
    case 'PUT numbers':
      return withFaults(centre, 'issue', orderIn(body), () => issue(centre, reference, body));
    case 'GET numbers':
      return withFaults(centre, 'inquiry', orderOf(centre, reference), () => inquire(centre, reference));
    case 'POST numbers/withdraw':
      return withFaults(centre, 'withdraw', orderOf(centre, reference), () => withdraw(centre, reference));
    case 'POST control/pay':
    case 'POST control/expire':
    case 'POST control/voucher':
      return control(centre, reference, verb ?? '', parse(body));
    default:
      return json({ error: 'no such call' }, 404);
  }
}

/** Money at a register, an ATM or a bank. */
export function pay(
  { book, notices }: Centre,
  number: CentreNumber,
  place: string,
  amount = number.asked?.amount ?? 0,
): void {
  const deposit = book.deposit(number, place, amount);
  notices.tell(number, 'paid', deposit);
}

export function end(
  { book, notices }: Centre,
  number: CentreNumber,
  status: 'expired' | 'declined' | 'canceled',
): void {
  if (number.status !== 'issued') return;
  book.change(number, { status });
  notices.tell(number, status, null);
}

/** What a network may do wrong between us and the centre; a `decline` is a chain that is closed. */
async function withFaults(
  { faults, log }: Centre,
  message: string,
  orderId: string | undefined,
  answer: () => HttpReply,
): Promise<HttpReply> {
  const fault = faults.take({ message, ...(orderId === undefined ? {} : { orderId }) });
  if (fault) log.info({ message, action: fault.action }, 'centre fault');
  switch (fault?.action) {
    case 'drop_request':
      return { silence: 'hold' };
    case 'close':
      return { silence: 'cut' };
    case 'drop_answer':
      answer();
      return { silence: 'hold' };
    case 'delay': {
      const reply = answer();
      await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
      return reply;
    }
    case 'decline':
      return message === 'issue' ? json({ error: 'chain_closed' }, 422) : answer();
    case 'duplicate':
      answer();
      return answer();
    default:
      return answer();
  }
}

function issue(centre: Centre, reference: string, body: string): HttpReply {
  const { book, log } = centre;
  const parsed = NumberRequest.safeParse(parse(body));
  if (!parsed.success) {
    log.warn({ errors: parsed.error.issues.map(({ path }) => path.join('.')) }, 'centre refuses a request');
    return json({ error: 'invalid' }, 422);
  }
  const known = book.find(reference);
  if (known !== null) {
    if (known.asked === null || known.status === 'withdrawn') return json({ error: 'closed' }, 409);
    return known.asked.digest === digestOf(parsed.data)
      ? json(standing(centre, known))
      : json({ error: 'differs' }, 409);
  }
  const error = refusalOf(parsed.data, new Date());
  if (error !== null) return json({ error }, 422);
  return json(standing(centre, book.issue(reference, parsed.data, newNumber(parsed.data))), 201);
}

function inquire(centre: Centre, reference: string): HttpReply {
  const number = centre.book.find(reference);
  return number === null ? json({ error: 'unknown' }, 404) : json(standing(centre, number));
}

function withdraw(centre: Centre, reference: string): HttpReply {
  const { book } = centre;
  const number = book.find(reference) ?? book.close(reference);
  if (book.deposits(number).length > 0) return json({ error: 'paid', ...standing(centre, number) }, 409);
  if (number.status !== 'issued') return json(standing(centre, number));
  const { asked, voucher } = number;
  if (voucher || asked?.service === 'payeasy' || asked?.chain === 'daily_yamazaki') {
    return json({ error: 'not_withdrawable', ...standing(centre, number) }, 409);
  }
  book.change(number, { status: 'withdrawn' });
  return json(standing(centre, number));
}

/** Test mode's own: makes happen what otherwise a shopper or a calendar does. */
function control(centre: Centre, reference: string, verb: string, body: unknown): HttpReply {
  const number = centre.book.find(reference);
  if (number === null || number.asked === null) return json({ error: 'unknown' }, 404);
  if (verb === 'pay') pay(centre, number, placeOf(number), amountIn(body));
  if (verb === 'expire') end(centre, number, 'expired');
  if (verb === 'voucher') centre.book.change(number, { voucher: true });
  return json(standing(centre, number));
}

/** Where a number of this kind is paid. */
export function placeOf({ asked }: CentreNumber): string {
  if (asked?.service === 'payeasy') return 'ATM 0017-123';
  if (asked?.service === 'bank_link') return `bank ${asked.bank}`;
  return `${asked?.chain} 01234`;
}

function amountIn(body: unknown): number | undefined {
  const amount = typeof body === 'object' && body !== null && 'amount' in body ? body.amount : undefined;
  return typeof amount === 'number' && Number.isSafeInteger(amount) && amount > 0 ? amount : undefined;
}

function standing({ book, baseUrl }: Centre, number: CentreNumber) {
  const { reference, status, numbers, barcode } = number;
  const url = number.asked?.service === 'bank_link' ? `${baseUrl}/bank/${reference}` : null;
  return { reference, status, numbers, barcode, url, deposits: book.deposits(number) };
}

function orderOf({ book }: Centre, reference: string): string | undefined {
  return book.find(reference)?.asked?.order_id;
}

function orderIn(body: string): string | undefined {
  const parsed = NumberRequest.pick({ order_id: true }).loose().safeParse(parse(body));
  return parsed.success ? parsed.data.order_id : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
