import { classify } from '../../acquirer/response-codes.ts';
import { note } from '../../audit/note.ts';
import { loadStory, type PaymentStory } from '../../books/payment-story.ts';
import type { Deps } from '../../deps.ts';
import { PAYMENT_TEXTS } from '../../i18n/console/payment.ts';
import { PAYMENT_ACTS_TEXTS } from '../../i18n/console/payment-acts.ts';
import { Problem } from '../../lib/problem.ts';
import { methodOf } from '../../methods/methods.ts';
import { RESOLUTIONS, resolveActionItem } from '../../payments/action-items.ts';
import { receiptPath } from '../../payments/present.ts';
import { actRoutes, possibleActs } from './payment-acts.ts';
import { type Moment, timelineOf } from './payment-timeline.ts';
import {
  type Chip,
  marksOf,
  maskedEmail,
  maskedName,
  maskedPhone,
  money,
  paidBy,
  stamp,
  statusChip,
} from './payments-words.ts';
import { type ConsoleAnswer, type ConsoleCall, type ConsoleRoute, page, redirect } from './route.ts';

type Texts = (typeof PAYMENT_TEXTS)['ja'] | (typeof PAYMENT_TEXTS)['en'];

export interface PaymentData {
  t: Texts;
  back: string;
  said: { text: string; kind: 'good' | 'notice' | 'bad' } | null;
  chip: Chip;
  marks: string[];
  amount: string;
  facts: [string, string][];
  receipt: string | null;
  customer: [string, string][];
  /** Where personal data is shown, or masked again; null for who may not see it. */
  reveal: string | null;
  hide: string | null;
  items: { action: string | null; title: string; amount: string; at: string }[];
  acts: { text: string; href: string; first: boolean }[];
  /** Said where money cannot go back the way it came. */
  noRefund: string | null;
  moments: Moment[];
}

const PATH = '/console/payments/:id';

export const detailRoutes: ConsoleRoute[] = [
  { method: 'get', path: PATH, permission: 'payments.read', run: (deps, call) => show(deps, call, null) },
  { method: 'post', path: `${PATH}/items/:item`, permission: 'action_items.resolve', run: resolve },
  ...actRoutes,
];

async function show(deps: Deps, call: ConsoleCall, fault: string | null): Promise<ConsoleAnswer> {
  const { language, merchant, params, query, may } = call;
  const t = PAYMENT_TEXTS[language];
  const story = await loadStory(deps, merchant, params.id ?? '');
  const { payment } = story.snapshot;
  const allowed = may('personal_data.read');
  const personal = allowed && query.get('personal') === '1';
  if (personal) await note(deps, merchant, { action: 'payment.seen', target: payment.id });
  const here = `/console/payments/${payment.id}`;
  const acts = possibleActs(story.snapshot, call);
  const paid = payment.status === 'captured' || payment.status === 'partially_refunded';
  const data: PaymentData = {
    t,
    back: `/console/payments?${query.get('back') ?? ''}`,
    said: fault === null ? saidOf(story, call) : { text: fault, kind: 'bad' },
    chip: statusChip(language, payment.status),
    marks: marksOf(language, payment),
    amount: money(language, payment.amount),
    facts: factsOf(story, call),
    receipt: receiptPath(payment),
    customer: customerOf(story, call, personal),
    reveal: allowed && !personal ? `${here}?personal=1` : null,
    hide: personal ? here : null,
    items: openItems(story, call),
    acts: acts.map((act) => ({
      text: PAYMENT_ACTS_TEXTS[language].acts[act],
      href: `${here}/${act}`,
      first: act === 'capture',
    })),
    noRefund:
      paid && methodOf(payment.method)?.refunds !== 'network' ? PAYMENT_ACTS_TEXTS[language].noRefund : null,
    moments: timelineOf(story, language, personal),
  };
  return page('payment', {
    title: t.title(payment.orderId),
    place: 'payments',
    data,
    status: fault === null ? 200 : 422,
  });
}

function factsOf({ snapshot }: PaymentStory, { language }: ConsoleCall): [string, string][] {
  const { facts } = PAYMENT_TEXTS[language];
  const { payment, session, attempts, operations } = snapshot;
  const own = attempts.filter(({ paymentId }) => paymentId === payment.id);
  const { amountCaptured, amountRefunded, amountRefunding, captureBefore, status } = payment;
  const sums: [string, number][] = [
    [facts.captured, amountCaptured],
    [facts.refunded, amountRefunded],
    [facts.refunding, amountRefunding],
  ];
  const approval = operations.findLast(({ approvalCode }) => approvalCode !== null)?.approvalCode ?? null;
  return [
    ...sums.filter(([, sum]) => sum > 0).map(([name, sum]): [string, string] => [name, money(language, sum)]),
    [facts.method, paidBy(language, payment.method, own.at(-1) ?? null)],
    [facts.begun, stamp(payment.createdAt).text],
    ...(status === 'authorized' && captureBefore !== null
      ? [[facts.captureBefore, stamp(captureBefore).text] as [string, string]]
      : []),
    ...(session.description === null ? [] : [[facts.description, session.description] as [string, string]]),
    ...(approval === null ? [] : [[facts.approval, approval] as [string, string]]),
    [facts.id, payment.id],
  ];
}

