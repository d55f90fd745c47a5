import type { Deps } from '../../deps.ts';
import { PAYMENT_ACTS_TEXTS } from '../../i18n/console/payment-acts.ts';
import { newId } from '../../lib/ids.ts';
import { Problem, type ProblemCode } from '../../lib/problem.ts';
import { methodOf } from '../../methods/methods.ts';
import { cancelPayment } from '../../payments/cancel-payment.ts';
import { capture } from '../../payments/capture.ts';
import { loadPayment } from '../../payments/queries.ts';
import { refund } from '../../payments/refund.ts';
import type { PaymentRow, Snapshot } from '../../payments/snapshot.ts';
import { money, paidBy } from './payments-words.ts';
import { type ConsoleAnswer, type ConsoleCall, type ConsoleRoute, page, redirect } from './route.ts';

export type Act = 'capture' | 'cancel' | 'refund';
type ActTexts = (typeof PAYMENT_ACTS_TEXTS)['ja'] | (typeof PAYMENT_ACTS_TEXTS)['en'];

export interface PaymentActData {
  t: ActTexts;
  act: Act;
  step: 'ask' | 'confirm' | 'refused';
  action: string;
  back: string;
  order: string;
  by: string;
  /** As it goes back into its field. */
  typed: { amount: string; reason: string };
  hint: string;
  fault: string | null;
  reasonFault: string | null;
  /** What the second look shows. */
  amount: string;
  after: string | null;
  go: string;
  /** Of the work: the same form sent twice does it once. */
  workId: string;
  /** Why nothing was done. */
  refusal: string;
}

interface Chosen {
  amount: number;
  reason: string | null;
  workId: string;
}

/** The verbs are those of the API; a cancellation is of all or nothing. */
const ACTS = {
  capture: {
    permission: 'payments.capture',
    work: 'op',
    run: (deps, { merchant }, paymentId, { amount, workId }) =>
      capture(deps, merchant, { paymentId, amount, workId }),
  },
  cancel: {
    permission: 'payments.cancel',
    work: 'op',
    run: (deps, { merchant }, paymentId, { workId }) => cancelPayment(deps, merchant, { paymentId, workId }),
  },
  refund: {
    permission: 'payments.refund',
    work: 're',
    run: (deps, { merchant }, paymentId, { amount, reason, workId }) =>
      refund(deps, merchant, { paymentId, amount, reason, workId }),
  },
} as const satisfies Record<Act, Spec>;

interface Spec {
  permission: ConsoleRoute['permission'];
  work: 'op' | 're';
  run(deps: Deps, call: ConsoleCall, paymentId: string, chosen: Chosen): Promise<unknown>;
}

const NAMES = ['capture', 'cancel', 'refund'] as const satisfies Act[];

export const actRoutes: ConsoleRoute[] = NAMES.flatMap((act) => [
  {
    method: 'get' as const,
    path: `/console/payments/:id/${act}`,
    permission: ACTS[act].permission,
    run: (deps: Deps, call: ConsoleCall) => look(deps, call, act),
  },
  {
    method: 'post' as const,
    path: `/console/payments/:id/${act}`,
    permission: ACTS[act].permission,
    run: (deps: Deps, call: ConsoleCall) => carryOut(deps, call, act),
  },
]);

/** What may be done with a payment as it stands, by somebody who may. */
export function possibleActs({ payment, numbers }: Snapshot, call: Pick<ConsoleCall, 'may'>): Act[] {
  if (payment === null) return [];
  return NAMES.filter((act) => call.may(ACTS[act].permission) && isPossible(act, payment, numbers));
}

function isPossible(act: Act, payment: PaymentRow, numbers: Snapshot['numbers']): boolean {
  const { status } = payment;
  if (act === 'refund') return methodOf(payment.method)?.refunds === 'network' && most(act, payment) > 0;
  if (act === 'capture') return status === 'authorized';
  return (
    status === 'authorized' || (status === 'awaiting_payment' && numbers.some((row) => row.closing === null))
  );
}

/** How much of it at most. */
function most(
  act: Act,
  { status, amount, amountCaptured, amountRefunded, amountRefunding }: PaymentRow,
): number {
  if (act !== 'refund') return amount;
  return status === 'captured' || status === 'partially_refunded'
    ? amountCaptured - amountRefunded - amountRefunding
    : 0;
}

