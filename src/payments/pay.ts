import { inTransaction, type Tx } from '../db/client.ts';
import { authentications } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { MINUTE, plus } from '../lib/clock.ts';
import { newId, newTransactionId } from '../lib/ids.ts';
import { brandTakes, type PaymentType } from '../lib/payment-type.ts';
import { Problem } from '../lib/problem.ts';
import type { Merchant } from '../merchants/merchant.ts';
import { enqueue } from '../queue/enqueue.ts';
import { enrolment } from '../threeds/enrolment.ts';
import type { BrowserData, Enrolment } from '../threeds/port.ts';
import type { CardInput } from '../vault/parse-card.ts';
import { createToken, findToken, type Token, useToken } from '../vault/tokens.ts';
import { advance, lockSession, toWall } from './advance.ts';
import { beginAuthentication, runAuthentication } from './authenticate.ts';
import { type CreateSessionInput, openSession } from './create-session.ts';
import { type AttemptRow, attemptInFlight, below, type Snapshot, type Visit } from './snapshot.ts';

/** An attempt ends within this of its start (contract, section 9). */
const ATTEMPT_MS = 15 * MINUTE;

export interface PayByCardInput {
  card: CardInput;
  /** One that the session offers and the card's brand takes. */
  paymentType: PaymentType;
  /** Asked for on the page when the session gave neither e-mail nor phone. */
  email: string | null;
  browser: BrowserData;
}

/**
 * The card form's verb: the card becomes a one-time token, the token starts an attempt, the attempt is authenticated
 * as far as it goes without the shopper. Harmless when the session has ended or an attempt is in flight.
 */
export async function payByCard(deps: Deps, visit: Visit, input: PayByCardInput): Promise<void> {
  if (visit.session.status !== 'open' || attemptInFlight(visit) !== null) return;
  const { merchant } = visit;
  const owner = { merchantId: merchant.merchantId, mode: merchant.mode };
  const token = await createToken(deps, { ...owner, card: input.card, now: merchant.clock.now() });
  const enrolled = await enrolment(deps, {
    mode: owner.mode,
    brand: token.brand,
    card: cardOf(merchant, token),
  });
  const started = await inTransaction(deps.db, 'payments.start_attempt', async (tx) => {
    const locked = await lockSession(tx, merchant.merchantId, visit.session.id);
    if (locked === null || !mayStart(locked, merchant)) return null;
    await useToken(tx, { ...owner, tokenId: token.id, now: merchant.clock.now() });
    const { paymentType, email, browser } = input;
    const { snapshot, attempt } = await startAttempt(tx, deps, merchant, locked, {
      token,
      enrolled,
      paymentType,
      email,
      browser,
    });
    if (attempt.phase === 'preparing') return null;
    return beginAuthentication(tx, deps, merchant, snapshot, attempt, browser);
  });
  if (started !== null) await runAuthentication(deps, merchant, started);
}

export interface TokenPaymentInput extends CreateSessionInput {
  token: string;
  paymentType: PaymentType;
}

/**
 * `POST /v1/payments`: uses a token up, opens a session with its first attempt and leaves the rest to our pages:
 * nothing is authenticated or authorised in the call. Throws as `createSession` does, and `not_found`, `token_used`,
 * `token_expired`, and `validation_failed` where the card's brand does not take the payment type.
 */
export async function payByToken(
  deps: Deps,
  merchant: Merchant,
  input: TokenPaymentInput,
  workId: string = newId('cs', merchant.clock.now()),
): Promise<Snapshot> {
  const { token: tokenId, paymentType, ...session } = input;
  const owner = { merchantId: merchant.merchantId, mode: merchant.mode };
  const token = await findToken(deps.db, { ...owner, tokenId });
  if (token === null) throw new Problem('not_found', 'There is no such token in this mode.');
  const made = await findMade(deps, merchant, workId);
  if (made !== null) return made;
  refuseSpent(token, merchant);
  refuseForBrand(token, paymentType);
  const enrolled = await enrolment(deps, {
    mode: owner.mode,
    brand: token.brand,
    card: cardOf(merchant, token),
  });
  try {
    return await inTransaction(deps.db, 'payments.start_from_token', async (tx) => {
      await useToken(tx, { ...owner, tokenId, now: merchant.clock.now() });
      const opened = await openSession(tx, merchant, deps.clock.now(), session, workId);
      const start = { token, enrolled, paymentType, email: null, browser: null };
      return (await startAttempt(tx, deps, merchant, opened, start)).snapshot;
    });
  } catch (error) {
    // The same request, resumed while its first run was still at it: that one has used the token, for this very work.
    const madeMeanwhile = await findMade(deps, merchant, workId);
    if (madeMeanwhile !== null) return madeMeanwhile;
    throw error;
  }
}

