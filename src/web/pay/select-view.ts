import { wordOf } from '../../lib/payment-type.ts';
import { paymentTypeOf } from '../../payments/payment-types.ts';
import type {
  AttemptRow,
  AuthenticationRow,
  PaymentRow,
  SessionRow,
  Visit,
} from '../../payments/snapshot.ts';
import { attemptInFlight, lacksContact, numberOf } from '../../payments/snapshot.ts';

/** What the page shows: a function of the session's state and of nothing else. */
export type View =
  | {
      kind: 'form';
      /** The newest attempt when it failed. */
      failed: AttemptRow | null;
      cardholderInfo: string | null;
      attemptsLeft: number;
      /** The word of what the failed attempt was to be paid by: chosen again, so that nobody pays otherwise unawares. */
      paymentType: string;
      askEmail: boolean;
    }
  | {
      kind: 'preparing';
      attemptId: string;
      method: { url: string; transId: string } | null;
      /** A token came without any address of the shopper's: 3-D Secure needs one. */
      askEmail: boolean;
    }
  | {
      kind: 'challenge';
      attemptId: string;
      acsUrl: string;
      version: AuthenticationRow['version'];
      transId: string;
      acsTransId: string;
      cardholderInfo: string | null;
    }
  /** The shopper is to go to the bank's page, or has gone. */
  | { kind: 'bank'; attemptId: string; url: string }
  | { kind: 'waiting'; for: 'issuer' | 'challenge_result' | 'network' | 'number'; attemptId: string }
  | { kind: 'ended'; outcome: Outcome };

export type Outcome =
  | 'paid'
  | 'accepted'
  | 'voided'
  | 'refunded'
  | 'numberIssued'
  | 'numberExpired'
  | 'numberWithdrawn'
  | 'shopperCanceled'
  | 'merchantCanceled'
  | 'timedOut'
  | 'merchantExpired'
  | 'attemptsUsed'
  | 'replaced';

export function selectView(visit: Visit): View {
  if (visit.session.status !== 'open') return { kind: 'ended', outcome: outcomeOf(visit) };
  const attempt = attemptInFlight(visit);
  return attempt === null ? formView(visit) : attemptView(visit, attempt, authenticationOf(visit, attempt));
}

/** Changes whenever the view does: what a waiting page asks for. */
export function viewVersion({ session, authentication }: Visit): string {
  return `${session.version}${authentication?.returnedAt ? 'r' : ''}`;
}

function formView(visit: Visit): View {
  const { session, attempts } = visit;
  const newest = attempts.at(-1) ?? null;
  const failed = newest?.status === 'failed' ? newest : null;
  const counted = attempts.filter(({ status, counts }) => status === 'failed' && counts).length;
  return {
    kind: 'form',
    failed,
    cardholderInfo: failed === null ? null : (authenticationOf(visit, failed)?.cardholderInfo ?? null),
    attemptsLeft: Math.max(session.maxAttempts - counted, 0),
    paymentType: failed === null ? '' : wordOf(paymentTypeOf(failed)),
    askEmail: lacksContact(visit, null),
  };
}

function attemptView(visit: Visit, attempt: AttemptRow, authentication: AuthenticationRow | null): View {
  const attemptId = attempt.id;
  switch (attempt.phase) {
    case 'preparing':
      return {
        kind: 'preparing',
        attemptId,
        method: methodOf(authentication),
        askEmail: lacksContact(visit, attempt),
      };
    case 'challenge':
      if (authentication?.returnedAt) return { kind: 'waiting', for: 'challenge_result', attemptId };
      return challengeView(attemptId, authentication);
    case 'at_bank': {
      const url = numberOf(visit, attempt)?.bankUrl;
      return url == null ? { kind: 'waiting', for: 'number', attemptId } : { kind: 'bank', attemptId, url };
    }
    case 'requesting':
    case 'closing':
      return { kind: 'waiting', for: 'number', attemptId };
    case 'authenticating':
      return { kind: 'waiting', for: 'issuer', attemptId };
    default:
      return { kind: 'waiting', for: 'network', attemptId };
  }
}

function methodOf(authentication: AuthenticationRow | null): { url: string; transId: string } | null {
  if (authentication?.methodUrl == null || authentication.methodCompletedAt !== null) return null;
  return { url: authentication.methodUrl, transId: authentication.transId };
}

function challengeView(attemptId: string, authentication: AuthenticationRow | null): View {
  if (authentication?.acsUrl == null || authentication.acsTransId === null) {
    return { kind: 'waiting', for: 'issuer', attemptId };
  }
  const { acsUrl, acsTransId, version, transId, cardholderInfo } = authentication;
  return { kind: 'challenge', attemptId, acsUrl, acsTransId, version, transId, cardholderInfo };
}

/** The snapshot carries the newest attempt's transaction: another attempt's is none of this one's. */
function authenticationOf({ authentication }: Visit, attempt: AttemptRow): AuthenticationRow | null {
  return authentication?.attemptId === attempt.id ? authentication : null;
}

function outcomeOf({ session, payment }: Visit): Outcome {
  if (payment?.late === true) return payment.status === 'refunded' ? 'refunded' : 'paid';
  if (session.status === 'complete') return outcomeOfPayment(session, payment);
  switch (session.endedReason) {
    case 'replaced':
      return 'replaced';
    case 'attempts_used':
      return 'attemptsUsed';
    case 'merchant_expired':
      return 'merchantExpired';
    case 'merchant_canceled':
      return 'merchantCanceled';
    case 'shopper_canceled':
      return 'shopperCanceled';
    default:
      return session.status === 'canceled' ? 'merchantCanceled' : 'timedOut';
  }
}

function outcomeOfPayment({ endedReason }: SessionRow, payment: PaymentRow | null): Outcome {
  const byNumber = endedReason === 'number_issued';
  switch (payment?.status) {
    case 'awaiting_payment':
      return 'numberIssued';
    case 'authorized':
      return 'accepted';
    case 'voided':
      return byNumber ? 'numberWithdrawn' : 'voided';
    case 'expired':
      return byNumber ? 'numberExpired' : 'voided';
    case 'refunded':
      return 'refunded';
    default:
      return 'paid';
  }
}