/** Asks for the amount, and once there is one shows it for a second look. Changes nothing. */
async function look(deps: Deps, call: ConsoleCall, act: Act): Promise<ConsoleAnswer> {
  const snapshot = await loadPayment(deps, call.merchant, call.params.id ?? '');
  if (!possibleActs(snapshot, call).includes(act))
    return show(call, act, snapshot, { refusal: 'invalid_state' });
  const typed = { amount: call.query.get('amount'), reason: call.query.get('reason') ?? '' };
  if (typed.amount === null && act !== 'cancel') return show(call, act, snapshot, {});
  const workId = newId(ACTS[act].work, call.merchant.clock.now());
  return show(call, act, snapshot, { typed: { amount: typed.amount ?? '', reason: typed.reason }, workId });
}

async function carryOut(deps: Deps, call: ConsoleCall, act: Act): Promise<ConsoleAnswer> {
  const { params, form, merchant } = call;
  const snapshot = await loadPayment(deps, merchant, params.id ?? '');
  const typed = { amount: form.get('amount') ?? '', reason: form.get('reason') ?? '' };
  const workId = form.get('work') ?? '';
  const amount = readAmount(typed.amount);
  if (!new RegExp(`^${ACTS[act].work}_[0-9a-z]{39}$`).test(workId) || (act !== 'cancel' && amount === null))
    return show(call, act, snapshot, { typed, workId: newId(ACTS[act].work, merchant.clock.now()) });
  const paymentId = snapshot.payment?.id ?? '';
  const chosen = { amount: amount ?? 0, reason: typed.reason.trim() || null, workId };
  try {
    await ACTS[act].run(deps, call, paymentId, chosen);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (!DECLINED.includes(error.code)) {
      const now = await loadPayment(deps, merchant, paymentId);
      return show(call, act, now, { refusal: error.code });
    }
  }
  return redirect(`/console/payments/${paymentId}?done=${workId}`);
}

/** The network's no is told on the payment's page, by what the operation says. */
const DECLINED: readonly ProblemCode[] = ['capture_declined', 'void_declined', 'refund_declined'];

interface Shown {
  typed?: { amount: string; reason: string };
  workId?: string;
  refusal?: ProblemCode;
}

function show(
  call: ConsoleCall,
  act: Act,
  snapshot: Snapshot,
  { typed, workId = '', refusal }: Shown,
): ConsoleAnswer {
  const { payment, attempts } = snapshot;
  if (payment === null) throw new Problem('not_found', 'There is no such payment.');
  const { language } = call;
  const t = PAYMENT_ACTS_TEXTS[language];
  const limit = most(act, payment);
  const amount = act === 'cancel' ? limit : readAmount(typed?.amount ?? '');
  const right = amount !== null && amount >= 1 && amount <= limit;
  const long = (typed?.reason.length ?? 0) > MOST_REASON;
  const faulty = typed !== undefined && (!right || long);
  const step = refusal !== undefined ? 'refused' : typed !== undefined && !faulty ? 'confirm' : 'ask';
  const shown = money(language, amount ?? limit);
  const path = `/console/payments/${payment.id}`;
  const data: PaymentActData = {
    t,
    act,
    step,
    action: `${path}/${act}`,
    back: path,
    order: payment.orderId,
    by: paidBy(language, payment.method, attempts.findLast(({ status }) => status === 'succeeded') ?? null),
    typed: typed ?? { amount: String(limit), reason: '' },
    hint:
      act === 'capture'
        ? t.ask.captureHint(money(language, limit))
        : t.ask.refundHint(money(language, limit)),
    fault: typed !== undefined && !right ? t.ask.bad(money(language, limit)) : null,
    reasonFault: long ? t.ask.badReason : null,
    amount: shown,
    after: act === 'cancel' ? null : money(language, limit - (amount ?? limit)),
    go: t.confirm.go[act](shown),
    workId,
    refusal: refusal === undefined ? '' : t.refused[REFUSALS[refusal] ?? 'state'],
  };
  const title =
    step === 'refused' ? t.refused.title : step === 'confirm' ? t.confirm.title[act] : t.acts[act];
  return page('payment-act', {
    title,
    place: 'payments',
    data,
    status: step === 'refused' ? 409 : faulty ? 422 : 200,
  });
}

const MOST_REASON = 200;

const REFUSALS: Partial<Record<ProblemCode, Exclude<keyof ActTexts['refused'], 'title' | 'back'>>> = {
  operation_in_progress: 'running',
  amount_too_large: 'amount',
  number_not_withdrawable: 'withdraw',
  not_supported: 'supported',
};

/** Digits, also those of a Japanese keyboard, with or without separators. */
function readAmount(typed: string): number | null {
  const digits = typed.normalize('NFKC').replace(/[,¥\\円\s]/g, '');
  return /^0*[1-9]\d{0,8}$/.test(digits) ? Number(digits) : null;
}
