import { randomBytes, randomInt } from 'node:crypto';
import { z } from 'zod';
import { type Cart, linesOf, totalOf } from './catalogue.ts';
import { PaymentShape, SessionShape } from './result-event.ts';
import { LANGUAGES, type Language, type Standing } from './texts.ts';
import { type Proof, type SignedResult, SignedResultShape, type Verdict } from './verify.ts';

export const OptionsShape = z.object({
  /** How the shopper pays: by a session that our server opens, a form that we sign, or a token from our own page. */
  way: z.enum(['api', 'entry', 'token']).catch('api'),
  return_method: z.enum(['post', 'get']).catch('post'),
  capture: z.enum(['automatic', 'manual']).catch('automatic'),
  /** A lump sum only, or instalments, revolving and bonus payments besides. */
  plans: z.enum(['one', 'all']).catch('one'),
});
export type Options = z.infer<typeof OptionsShape>;

/** One arrival of an event: the shopper's browser brought it, or the service did. */
const ReceiptShape = z.object({
  via: z.enum(['return', 'notification']),
  at: z.string(),
  result: SignedResultShape.omit({ payload: true }),
  proof: z.object({ hmacKey: z.string(), kid: z.string() }),
});
export type Receipt = z.infer<typeof ReceiptShape>;

const KnownEventShape = z.object({
  id: z.string(),
  type: z.string(),
  sequence: z.int(),
  sessionId: z.string(),
  timestamp: z.string(),
  payload: z.string(),
  receipts: z.array(ReceiptShape),
});
export type KnownEvent = z.infer<typeof KnownEventShape>;

/** What is known of a session: by the event of the highest sequence met so far; 0 before any. */
const VisitShape = z.object({
  id: z.string(),
  sequence: z.int(),
  session: SessionShape.nullable(),
  payment: PaymentShape.nullable(),
});
export type Visit = z.infer<typeof VisitShape>;

export const OrderShape = z.object({
  id: z.string(),
  /** In the address of the order's page: only the customer knows it. */
  key: z.string(),
  createdAt: z.string(),
  language: z.enum(LANGUAGES),
  items: z.array(z.object({ product: z.string(), quantity: z.int() })),
  /** Yen. */
  amount: z.int(),
  options: OptionsShape,
  /** Requests to the service that were answered: each further one gets an idempotency key of its own. */
  answered: z.int(),
  visits: z.array(VisitShape),
  /** The body of the form with the token, as it came: all that our server ever sees of a card. */
  received: z.string().optional(),
  events: z.array(KnownEventShape),
});
export type Order = z.infer<typeof OrderShape>;

const KEPT_RECEIPTS = 8;

export function newOrder(cart: Cart, options: Options, language: Language, now: Date): Order {
  const day = new Date(now.getTime() + 9 * 3_600_000).toISOString().slice(2, 10).replaceAll('-', '');
  return {
    id: `KH${day}-${Array.from({ length: 6 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')}`,
    key: randomBytes(18).toString('base64url'),
    createdAt: now.toISOString(),
    language,
    items: linesOf(cart).map(({ product, quantity }) => ({ product: product.id, quantity })),
    amount: totalOf(cart),
    options,
    answered: 0,
    visits: [],
    events: [],
  };
}

const ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';

/**
 * Takes a verified result in. The same event again, by whichever way, only adds its receipt; one of a lower sequence
 * than met before is kept in the list and changes nothing that is known.
 */
export function takeIn(order: Order, verdict: Verdict & { ok: true }, via: Receipt['via'], now: Date): void {
  const { event, result, proof } = verdict;
  const { session, payment, sequence } = event.data;
  if (session === null || sequence === null) return;
  const receipt = receiptOf(result, proof, via, now);
  const known = order.events.find(({ id }) => id === result.id);
  if (known !== undefined) {
    known.receipts = [...known.receipts, receipt].slice(-KEPT_RECEIPTS);
    return;
  }
  const { type, timestamp } = event;
  const { id, payload } = result;
  order.events.push({ id, type, sequence, sessionId: session.id, timestamp, payload, receipts: [receipt] });
  const visit = visitOf(order, session.id);
  if (sequence > visit.sequence) Object.assign(visit, { sequence, session, payment });
}

/** Notes a session that was opened for the order. */
export function visitOf(order: Order, sessionId: string): Visit {
  const known = order.visits.find(({ id }) => id === sessionId);
  if (known !== undefined) return known;
  const visit: Visit = { id: sessionId, sequence: 0, session: null, payment: null };
  order.visits.push(visit);
  return visit;
}

/** The visit that counts: the one with money in it, or else the latest. Session ids sort by time. */
export function currentVisit(order: Order): Visit | null {
  const latestFirst = [...order.visits].sort((a, b) => (a.id < b.id ? 1 : -1));
  const withMoney = latestFirst.find(({ session }) => (session?.payment_status ?? 'unpaid') !== 'unpaid');
  return withMoney ?? latestFirst[0] ?? null;
}

export function standingOf(order: Order): Standing {
  const visit = currentVisit(order);
  const byPayment = BY_PAYMENT[visit?.payment?.status ?? ''];
  if (byPayment !== undefined) return byPayment;
  if (visit?.session?.status === 'canceled') return 'left';
  if (visit?.session?.ended_reason === 'attempts_used') return 'failed';
  return visit?.session?.status === 'expired' ? 'expired' : 'unpaid';
}

const BY_PAYMENT: Record<string, Standing | undefined> = {
  processing: 'processing',
  awaiting_payment: 'awaiting',
  authorized: 'authorized',
  captured: 'paid',
  partially_refunded: 'partially_refunded',
  refunded: 'refunded',
  voided: 'voided',
  expired: 'lapsed',
};

/** Sessions in their order, and in each its events as they happened, whatever the order in which they came. */
export function eventsInOrder(order: Order): KnownEvent[] {
  return [...order.events].sort((a, b) =>
    a.sessionId === b.sessionId ? a.sequence - b.sequence : a.sessionId < b.sessionId ? -1 : 1,
  );
}

export function mayPay(standing: Standing): boolean {
  return ['unpaid', 'left', 'expired', 'failed', 'voided', 'lapsed'].includes(standing);
}

function receiptOf(
  { id, timestamp, signature }: SignedResult,
  proof: Proof,
  via: Receipt['via'],
  now: Date,
): Receipt {
  return { via, at: now.toISOString(), result: { id, timestamp, signature }, proof };
}
