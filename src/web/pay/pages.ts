import type { FailureCode } from '../../db/schema.ts';
import { formatMoney, formatTime } from '../../i18n/format.ts';
import { NUMBER_TEXTS } from '../../i18n/number/number-texts.ts';
import { paymentTypeText } from '../../i18n/payment-types.ts';
import type { FailureText, Language, Message, Texts } from '../../i18n/texts.ts';
import { BRAND_NAMES, BRANDS, type Brand } from '../../lib/card.ts';
import { brandTakes, LUMP_SUM, wordOf } from '../../lib/payment-type.ts';
import type { MethodId } from '../../methods/method.ts';
import { methodOf } from '../../methods/methods.ts';
import { FAILURE_WORDS } from '../../methods/words.ts';
import type { SignedReturn } from '../../notify/returns.ts';
import { offeredTypes } from '../../payments/payment-types.ts';
import type { Visit } from '../../payments/snapshot.ts';
import { type FieldFault, type Kept, NOTHING_KEPT } from './card-form.ts';
import { type Asked, askedToKeep, type KeptCard, keptCards } from './kept-cards.ts';
import type { Typed } from './method-form.ts';
import { type MethodRow, methodRows, tooMuchFor } from './method-rows.ts';
import { issuedNumber, type NumberView, payByText } from './number-page.ts';
import type { Frame, Summary } from './page.ts';
import type { Receipt } from './receipt-rows.ts';
import type { Outcome, View } from './select-view.ts';

export interface FormPage extends Frame {
  summary: Summary;
  payText: string;
  methods: MethodRow[];
  /** Ways that the amount is too much for, and why. */
  tooMuch: { name: string; reason: string }[];
  brands: { id: Brand; name: string }[];
  /** Cards that the shopper kept; empty where there are none, or the session does not ask. */
  keptCards: KeptCard[];
  asked: Asked | null;
  /** Empty where a lump sum is all there is. */
  paymentTypes: PaymentTypeOption[];
  askEmail: boolean;
  kept: Kept;
  faults: FormState['faults'];
  faultCount: number;
  firstFault: string | null;
  /** The same words for our script, which checks before it posts. */
  fieldTexts: string;
  hints: string;
  notice: Notice | null;
}

/** Why the last attempt failed, and what can be done now. */
export interface Notice extends Message {
  code: string;
  left: string | null;
  fromIssuer: string | null;
  /** The other ways to pay, by name. */
  otherWays: string | null;
}

export interface PaymentTypeOption {
  word: string;
  text: string;
  selected: boolean;
  /** The brands that take it, for our script. */
  brands: string;
}

export interface PreparingPage extends Frame {
  summary: Summary;
  message: Message;
  attemptId: string;
  /** Then the page waits for the shopper instead of going on by itself. */
  askEmail: boolean;
  kept: Kept;
  fault: FieldFault | null;
  method: { url: string; data: string; timeoutMs: number } | null;
}

export interface ChallengePage extends Frame {
  summary: Summary;
  attemptId: string;
  acsUrl: string;
  creq: string;
  /** `threeDSSessionData`: says where the issuer's page will come back, to the whole page or into our frame. */
  fullPageData: string;
  framedData: string;
  version: string;
  fromIssuer: string | null;
}

export interface WaitingPage extends Frame {
  summary: Summary;
  message: Message;
  version: string;
  /** Null once the attempt can no longer be given up. */
  abandonable: string | null;
}

export interface BankPage extends Frame {
  summary: Summary;
  attemptId: string;
  /** The bank's name; null where the shopper chooses it there. */
  bank: string | null;
  url: string;
  version: string;
}

export interface EndedPage extends Frame {
  /** The merchant's words after a payment through its link; null = none. */
  thanks: string | null;
  outcome: Outcome;
  tone: 'done' | 'neutral';
  message: Message;
  receipt: Receipt | null;
  number: NumberView | null;
  result: SignedReturn;
  /** The shopper asked to stay: nothing goes on by itself. */
  stays: boolean;
}

export interface FormState {
  kept: Kept;
  /** By the form's names: the card's fields, and those of other methods. */
  faults: Partial<Record<string, FieldFault>>;
  /** The method that was chosen, or null before any choice. */
  chosen: MethodId | null;
  /** What was typed for it, if it is not the card. */
  typed: Typed;
}

export const UNTOUCHED: FormState = { kept: NOTHING_KEPT, faults: {}, chosen: null, typed: {} };

const FEW_ATTEMPTS = 2;

