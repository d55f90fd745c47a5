import { formatMoney } from '../../i18n/format.ts';
import { formatDay, formatDeadline, NUMBER_TEXTS, STEPS_CHECKED_ON } from '../../i18n/number/number-texts.ts';
import type { NumberTexts, PayPlace } from '../../i18n/number/texts.ts';
import type { Texts } from '../../i18n/texts.ts';
import type { Choice, Method } from '../../methods/method.ts';
import { choiceOf, inGroups, methodOf, numberParts } from '../../methods/methods.ts';
import type { NumberRow, Visit } from '../../payments/snapshot.ts';
import { readableName } from '../../vouchers/printed-name.ts';
import { type Drawing, placesOf, STEP_DRAWINGS } from './number-steps.ts';
import { viewVersion } from './select-view.ts';
import { type SlipDrawing, slipDrawing } from './slip.ts';

/** A number that was issued, as the shopper needs it at the store or the ATM. */
export interface NumberView {
  texts: NumberTexts;
  /** Changes when it is paid, or over. */
  version: string;
  method: Method['id'];
  /** Where it is paid: the chain, or the method itself. */
  place: string;
  /** `value` in groups for reading, `digits` for copying. */
  parts: { label: string; value: string; digits: string }[];
  amount: string;
  payBy: string;
  /** What the terminal prints. */
  printed: string;
  slip: SlipDrawing | null;
  orderId: string;
  /** Ways to pay with it, each step by step. */
  ways: { title: string; steps: { drawing: Drawing; text: Said[] }[] }[];
  notes: readonly string[];
  asOf: string;
}

/** A piece of a sentence; `label`: it stands so on the machine, in Japanese. */
export interface Said {
  text: string;
  label: boolean;
}

/** The number that the session was completed with, or null. */
export function numberView(visit: Visit, t: Texts): NumberView | null {
  const row = issuedNumber(visit);
  const method = row === null ? null : methodOf(row.method);
  if (row === null || method === null || row.parts === null) return null;
  const choice = choiceOf(method, row.choice);
  const { parts, payer } = row;
  const texts = NUMBER_TEXTS[t.lang];
  return {
    texts,
    version: viewVersion(visit),
    method: method.id,
    place: (choice ?? method).name[t.lang],
    parts: numberParts(method, choice).map(({ key, label, groups }) => {
      const digits = parts[key] ?? '';
      return { label: label[t.lang], digits, value: inGroups(digits, groups) };
    }),
    amount: formatMoney(t.lang, row.amount),
    payBy: payByText(visit, row, t),
    printed: readableName(payer),
    slip: row.barcode === null ? null : slipDrawing(row.barcode),
    orderId: visit.session.orderId,
    ways: waysOf(method, choice, texts, t),
    notes: notesOf(method, row.amount, texts),
    asOf: texts.asOf(formatDay(t.lang, STEPS_CHECKED_ON)),
  };
}

export function issuedNumber({ numbers }: Visit): NumberRow | null {
  return numbers.findLast(({ parts }) => parts !== null) ?? null;
}

/** Where the shopper pays now; null where the bank is chosen only there. */
export function bankName({ numbers }: Visit, t: Texts): string | null {
  const row = numbers.at(-1);
  const method = row === undefined ? null : methodOf(row.method);
  const choice = method === null ? null : choiceOf(method, row?.choice ?? null);
  return choice === null || choice.id === 'other' ? null : choice.name[t.lang];
}

export function payByText({ merchant }: Visit, { payBy }: NumberRow, t: Texts, nested = false): string {
  return formatDeadline(t.lang, payBy, merchant.clock.now(), nested);
}

function waysOf(method: Method, choice: Choice | null, texts: NumberTexts, t: Texts): NumberView['ways'] {
  return placesOf(method, choice).map((place) => ({
    title: texts.howTo(placeName(place, choice, texts, t)),
    steps: texts.steps[place].map((sentence, index) => ({
      drawing: STEP_DRAWINGS[place][index] ?? 'check',
      text: spoken(sentence),
    })),
  }));
}

function placeName(place: PayPlace, choice: Choice | null, texts: NumberTexts, t: Texts): string {
  if (choice !== null) return choice.name[t.lang];
  return place === 'atm' ? texts.atm : texts.netBanking;
}

/** An ATM's limit for cash (Act on Prevention of Transfer of Criminal Proceeds). */
const CASH_AT_ATM = 100_000;

function notesOf(method: Method, amount: number, { notes }: NumberTexts): readonly string[] {
  if (method.id === 'konbini') return notes.konbini;
  return amount > CASH_AT_ATM ? [notes.noCash, ...notes.payeasy] : notes.payeasy;
}

/** What is quoted is read off a machine, or said at the register: it is marked as Japanese. */
function spoken(sentence: string): Said[] {
  return sentence
    .split(/(「[^」]*」|“[^”]*”|‘[^’]*’)/)
    .filter((text) => text !== '')
    .map((text) => ({ text, label: /^[「“‘]/.test(text) }));
}
