import { setTimeout } from 'node:timers/promises';
import { and, eq } from 'drizzle-orm';
import { inTransaction, type Tx } from '../db/client.ts';
import { authentications, type FailureCode } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { plus, SECOND } from '../lib/clock.ts';
import { unreachable } from '../lib/unreachable.ts';
import { addressMark } from '../limits/address.ts';
import type { Verdict } from '../limits/judge.ts';
import { admit, isSteppedUp, limited } from '../limits/trials.ts';
import type { Merchant } from '../merchants/merchant.ts';
import { enqueue, withdraw } from '../queue/enqueue.ts';
import { authenticate } from '../threeds/authenticate.ts';
import type { AuthenticationRequest, AuthenticationResult, BrowserData } from '../threeds/port.ts';
import { marksOf } from '../vault/cards.ts';
import { advance, lockSession } from './advance.ts';
import { type AuthorizationIntent, authorize, beginAuthorization } from './authorize.ts';
import { declineOf } from './failures.ts';
import { paymentTypeOf } from './payment-types.ts';
import {
  type AttemptRow,
  attemptInFlight,
  below,
  lacksContact,
  type Snapshot,
  type Visit,
} from './snapshot.ts';

/** What is sent to the Directory Server, committed before it is. */
export interface AuthenticationIntent {
  sessionId: string;
  attemptId: string;
  /** Null when there is nobody to ask: the card's range is not enrolled or not known. */
  request: AuthenticationRequest | null;
  /** How long the limits against card testing make it wait. */
  delayMs: number;
  /** Whether they let only a passed challenge through. */
  steppedUp: boolean;
}

export interface ContinueInput {
  attemptId: string;
  browser: BrowserData;
  /** Asked for on the page when neither the session nor the attempt had an address. */
  email: string | null;
}

/**
 * The page's verb after the 3DS Method or with the browser's data: goes on with the attempt that waits for it. Does
 * nothing while 3-D Secure lacks an address.
 */
export async function continueAuthentication(deps: Deps, visit: Visit, input: ContinueInput): Promise<void> {
  const { merchant } = visit;
  const intent = await inTransaction(deps.db, 'payments.continue_attempt', async (tx) => {
    const locked = await lockSession(tx, merchant.merchantId, visit.session.id);
    const attempt = locked === null ? null : attemptInFlight(locked);
    if (locked === null || attempt?.id !== input.attemptId || attempt.phase !== 'preparing') return null;
    const email = lacksContact(locked, attempt) ? input.email : attempt.email;
    if (lacksContact(locked, { ...attempt, email })) return null;
    return beginAuthentication(tx, deps, merchant, locked, { ...attempt, email }, input.browser);
  });
  if (intent !== null) await runAuthentication(deps, merchant, intent);
}

/**
 * Records that the AReq is about to leave, with a watchdog for the case that its answer finds nobody. Null when a limit
 * against card testing ended the attempt.
 */
export async function beginAuthentication(
  tx: Tx,
  deps: Deps,
  merchant: Merchant,
  locked: Snapshot,
  attempt: AttemptRow,
  browser: BrowserData,
): Promise<AuthenticationIntent | null> {
  const now = deps.clock.now();
  const verdict = await admitAttempt(tx, deps, merchant, attempt, browser);
  if (verdict.kind === 'refuse') {
    await failAttempt(tx, deps, merchant, locked, 'blocked', `limit by ${verdict.reason}`);
    return null;
  }
  const delayMs = verdict.kind === 'allow' ? 0 : verdict.delayMs;
  const steppedUp = verdict.kind === 'step_up';
  if (attempt.phase !== 'authenticating') {
    const email = attempt.email ?? undefined;
    await advance(tx, merchant, now, locked, { event: 'attempt_moved', phase: 'authenticating', email });
  }
  const ids = { merchant_id: merchant.merchantId, session_id: locked.session.id, attempt_id: attempt.id };
  await enqueue(tx, {
    name: 'watch_authentication',
    key: attempt.id,
    payload: ids,
    runAt: plus(now, delayMs + 2 * deps.config.dsTimeoutMs + Math.min(deps.config.leaseMs, 5 * SECOND)),
    clock: 'wall',
    merchantId: merchant.merchantId,
    mode: merchant.mode,
    now,
  });
  // Whoever lets the merchant charge the card later is asked by the issuer now: it will not be asked then.
  const lasting = attempt.consent?.purposes.includes('merchant_charges') === true;
  const mandated = steppedUp || lasting || wasSoftDeclined(locked, attempt);
  const request = requestOf(merchant, locked, attempt, browser, now, mandated);
  return { sessionId: locked.session.id, attemptId: attempt.id, request, delayMs, steppedUp };
}