/** Told before anybody is asked about the card; `useToken` decides. */
function refuseSpent(token: Token, merchant: Merchant): void {
  if (token.usedAt !== null) throw new Problem('token_used', 'A token pays once. Make a new one.');
  if (merchant.clock.now() >= token.expiresAt) {
    throw new Problem('token_expired', 'A token is good for 15 minutes. Make a new one.');
  }
}

function refuseForBrand({ brand }: Token, paymentType: PaymentType): void {
  if (brandTakes(brand, paymentType)) return;
  throw new Problem('validation_failed', 'One field needs attention; see errors.', {}, [
    {
      pointer: '#/card/payment_type',
      code: 'not_for_brand',
      detail: `is not taken by ${brand} cards: use lump_sum`,
    },
  ]);
}

async function findMade(deps: Deps, merchant: Merchant, workId: string): Promise<Snapshot | null> {
  return inTransaction(deps.db, 'payments.find_made', (tx) => lockSession(tx, merchant.merchantId, workId));
}

function cardOf(merchant: Merchant, token: Token) {
  return { merchantId: merchant.merchantId, cardId: token.cardId };
}

/** Expiry stops the start of an attempt; a second one never starts beside the first. */
function mayStart(locked: Snapshot, merchant: Merchant): boolean {
  const { session } = locked;
  return (
    session.status === 'open' && attemptInFlight(locked) === null && merchant.clock.now() < session.expiresAt
  );
}

interface Start {
  token: Token;
  enrolled: Enrolment;
  paymentType: PaymentType;
  email: string | null;
  /** Null when no browser has been met yet (a token by API). */
  browser: BrowserData | null;
}

async function startAttempt(
  tx: Tx,
  deps: Deps,
  merchant: Merchant,
  locked: Snapshot,
  start: Start,
): Promise<{ snapshot: Snapshot; attempt: AttemptRow }> {
  const now = merchant.clock.now();
  const attempt = attemptRow(locked, start, now);
  const change = { event: 'attempt_started', attempt, paymentId: newId('pay', now) } as const;
  const snapshot = await advance(tx, merchant, deps.clock.now(), locked, change);
  if (start.enrolled.enrolled === true) {
    await tx.insert(authentications).values({
      merchantId: merchant.merchantId,
      transId: newTransactionId(merchant.merchantId),
      attemptId: attempt.id,
      sessionId: locked.session.id,
      version: start.enrolled.version,
      methodUrl: start.enrolled.methodUrl,
      createdAt: now,
    });
  }
  await enqueue(tx, {
    name: 'end_attempt',
    key: attempt.id,
    payload: { merchant_id: merchant.merchantId, session_id: locked.session.id, attempt_id: attempt.id },
    runAt: toWall(merchant, deps.clock.now(), attempt.deadlineAt),
    clock: 'merchant',
    merchantId: merchant.merchantId,
    mode: merchant.mode,
    now: deps.clock.now(),
  });
  return { snapshot: await below(tx, snapshot.session), attempt };
}

function attemptRow(locked: Snapshot, start: Start, now: Date): AttemptRow {
  const { token, enrolled, paymentType, email, browser } = start;
  const runsMethod = enrolled.enrolled === true && enrolled.methodUrl !== null && browser?.javascriptEnabled;
  return {
    merchantId: locked.session.merchantId,
    id: newId('att', now),
    sessionId: locked.session.id,
    paymentId: locked.payment?.id ?? '',
    ordinal: locked.attempts.length + 1,
    method: 'card',
    status: 'in_progress',
    phase: browser === null || runsMethod ? 'preparing' : 'authenticating',
    failure: null,
    failureDetail: null,
    counts: true,
    tokenId: token.id,
    cardId: token.cardId,
    brand: token.brand,
    last4: token.last4,
    expMonth: token.expMonth,
    expYear: token.expYear,
    cardholderName: token.cardholderName,
    paymentType: paymentType.type,
    installments: paymentType.count,
    email,
    browser,
    createdAt: now,
    deadlineAt: plus(now, ATTEMPT_MS),
    endedAt: null,
  };
}