export function formPage(
  frame: Frame,
  summary: Summary,
  visit: Visit,
  view: View & { kind: 'form' } & FormState,
): FormPage {
  const { t } = frame;
  const { kept, faults } = view;
  const code = view.failed?.failure ? shownAs(view.failed.failure) : null;
  const inPlan = view.paymentType !== '' && view.paymentType !== wordOf(LUMP_SUM);
  const faulty = Object.keys(faults);
  return {
    ...frame,
    summary,
    payText: t.form.pay(formatMoney(t.lang, visit.session.amount)),
    methods: methodRows(visit, view, t.lang),
    tooMuch: tooMuchFor(visit, t.lang),
    brands: BRANDS.map((id) => ({ id, name: BRAND_NAMES[id] })),
    keptCards: keptCards(frame, visit, kept),
    asked: askedToKeep(frame, visit),
    paymentTypes: paymentTypeOptions(frame, visit, view),
    askEmail: view.askEmail,
    kept,
    faults,
    faultCount: faulty.length,
    firstFault: faulty[0] ?? null,
    fieldTexts: JSON.stringify({ ...t.form.fields, all: t.form.errorTitle }),
    hints: JSON.stringify([t.form.cscBack, t.form.cscFront, t.form.cscEither]),
    notice:
      code === null || faulty.length > 0
        ? null
        : {
            ...failureMessage(t, code === 'card_declined' && inPlan ? 'plan_declined' : code),
            code,
            otherWays: otherWaysText(visit, view.failed?.method ?? null, t.lang),
            left: view.attemptsLeft <= FEW_ATTEMPTS ? t.form.attemptsLeft(view.attemptsLeft) : null,
            fromIssuer: view.cardholderInfo,
          },
  };
}

function otherWaysText({ session }: Visit, failed: string | null, language: Language): string | null {
  const others = session.methods.flatMap((id) => (id === failed ? [] : (methodOf(id)?.name[language] ?? [])));
  return others.length === 0
    ? null
    : NUMBER_TEXTS[language].form.otherWays(others.join(SEPARATORS[language]));
}

const SEPARATORS: Record<Language, string> = {
  ja: '、',
  en: ', ',
  'zh-Hans': '、',
  'zh-Hant': '、',
  ko: ', ',
};

function paymentTypeOptions(
  { t }: Frame,
  visit: Visit,
  { paymentType, kept, faults }: View & { kind: 'form' } & FormState,
): PaymentTypeOption[] {
  const offered = offeredTypes(visit);
  if (offered.length === 1 && faults.payment_type === undefined) return [];
  const chosen = kept.paymentType || paymentType;
  return offered.map((type) => ({
    word: wordOf(type),
    text: paymentTypeText(t, type),
    selected: wordOf(type) === chosen,
    brands: BRANDS.filter((brand) => brandTakes(brand, type)).join(' '),
  }));
}

type ShownFailure = FailureText | keyof typeof FAILURE_WORDS;

/** A method's own failures stand with its words. */
export function failureMessage(t: Texts, code: ShownFailure): Message {
  if (!(code in FAILURE_WORDS)) return t.failures[code as FailureText];
  const { title, text } = FAILURE_WORDS[code as keyof typeof FAILURE_WORDS];
  return { title: title[t.lang], text: text[t.lang] };
}

/**
 * Every no to a card reads alike, whether issuer or limit: why it was is for the cardholder to ask and for the merchant
 * to see, and would tell somebody who tries numbers which digits were right.
 */
export function shownAs(failure: FailureCode): ShownFailure {
  switch (failure) {
    case 'insufficient_funds':
    case 'limit_exceeded':
    case 'expired_card':
    case 'invalid_card':
    case 'invalid_csc':
    case 'contact_issuer':
    case 'blocked':
      return 'card_declined';
    default:
      return failure;
  }
}

export function waitingMessage(frame: Frame, view: View & { kind: 'waiting' }): Message {
  const { threeDs, confirming, numbers } = frame.t;
  const messages = { issuer: threeDs.waiting, challenge_result: threeDs.returned, network: confirming };
  return view.for === 'number' ? numbers.requesting : messages[view.for];
}

/** A page that is looked at again much later says what was, not what has just happened. */
const JUST_NOW_MS = 10 * 60_000;

/** Whether the session ended some time ago. */
export function isLongAgo({ session, merchant }: Visit): boolean {
  return session.endedAt !== null && merchant.clock.now().getTime() - session.endedAt.getTime() > JUST_NOW_MS;
}

export function endedMessage(frame: Frame, visit: Visit, outcome: Outcome): Message {
  const { results, lang } = frame.t;
  const { session, payment, merchant } = visit;
  const now = merchant.clock.now();
  if (outcome === 'timedOut') return results.timedOut(formatTime(lang, session.expiresAt, now, true));
  if (outcome === 'numberIssued' || outcome === 'numberExpired') {
    const number = issuedNumber(visit);
    const by = number === null ? '' : payByText(visit, number, frame.t, true);
    return frame.t.numbers[outcome === 'numberIssued' ? 'issued' : 'expired'](by);
  }
  if (outcome === 'numberWithdrawn') return frame.t.numbers.withdrawn;
  if (outcome === 'paid' && payment?.late === true) return NUMBER_TEXTS[lang].late;
  return outcome === 'paid' && isLongAgo(visit) ? results.alreadyPaid : results[outcome];
}

export function toneOf(outcome: Outcome): 'done' | 'neutral' {
  return outcome === 'paid' || outcome === 'accepted' ? 'done' : 'neutral';
}