/** The issuer would have liked a challenge before it said yes: the next attempt brings one. */
function wasSoftDeclined(snapshot: Snapshot, attempt: AttemptRow): boolean {
  const before = snapshot.attempts.find(({ ordinal }) => ordinal === attempt.ordinal - 1);
  return before !== undefined && declineOf(snapshot, before)?.advice === 'challenge';
}

async function admitAttempt(
  tx: Tx,
  deps: Deps,
  merchant: Merchant,
  attempt: AttemptRow,
  browser: BrowserData,
): Promise<Verdict> {
  if (!limited(merchant) || attempt.cardId === null) return { kind: 'allow' };
  const marks = await marksOf(tx, { merchantId: merchant.merchantId, cardId: attempt.cardId });
  if (marks === null) return { kind: 'allow' };
  const { key } = await deps.keys.active('fingerprint');
  const address = addressMark(browser.ip, key);
  return admit(tx, deps, merchant, { attemptId: attempt.id, address, ...marks });
}

/** Asks the Directory Server and goes on by its answer: to the authorisation, to a challenge, or to an end. */
export async function runAuthentication(
  deps: Deps,
  merchant: Merchant,
  intent: AuthenticationIntent,
): Promise<void> {
  if (intent.delayMs > 0) await setTimeout(intent.delayMs);
  const result: AuthenticationResult =
    intent.request === null
      ? { kind: 'unavailable', transStatus: null, ids: null, eci: null, detail: 'card range not enrolled' }
      : await authenticate(deps, intent.request);
  const authorization = await inTransaction(deps.db, 'payments.settle_authentication', async (tx) => {
    const locked = await lockSession(tx, merchant.merchantId, intent.sessionId);
    const attempt = locked === null ? null : attemptInFlight(locked);
    if (locked === null || attempt?.id !== intent.attemptId || attempt.phase !== 'authenticating')
      return null;
    await withdraw(tx, 'watch_authentication', attempt.id);
    return settleAuthentication(tx, deps, merchant, locked, attempt, result, intent.steppedUp);
  });
  if (authorization !== null) await authorize(deps, merchant, authorization);
}

async function settleAuthentication(
  tx: Tx,
  deps: Deps,
  merchant: Merchant,
  locked: Snapshot,
  attempt: AttemptRow,
  result: AuthenticationResult,
  steppedUp: boolean,
): Promise<AuthorizationIntent | null> {
  await recordResult(tx, deps, attempt, result);
  const current = await below(tx, locked.session);
  const now = deps.clock.now();
  switch (result.kind) {
    case 'authenticated':
    case 'informational':
      if (!steppedUp) return beginAuthorization(tx, deps, merchant, current, attempt);
      await failAttempt(tx, deps, merchant, current, 'blocked', 'no challenge where one was demanded');
      return null;
    case 'challenge':
      await advance(tx, merchant, now, current, { event: 'attempt_moved', phase: 'challenge' });
      return null;
    case 'refused': {
      const failure = result.transStatus === 'R' ? 'authentication_rejected' : 'authentication_failed';
      await failAttempt(tx, deps, merchant, current, failure, result.reason);
      return null;
    }
    case 'unavailable':
      if (result.byBrowser) {
        await failAttempt(tx, deps, merchant, current, 'authentication_unavailable', result.detail);
        return null;
      }
      return withoutAuthentication(tx, deps, merchant, current, attempt, result.detail);
    default:
      return unreachable(result);
  }
}

