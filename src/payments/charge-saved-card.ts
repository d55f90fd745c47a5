import { note } from '../audit/note.ts';
import { record } from '../audit/record.ts';
import { inTransaction, type Tx } from '../db/client.ts';
import type { CaptureMode } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { newId } from '../lib/ids.ts';
import { LUMP_SUM } from '../lib/payment-type.ts';
import { Problem } from '../lib/problem.ts';
import type { Merchant } from '../merchants/merchant.ts';
import { advance, lockSession } from './advance.ts';
import { attemptRow, paidCard } from './attempt-row.ts';
import { type AuthorizationIntent, authorize, beginAuthorization } from './authorize.ts';
import { openSession } from './create-session.ts';
import { findSavedCard, isExpired, lockSavedCard, purposesOf, type SavedCardRow } from './saved-cards.ts';
import { below, loadSession, type Snapshot } from './snapshot.ts';

export interface ChargeInput {
  savedCardId: string;
  orderId: string;
  /** Minor units. */
  amount: number;
  capture: CaptureMode;
  description: string | null;
  metadata: Record<string, string>;
  /** `cs_…`: a repeat with the same one finds the charge that was begun. */
  workId: string;
}

/** `settled` false = the network has not said yes or no within its time: it is being reversed. */
export interface Charged {
  snapshot: Snapshot;
  settled: boolean;
}

/**
 * Charges a stored card without its cardholder, who agreed to that: no 3-D Secure and no security code, but a reference
 * to the payment of the agreement. It makes a session as the root of the payment, one that has no page. Throws
 * `not_found`, `charge_not_agreed`, `saved_card_expired`, `order_in_progress`, `order_already_paid`, `charge_declined`,
 * and `service_unavailable` when nothing was sent.
 */
export async function chargeSavedCard(deps: Deps, merchant: Merchant, input: ChargeInput): Promise<Charged> {
  const intent = await inTransaction(deps.db, 'payments.begin_charge', (tx) =>
    beginCharge(tx, deps, merchant, input),
  );
  if (intent !== null) await authorize(deps, merchant, intent);
  const snapshot = await loadSession(deps, merchant, input.workId);
  if (snapshot.payment?.status === 'failed') {
    if (intent !== null) await note(deps, merchant, { ...chargeOf(snapshot, input), outcome: 'failure' });
    throw refusalOf(snapshot);
  }
  return { snapshot, settled: snapshot.session.status === 'complete' };
}

function refuseUnusable(saved: SavedCardRow, merchant: Merchant): void {
  if (!purposesOf(saved).includes('merchant_charges')) {
    throw new Problem(
      'charge_not_agreed',
      'The cardholder let the card be kept for next time only. Ask with card.mandate, in a session for the shopper.',
    );
  }
  if (!isExpired(saved, merchant)) return;
  throw new Problem(
    'saved_card_expired',
    `The card expired at ${saved.expiresAt.toISOString()}. Send the shopper to a session with card.save: ask.`,
    { expires_at: saved.expiresAt.toISOString() },
  );
}

async function beginCharge(
  tx: Tx,
  deps: Deps,
  merchant: Merchant,
  input: ChargeInput,
): Promise<AuthorizationIntent | null> {
  if ((await lockSession(tx, merchant.merchantId, input.workId)) !== null) return null;
  const found = await findSavedCard(tx, merchant, input.savedCardId);
  refuseUnusable(found, merchant);
  const wallNow = deps.clock.now();
  const opened = await openSession(tx, merchant, wallNow, sessionOf(merchant, found, input), input.workId);
  // Sessions are locked before cards everywhere: a shopper may just now be paying for this order by this card.
  const saved = await lockSavedCard(tx, merchant, input.savedCardId);
  const now = merchant.clock.now();
  const attempt = {
    ...attemptRow(
      opened,
      {
        card: paidCard(saved, null),
        enrolled: { enrolled: false },
        paymentType: LUMP_SUM,
        email: null,
        language: null,
        browser: null,
        saved,
        consent: null,
      },
      now,
    ),
    phase: 'authenticated',
  } as const;
  const change = { event: 'attempt_started', attempt, paymentId: newId('pay', now) } as const;
  const started = await advance(tx, merchant, wallNow, opened, change);
  const locked = await below(tx, started.session);
  const [inFlight] = locked.attempts;
  if (inFlight === undefined) throw new Error('the charge has no attempt');
  const intent = await beginAuthorization(tx, deps, merchant, locked, inFlight);
  await record(tx, deps, merchant, chargeOf(locked, input));
  return intent;
}

function chargeOf({ payment }: Snapshot, { amount, savedCardId }: ChargeInput) {
  const details = { amount, saved_card: savedCardId };
  return { action: 'payment.charge', target: payment?.id ?? null, details } as const;
}

/** One attempt, no page, and no time to wait for a second: however the attempt ends, the session ends with it. */
function sessionOf(merchant: Merchant, saved: SavedCardRow, input: ChargeInput) {
  return {
    origin: 'charge' as const,
    orderId: input.orderId,
    amount: input.amount,
    currency: 'JPY' as const,
    description: input.description,
    lineItems: null,
    methods: ['card'],
    capture: input.capture,
    returnUrl: merchant.url,
    cancelUrl: null,
    returnMethod: 'post' as const,
    risk: null,
    customer: { reference: saved.customerReference },
    locale: 'auto',
    expiresIn: 0,
    numberExpiresDays: 0,
    maxAttempts: 1,
    card: {},
    metadata: input.metadata,
  };
}

function refusalOf({ attempts, operations, payment, session }: Snapshot): Problem {
  const ids = { payment_id: payment?.id, session_id: session.id };
  const failure = attempts.at(-1)?.failure ?? null;
  if (failure === 'network_unavailable') {
    return new Problem(
      'service_unavailable',
      'The network cannot be reached: nothing was sent or charged. Try again later, with a new Idempotency-Key.',
      ids,
    );
  }
  const code =
    operations.findLast(({ kind }) => kind === 'sale' || kind === 'authorize')?.responseCode ?? null;
  return new Problem('charge_declined', `The network declined the charge (${code ?? failure}).`, {
    ...ids,
    decline_code: code,
    failure,
  });
}
