import { inTransaction, type Tx } from '../db/client.ts';
import { authentications, type CardConsent } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import type { Language } from '../i18n/texts.ts';
import { newId, newTransactionId } from '../lib/ids.ts';
import { brandTakes, type PaymentType } from '../lib/payment-type.ts';
import { Problem } from '../lib/problem.ts';
import type { Secret } from '../lib/secret.ts';
import type { Merchant } from '../merchants/merchant.ts';
import { enqueue } from '../queue/enqueue.ts';
import { enrolment } from '../threeds/enrolment.ts';
import type { BrowserData } from '../threeds/port.ts';
import type { CardInput } from '../vault/parse-card.ts';
import { createToken, createTokenOfKept, findToken, type Token, useToken } from '../vault/tokens.ts';
import { advance, lockSession, toWall } from './advance.ts';
import { attemptRow, paidCard, type Start } from './attempt-row.ts';
import { beginAuthentication, runAuthentication } from './authenticate.ts';
import { type CreateSessionInput, openSession } from './create-session.ts';
import type { SavedCardRow } from './saved-cards.ts';
import { type AttemptRow, attemptInFlight, below, type Snapshot, type Visit } from './snapshot.ts';

export interface PayInput {
  /** One that the session offers and the card's brand takes. */
  paymentType: PaymentType;
  /** Asked for on the page when the session gave neither e-mail nor phone. */
  email: string | null;
  /** Of the page with the form. */
  language: Language;
  browser: BrowserData;
  /** What the shopper agreed to, where the session asks; the card is stored when the payment succeeds. */
  consent: CardConsent | null;
}

/**
 * The card form's verb: the card becomes a one-time token, the token starts an attempt, the attempt is authenticated
 * as far as it goes without the shopper. Harmless when the session has ended or an attempt is in flight.
 */
export async function payByCard(
  deps: Deps,
  visit: Visit,
  { card, ...input }: PayInput & { card: CardInput },
): Promise<void> {
  if (visit.session.status !== 'open' || attemptInFlight(visit) !== null) return;
  const { merchantId, mode, clock } = visit.merchant;
  const token = await createToken(deps, { merchantId, mode, card, now: clock.now() });
  await payByNewToken(deps, visit, token, null, input);
}

/** The same with a card that the shopper stored, and its security code. */
export async function payBySavedCard(
  deps: Deps,
  visit: Visit,
  { saved, securityCode, ...input }: PayInput & { saved: SavedCardRow; securityCode: Secret<string> },
): Promise<void> {
  if (visit.session.status !== 'open' || attemptInFlight(visit) !== null) return;
  const { merchantId, mode, clock } = visit.merchant;
  const { cardId, brand, cardholderName } = saved;
  const kept = { cardId, brand, cardholderName, securityCode };
  const token = await createTokenOfKept(deps, { merchantId, mode, now: clock.now(), ...kept });
  await payByNewToken(deps, visit, token, saved, input);
}

async function payByNewToken(
  deps: Deps,
  { merchant, session }: Visit,
  token: Token,
  saved: SavedCardRow | null,
  input: PayInput,
): Promise<void> {
  const owner = { merchantId: merchant.merchantId, mode: merchant.mode };
  const enrolled = await enrolment(deps, {
    mode: owner.mode,
    brand: token.brand,
    card: cardOf(merchant, token),
  });
  const started = await inTransaction(deps.db, 'payments.start_attempt', async (tx) => {
    const locked = await lockSession(tx, merchant.merchantId, session.id);
    if (locked === null || !mayStart(locked, merchant)) return null;
    await useToken(tx, { ...owner, tokenId: token.id, now: merchant.clock.now() });
    const start = { ...input, card: paidCard(token, token.id), enrolled, saved };
    const { snapshot, attempt } = await startAttempt(tx, deps, merchant, locked, start);
    if (attempt.phase === 'preparing') return null;
    return beginAuthentication(tx, deps, merchant, snapshot, attempt, input.browser);
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
      const nothing = { email: null, language: null, browser: null, saved: null, consent: null };
      const start = { card: paidCard(token, token.id), enrolled, paymentType, ...nothing };
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
export function mayStart(locked: Snapshot, merchant: Merchant): boolean {
  const { session } = locked;
  return (
    session.status === 'open' && attemptInFlight(locked) === null && merchant.clock.now() < session.expiresAt
  );
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
