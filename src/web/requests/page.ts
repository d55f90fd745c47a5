import type { Config } from '../../config.ts';
import { formatMoney, type Money, moneyParts } from '../../i18n/format.ts';
import { formatDeadline } from '../../i18n/number/number-texts.ts';
import { REQUEST_TEXTS } from '../../i18n/request/request-texts.ts';
import type { RequestTexts } from '../../i18n/request/texts.ts';
import type { Language, Message } from '../../i18n/texts.ts';
import { fillIn } from '../../mail/compose.ts';
import { type Merchant, shopNameOf } from '../../merchants/merchant.ts';
import type { Stand } from '../../requests/stand.ts';
import type { PaymentRequest } from '../../requests/write.ts';
import type { Composed } from '../pay/compose.ts';
import { type Frame, frame, type Place } from '../pay/page.ts';
import { render } from '../render.ts';
import { asset } from '../static.ts';

/** The page behind a link that was sent by e-mail: who wants how much by when, first of all. */
export interface LandingPage extends Frame {
  words: RequestTexts;
  total: Money;
  due: string;
  description: string | null;
  /** The merchant's words, a line each. */
  message: string[];
  orderId: string;
  items: { name: string; quantity: number; amount: Money }[];
  /** What there is to do; null once it is over. */
  action: { text: string; button: string } | null;
  over: (Message & { done: boolean }) | null;
  receipt: string | null;
  /** Where it is asked whether a link is genuine, in this language. */
  check: string;
}

/** What a landing page is made of; a preview has a request that is not there yet. */
export type Shown = Pick<
  PaymentRequest,
  'orderId' | 'amount' | 'description' | 'lineItems' | 'customerName' | 'message' | 'dueAt'
>;

export function composeLanding(
  place: Place,
  merchant: Merchant,
  request: Shown,
  stand: Stand,
  config: Config,
): Composed {
  const base = frame(place, merchant, config);
  const { language } = place;
  const words = REQUEST_TEXTS[language];
  const due = formatDeadline(language, request.dueAt, merchant.clock.now());
  const over = overOf(words, stand, formatDeadline(language, request.dueAt, merchant.clock.now(), true));
  const page: LandingPage = {
    ...base,
    styles: [...base.styles, asset('request.css')],
    title: over?.title ?? words.title,
    words,
    total: moneyParts(language, request.amount),
    due,
    description: request.description,
    message: over === null ? messageOf(request, merchant, language, due) : [],
    orderId: request.orderId,
    items: (request.lineItems ?? []).map(({ name, quantity, unit_amount }) => ({
      name,
      quantity,
      amount: moneyParts(language, quantity * unit_amount),
    })),
    action: stand.kind === 'open' ? words.open : stand.kind === 'awaiting' ? words.awaiting : null,
    over,
    receipt: stand.kind === 'paid' && stand.receipt !== null ? `${stand.receipt}${base.query}` : null,
    check: `/r/check${base.query}`,
  };
  return composed(base, language, render('requests/landing', page), 200);
}

function messageOf(
  { message, customerName, orderId, amount }: Shown,
  merchant: Merchant,
  language: Language,
  due: string,
): string[] {
  if (message === null) return [];
  const values = {
    name: customerName ?? '',
    shop: shopNameOf(merchant),
    order: orderId,
    amount: formatMoney(language, amount),
    due,
  };
  return fillIn(message, values).split(/\r?\n/);
}

function overOf(words: RequestTexts, stand: Stand, due: string): LandingPage['over'] {
  if (stand.kind === 'paid') return { ...words.paid, done: true };
  if (stand.kind === 'canceled') return { ...words.canceled, done: false };
  return stand.kind === 'expired' ? { ...words.expired(due), done: false } : null;
}

/** `/r/check`: whether a link is one of ours, and whose. */
export interface CheckPage extends Frame {
  words: RequestTexts['check'];
  answer: (Message & { good: boolean; test: string | null }) | null;
}

/** What was found of what somebody pasted. */
export type Verdict =
  | { kind: 'genuine'; shop: string; mode: 'test' | 'live' }
  | { kind: 'unknown' | 'foreign' | 'none' | 'tooMany' };

export function composeCheck(place: Place, verdict: Verdict | null, config: Config): Composed {
  const base = frame(place, null, config);
  const words = REQUEST_TEXTS[place.language].check;
  const page: CheckPage = {
    ...base,
    styles: [...base.styles, asset('request.css')],
    title: words.title,
    words,
    answer: verdict === null ? null : answerOf(words, verdict),
  };
  const status = verdict?.kind === 'tooMany' ? 429 : 200;
  return composed(base, place.language, render('requests/check', page), status);
}

function answerOf(words: RequestTexts['check'], verdict: Verdict): CheckPage['answer'] {
  if (verdict.kind !== 'genuine') return { ...words[verdict.kind], good: false, test: null };
  const test = verdict.mode === 'test' ? words.test : null;
  return { ...words.genuine(verdict.shop), good: true, test };
}

function composed({ shop }: Frame, language: Language, html: string, status: number): Composed {
  return { html, kind: 'plain', status, language, logo: shop?.logo ?? null };
}
