import type { Language } from '../../i18n/texts.ts';
import { normaliseDigits } from '../../lib/card.ts';
import type { Choice, Input, Method } from '../../methods/method.ts';
import { choiceOf, inputsOf } from '../../methods/methods.ts';
import { CHOICE_MISSING, INPUT_WORDS } from '../../methods/words.ts';
import type { NumberInput } from '../../payments/request-number.ts';
import type { Visit } from '../../payments/snapshot.ts';
import type { Payer } from '../../vouchers/port.ts';
import { isSpoken, printedKana, printedName, readableName } from '../../vouchers/printed-name.ts';
import { type FieldFault, faultOfEmail } from './card-form.ts';

/** What was typed for a method, by the form's names: shown again where something is wrong with it. */
export type Typed = Record<string, string>;

export type ReadMethodForm =
  | { ok: true; input: NumberInput }
  | { ok: false; faults: Record<string, FieldFault>; typed: Typed };

/** A method's field as the form names it: no two methods share one. */
export function fieldName(method: Method, field: Input | 'chain' | 'bank'): string {
  return `${method.id}_${field}`;
}

/** What a method asks this shopper for: an address only where the session has none. */
export function askedInputs(method: Method, choice: Choice | null, { session }: Visit): Input[] {
  return inputsOf(method, choice).filter((input) => input !== 'email' || !session.customer.email);
}

/** What stands in a method's fields before anything was typed. */
export function prefilled(method: Method, { session }: Visit): Typed {
  const { name = '', name_kana: kana = '', phone = '' } = session.customer;
  return {
    [fieldName(method, 'name')]: name,
    [fieldName(method, 'kana')]: kana,
    [fieldName(method, 'phone')]: domestic(phone),
  };
}

/** A typed name as people will read it on the slip; empty where nothing was typed. */
export function printedAs(input: 'name' | 'kana', typed: string): string {
  if (typed.trim() === '') return '';
  return input === 'name' ? readableName(printedName(typed)) : printedKana(typed);
}

/** Reads the posted fields of a method that is paid elsewhere, all faults at once. */
export function readMethodForm(
  form: URLSearchParams,
  visit: Visit,
  method: Method,
  language: Language,
): ReadMethodForm {
  const typed: Typed = {};
  const faults: Record<string, FieldFault> = {};
  const take = (field: Input | 'chain' | 'bank') => {
    const name = fieldName(method, field);
    const value = (form.get(name) ?? '').slice(0, 300).normalize('NFC').trim();
    typed[name] = value;
    return value;
  };
  const choice = method.choice === null ? null : choiceOf(method, take(method.choice.name));
  if (method.choice !== null && choice === null) {
    const text = CHOICE_MISSING[method.choice.name][language];
    faults[fieldName(method, method.choice.name)] = { code: 'missing', text };
  }
  const values: Partial<Record<Input, string>> = {};
  for (const input of askedInputs(method, choice, visit)) {
    values[input] = take(input);
    const fault = faultOf(input, values[input]);
    if (fault !== null) {
      faults[fieldName(method, input)] = { code: fault, text: INPUT_WORDS[input][fault][language] };
    }
  }
  if (Object.keys(faults).length > 0) return { ok: false, faults, typed };
  const payer = payerOf(values);
  return { ok: true, input: { method, choice, payer, email: values.email || null, language } };
}

function payerOf({ name = '', kana, phone }: Partial<Record<Input, string>>): Payer {
  return {
    ...printedName(name),
    kana: kana === undefined ? null : printedKana(kana),
    phone: phone === undefined ? null : domestic(phone),
  };
}

function faultOf(input: Input, value: string): 'missing' | 'invalid' | null {
  switch (input) {
    case 'email':
      return value === '' ? null : faultOfEmail(value);
    case 'phone':
      if (value === '') return 'missing';
      return /^0\d{9,10}$/.test(domestic(value)) ? null : 'invalid';
    case 'kana':
      if (value === '') return 'missing';
      return isSpoken(value) && value.length <= 50 ? null : 'invalid';
    default:
      if (value === '') return 'missing';
      return [...value].length > 50 ? 'invalid' : null;
  }
}

/** Digits as they are dialled in Japan. */
function domestic(phone: string): string {
  const digits = normaliseDigits(phone).replace(/\D/g, '');
  return digits.startsWith('81') && digits.length >= 11 ? `0${digits.slice(2)}` : digits;
}
