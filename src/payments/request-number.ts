import { inTransaction, type Tx } from '../db/client.ts';
import { numbers } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import type { Language } from '../i18n/texts.ts';
import { plus, SECOND } from '../lib/clock.ts';
import { newCapability, newId } from '../lib/ids.ts';
import { endOfDayInJapan } from '../lib/japan-day.ts';
import type { Merchant } from '../merchants/merchant.ts';
import type { Choice, Method } from '../methods/method.ts';
import { methodOf } from '../methods/methods.ts';
import type { Answer, Payer, Standing } from '../vouchers/port.ts';
import { printedContent } from '../vouchers/printed-name.ts';
import { advance, lockSession } from './advance.ts';
import { numberAttemptRow } from './attempt-row.ts';
import { AT_BANK_MS, closeNumber, lockNumber, nextLook, watchNumberAt, writeNumber } from './number-rows.ts';
import { mayStart } from './pay.ts';
import { recordDeposits } from './record-deposits.ts';
import { writeSearch } from './search-terms.ts';
import { below, type NumberRow, type Snapshot, type Visit } from './snapshot.ts';

export interface NumberInput {
  method: Method;
  choice: Choice | null;
  /** As the terminal prints it. */
  payer: Payer;
  /** Asked for on the page when the session gave none. */
  email: string | null;
  /** Of the page with the form. */
  language: Language;
}

/**
 * The verb of methods that are paid elsewhere: starts an attempt and asks the voucher centre for its number, or for
 * the bank's page. Harmless when the session has ended or an attempt is in flight.
 */
export async function payElsewhere(
  deps: Deps,
  { merchant, session }: Visit,
  input: NumberInput,
): Promise<void> {
  const asked = await inTransaction(deps.db, 'payments.request_number', async (tx) => {
    const locked = await lockSession(tx, merchant.merchantId, session.id);
    if (locked === null || !mayStart(locked, merchant)) return null;
    return start(tx, deps, merchant, locked, input);
  });
  if (asked !== null) await askForNumber(deps, merchant, asked.snapshot, asked.number, 'first');
}

async function start(
  tx: Tx,
  deps: Deps,
  merchant: Merchant,
  locked: Snapshot,
  { method, choice, payer, email, language }: NumberInput,
): Promise<{ snapshot: Snapshot; number: NumberRow }> {
  const now = merchant.clock.now();
  const attempt = numberAttemptRow(locked, { method: method.id, email, language }, now);
  const change = { event: 'attempt_started', attempt, paymentId: newId('pay', now) } as const;
  const started = await advance(tx, merchant, deps.clock.now(), locked, change);
  const { merchantId, mode, id: sessionId, orderId, amount, numberExpiresDays } = started.session;
  const id = `num_${newCapability(merchantId)}`;
  await tx.insert(numbers).values({
    merchantId,
    id,
    mode,
    sessionId,
    paymentId: started.payment?.id ?? '',
    attemptId: attempt.id,
    orderId,
    method: method.id,
    choice: choice?.id ?? null,
    amount,
    payer,
    status: 'requested',
    payBy: method.expires === 'number_day' ? endOfDayInJapan(now, numberExpiresDays) : attempt.deadlineAt,
    createdAt: now,
  });
  await watchNumberAt(tx, deps, merchant, { id, sessionId }, plus(deps.clock.now(), overdueMs(deps)));
  const snapshot = await below(tx, started.session);
  await writeSearch(tx, snapshot);
  const number = snapshot.numbers.find((row) => row.id === id);
  if (number === undefined) throw new Error('number was not recorded');
  return { snapshot, number };
}

function overdueMs({ config }: Deps): number {
  return config.voucherTimeoutMs + Math.min(config.leaseMs, 5 * SECOND);
}

/** The call between intent and outcome; repeated with the same reference it gives the same number. */
export async function askForNumber(
  deps: Deps,
  merchant: Merchant,
  { session, attempts }: Snapshot,
  number: NumberRow,
  time: 'first' | 'again',
): Promise<void> {
  const language = attempts.find(({ id }) => id === number.attemptId)?.language;
  const centre = deps.vouchers[merchant.mode];
  const service = methodOf(number.method)?.service;
  const answer: Answer =
    centre === null || service == null
      ? { kind: 'not_sent', reason: `no voucher centre for ${merchant.mode} mode` }
      : await centre.issue({
          reference: number.id,
          service,
          choice: number.choice,
          merchantId: merchant.merchantId,
          orderId: session.orderId,
          amount: number.amount,
          payBy: number.payBy,
          payer: number.payer,
          content: printedContent(merchant.name),
          returnUrl: `${deps.config.publicUrl}/p/${session.token}/returned${language ? `?lang=${language}` : ''}`,
        });
  await settleRequest(deps, merchant, number, answer, time);
}

/** Records what the centre said to a request. What it did not say, the watchdog asks again. */
async function settleRequest(
  deps: Deps,
  merchant: Merchant,
  number: NumberRow,
  answer: Answer,
  time: 'first' | 'again',
): Promise<void> {
  await inTransaction(deps.db, 'payments.settle_number', async (tx) => {
    const found = await lockNumber(tx, merchant, number);
    if (found === null || found.row.status !== 'requested' || found.row.closing !== null) return;
    const { locked, row, attempt } = found;
    if (answer.kind === 'standing' && answer.standing.status === 'issued') {
      await issued(tx, deps, merchant, locked, row, answer.standing);
      return;
    }
    const failure = failureOf(answer, time);
    if (failure === null || attempt?.phase !== 'requesting') {
      await watchNumberAt(tx, deps, merchant, row, plus(deps.clock.now(), 2 * SECOND));
      return;
    }
    await closeNumber(tx, deps, merchant, row);
    await advance(tx, merchant, deps.clock.now(), locked, { event: 'attempt_failed', ...failure });
  });
}

function failureOf(answer: Answer, time: 'first' | 'again') {
  switch (answer.kind) {
    case 'refused':
      return { failure: 'number_refused', detail: answer.error, counts: true } as const;
    case 'standing':
      return { failure: 'number_refused', detail: answer.standing.status, counts: true } as const;
    case 'not_sent':
      // Once it may have left, only the centre's word counts.
      return time === 'first'
        ? ({ failure: 'network_unavailable', detail: answer.reason, counts: false } as const)
        : null;
    default:
      return null;
  }
}

async function issued(
  tx: Tx,
  deps: Deps,
  merchant: Merchant,
  locked: Snapshot,
  row: NumberRow,
  standing: Standing,
): Promise<void> {
  const { numbers: parts, barcode, url: bankUrl, deposits } = standing;
  const now = merchant.clock.now();
  await writeNumber(tx, row, { status: 'issued', parts, barcode, bankUrl, issuedAt: now });
  const snapshot = await below(tx, locked.session);
  const elsewhere = methodOf(row.method)?.flow === 'redirect';
  const change = elsewhere
    ? ({ event: 'attempt_moved', phase: 'at_bank' } as const)
    : ({ event: 'number_issued' } as const);
  const after = await advance(tx, merchant, deps.clock.now(), snapshot, change);
  const next = elsewhere ? plus(deps.clock.now(), AT_BANK_MS) : nextLook(deps, merchant, row);
  await watchNumberAt(tx, deps, merchant, row, next);
  await recordDeposits(tx, deps, merchant, after, row, deposits);
}