/** 3-D Secure gave no answer: the merchant's policy decides, by default the payment is refused. */
export async function withoutAuthentication(
  tx: Tx,
  deps: Deps,
  merchant: Merchant,
  locked: Snapshot,
  attempt: AttemptRow,
  detail: string,
): Promise<AuthorizationIntent | null> {
  if (await mayProceed(tx, merchant, attempt)) {
    return beginAuthorization(tx, deps, merchant, locked, attempt);
  }
  await failAttempt(tx, deps, merchant, locked, 'authentication_unavailable', detail);
  return null;
}

/** Whether an attempt goes on unauthenticated: the merchant's policy, unless a challenge was demanded. */
export async function mayProceed(tx: Tx, { settings }: Merchant, attempt: AttemptRow): Promise<boolean> {
  if (settings.whenAuthenticationUnavailable === 'refuse') return false;
  return !(await isSteppedUp(tx, attempt.merchantId, attempt.id));
}

/** Ends the attempt in flight as failed. */
export async function failAttempt(
  tx: Tx,
  deps: Deps,
  merchant: Merchant,
  locked: Snapshot,
  failure: FailureCode,
  detail: string | null,
): Promise<void> {
  const change = { event: 'attempt_failed', failure, detail, counts: true } as const;
  await advance(tx, merchant, deps.clock.now(), locked, change);
}

async function recordResult(
  tx: Tx,
  deps: Deps,
  attempt: AttemptRow,
  result: AuthenticationResult,
): Promise<void> {
  const transStatus = result.kind === 'challenge' ? 'C' : result.transStatus;
  await tx
    .update(authentications)
    .set({
      transStatus,
      acsTransId: result.ids?.acsTransId ?? null,
      dsTransId: result.ids?.dsTransId ?? null,
      eci: result.kind === 'challenge' ? null : result.eci,
      ...('authenticationValue' in result ? { authenticationValue: result.authenticationValue } : {}),
      ...(result.kind === 'refused' ? { reason: result.reason, cardholderInfo: result.cardholderInfo } : {}),
      ...(result.kind === 'challenge'
        ? { acsUrl: result.acsUrl, cardholderInfo: result.cardholderInfo, challengedAt: deps.clock.now() }
        : {}),
    })
    .where(
      and(eq(authentications.merchantId, attempt.merchantId), eq(authentications.attemptId, attempt.id)),
    );
}

function requestOf(
  merchant: Merchant,
  { session, authentication }: Snapshot,
  attempt: AttemptRow,
  browser: BrowserData,
  purchasedAt: Date,
  mandated: boolean,
): AuthenticationRequest | null {
  if (authentication === null || authentication.attemptId !== attempt.id) return null;
  if (attempt.cardId === null || attempt.brand === null) return null;
  const { customer } = session;
  return {
    mode: merchant.mode,
    transId: authentication.transId,
    version: authentication.version,
    card: { merchantId: merchant.merchantId, cardId: attempt.cardId },
    brand: attempt.brand,
    compInd: compIndOf(authentication),
    challenge: mandated ? 'challenge_mandated' : merchant.settings.challengePreference,
    requestor: {
      merchantId: merchant.merchantId,
      merchantName: merchant.name,
      url: merchant.url,
      mcc: merchant.mcc,
      countryCode: '392',
      acquirerBin: merchant.acquirerBin,
      acquirerMerchantId: merchant.acquirerMerchantId,
    },
    shopper: {
      cardholderName: attempt.cardholderName ?? '',
      email: attempt.email ?? customer.email ?? null,
      phone: customer.phone ?? null,
      reference: customer.reference ?? null,
      account: customer.account,
      billingAddress: customer.billing_address ?? null,
      shippingAddress: customer.shipping_address ?? null,
    },
    risk: session.risk,
    browser,
    amount: session.amount,
    currency: session.currency,
    installments: paymentTypeOf(attempt).count,
    purchasedAt,
  };
}

function compIndOf(authentication: {
  methodUrl: string | null;
  methodCompletedAt: Date | null;
}): 'Y' | 'N' | 'U' {
  if (authentication.methodUrl === null) return 'U';
  return authentication.methodCompletedAt === null ? 'N' : 'Y';
}