/** Of the session, else what was typed on the page. */
function customerOf(
  { snapshot }: PaymentStory,
  { language }: ConsoleCall,
  personal: boolean,
): [string, string][] {
  const t = PAYMENT_TEXTS[language].customer;
  const { session, attempts, numbers } = snapshot;
  const { name, name_kana, email, phone, shipping_address, billing_address } = session.customer;
  const [attempt, payer] = [attempts.at(-1), numbers.at(-1)?.payer];
  const { state: _, country: __, ...address } = shipping_address ?? billing_address ?? {};
  const rows: [string, string | null | undefined, (text: string) => string][] = [
    [t.name, name ?? attempt?.cardholderName ?? (payer && `${payer.name1} ${payer.name2}`), maskedName],
    [t.kana, name_kana ?? payer?.kana, maskedName],
    [t.email, email ?? attempt?.email, maskedEmail],
    [t.phone, phone ?? payer?.phone, maskedPhone],
    [t.address, Object.values(address).join(' '), () => '＊＊＊'],
  ];
  return rows.flatMap(([label, text, mask]) => (text ? [[label, personal ? text : mask(text)]] : []));
}

function openItems({ items, snapshot }: PaymentStory, { language, may }: ConsoleCall): PaymentData['items'] {
  const t = PAYMENT_TEXTS[language].items;
  return items
    .filter(({ resolvedAt }) => resolvedAt === null)
    .map((item) => ({
      action: may('action_items.resolve')
        ? `/console/payments/${snapshot.payment.id}/items/${item.id}`
        : null,
      title: t[item.kind],
      amount: money(language, item.amount),
      at: stamp(item.createdAt).text,
    }));
}

/** What came of the work that the address names, as it stands now: true on every reload. */
function saidOf({ snapshot }: PaymentStory, { language, query }: ConsoleCall): PaymentData['said'] {
  const done = query.get('done');
  if (done === null) return null;
  const [t, acts] = [PAYMENT_TEXTS[language], PAYMENT_ACTS_TEXTS[language].done];
  if (done === 'resolved') return { text: t.items.resolved, kind: 'good' };
  if (done === 'already') return { text: t.items.already, kind: 'notice' };
  const number = snapshot.numbers.find(({ closedBy }) => closedBy === done);
  if (number !== undefined) {
    const settled = snapshot.payment.status === 'voided';
    return settled
      ? { text: acts.cancel(money(language, number.amount)), kind: 'good' }
      : { text: acts.pending, kind: 'notice' };
  }
  const operation = snapshot.operations.find(({ id }) => id === done);
  if (operation === undefined) return null;
  const { status, kind, amount, responseCode, japanCode } = operation;
  if (status === 'pending') return { text: acts.pending, kind: 'notice' };
  if (status === 'failed') {
    const decline = responseCode === null ? null : classify(responseCode, japanCode);
    const why = decline === null ? '' : ` ${t.cause}: ${decline.reason[language]} (${t.code(decline.code)})`;
    return { text: `${acts.declined}${why}`, kind: 'bad' };
  }
  const act = kind === 'capture' ? 'capture' : kind === 'refund' ? 'refund' : 'cancel';
  return { text: acts[act](money(language, amount)), kind: 'good' };
}

/** Notes what was done about an item; no money moves. */
async function resolve(deps: Deps, call: ConsoleCall): Promise<ConsoleAnswer> {
  const { merchant, params, form, language } = call;
  const resolution = RESOLUTIONS.find((one) => one === form.get('resolution'));
  if (resolution === undefined) return show(deps, call, PAYMENT_TEXTS[language].items.choose);
  const text = (form.get('note') ?? '').trim().slice(0, 500) || null;
  const here = `/console/payments/${params.id}`;
  try {
    await resolveActionItem(deps, merchant, { id: params.item ?? '', resolution, note: text });
  } catch (error) {
    if (error instanceof Problem && error.code === 'invalid_state') return redirect(`${here}?done=already`);
    throw error;
  }
  return redirect(`${here}?done=resolved`);
}
