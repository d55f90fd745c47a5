import { formatMoney } from '../../i18n/format.ts';
import { NUMBER_TEXTS } from '../../i18n/number/number-texts.ts';
import type { Language } from '../../i18n/texts.ts';
import { offeredBy } from '../../merchants/merchant.ts';
import type { Choice, Input, Method, MethodId } from '../../methods/method.ts';
import { methodOf, usable } from '../../methods/methods.ts';
import { INPUT_WORDS, METHOD_BUTTONS } from '../../methods/words.ts';
import type { Visit } from '../../payments/snapshot.ts';
import { askedInputs, fieldName, prefilled, printedAs } from './method-form.ts';
import type { FormState } from './pages.ts';

/** A way to pay, as the form lists it: one open at a time. */
export interface MethodRow {
  id: MethodId;
  flow: Method['flow'];
  name: string;
  hint: string | null;
  checked: boolean;
  /** What the one button says while this one is open; null = the amount, as for a card. */
  button: string | null;
  choice: ChoiceRow | null;
  fields: FieldRow[];
}

interface ChoiceRow {
  name: string;
  label: string;
  /** `asks`: what only this one asks for. */
  options: { id: string; name: string; checked: boolean; asks: string }[];
  fault: { code: string; text: string } | null;
  focus: boolean;
}

interface FieldRow {
  name: string;
  label: string;
  hint: string | null;
  value: string;
  autocomplete: string;
  inputmode: string;
  type: string;
  required: boolean;
  fault: { code: string; text: string } | null;
  focus: boolean;
  /** Asked for by some choices only: its input's word. */
  only: Input | null;
  /** A name as it will be printed, and the words before it; null where nothing is. */
  printed: { label: string; value: string } | null;
}

const ATTRIBUTES = {
  name: { autocomplete: 'name', inputmode: 'text', type: 'text', required: true },
  kana: { autocomplete: 'off', inputmode: 'text', type: 'text', required: true },
  phone: { autocomplete: 'tel-national', inputmode: 'tel', type: 'tel', required: true },
  email: { autocomplete: 'email', inputmode: 'email', type: 'email', required: false },
} as const satisfies Record<Input, object>;

/** The session's methods in its own order. The one that was chosen, or tried last, is open, else the first. */
export function methodRows(visit: Visit, state: FormState, language: Language): MethodRow[] {
  const methods = visit.session.methods.flatMap((id) => methodOf(id) ?? []);
  const wanted = state.chosen ?? visit.attempts.at(-1)?.method;
  const open = methods.find(({ id }) => id === wanted) ?? methods[0];
  const [firstFault = null] = Object.keys(state.faults);
  return methods.map((method) => ({
    id: method.id,
    flow: method.flow,
    name: method.name[language],
    hint: method.hint?.[language] ?? null,
    checked: method === open,
    button: method.flow === 'card' ? null : METHOD_BUTTONS[method.flow][language],
    choice: choiceRow(method, state, language, firstFault),
    fields: fieldRows(method, visit, state, language, firstFault),
  }));
}

/** What the merchant takes, but not for so much; only where the session left the choice to the merchant's settings. */
export function tooMuchFor(
  { merchant, session }: Visit,
  language: Language,
): { name: string; reason: string }[] {
  const methods = offeredBy(merchant.settings);
  if (usable(methods, session).join() !== session.methods.join()) return [];
  return methods.flatMap((id) => {
    const method = methodOf(id);
    if (method === null || session.amount <= method.limits.most) return [];
    if (session.capture === 'manual' && !method.holds) return [];
    const reason = NUMBER_TEXTS[language].form.upTo(formatMoney(language, method.limits.most));
    return [{ name: method.name[language], reason }];
  });
}

function choiceRow(
  method: Method,
  { typed, faults }: FormState,
  language: Language,
  firstFault: string | null,
): ChoiceRow | null {
  if (method.choice === null) return null;
  const name = fieldName(method, method.choice.name);
  return {
    name,
    label: method.choice.label[language],
    options: method.choice.of.map((choice) => ({
      id: choice.id,
      name: choice.name[language],
      checked: typed[name] === choice.id,
      asks: choice.inputs.join(' '),
    })),
    fault: faults[name] ?? null,
    focus: firstFault === name,
  };
}

function fieldRows(
  method: Method,
  visit: Visit,
  { typed, faults }: FormState,
  language: Language,
  firstFault: string | null,
): FieldRow[] {
  const values = { ...prefilled(method, visit), ...typed };
  return everyInput(method, visit).map((input) => {
    const name = fieldName(method, input);
    const { label, hint } = INPUT_WORDS[input];
    const value = values[name] ?? '';
    const only = method.inputs.includes(input) ? null : input;
    return {
      name,
      label: label[language],
      hint: only === null && input === 'phone' ? null : (hint?.[language] ?? null),
      value,
      ...ATTRIBUTES[input],
      fault: faults[name] ?? null,
      focus: firstFault === name,
      only,
      printed: printedLine(input, value, language),
    };
  });
}

/** Those of every choice, each once. */
function everyInput(method: Method, visit: Visit): Input[] {
  const choices: (Choice | null)[] = [null, ...(method.choice?.of ?? [])];
  const order: Input[] = ['name', 'kana', 'phone', 'email'];
  const asked = new Set(choices.flatMap((choice) => askedInputs(method, choice, visit)));
  return order.filter((input) => asked.has(input));
}

function printedLine(input: Input, value: string, language: Language): FieldRow['printed'] {
  if (input !== 'name' && input !== 'kana') return null;
  return { label: NUMBER_TEXTS[language].form.printed, value: printedAs(input, value) };
}
