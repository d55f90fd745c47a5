/**
 * Reading a message and saying what is wrong with it: EMV 3DS 2.2.0, sections 5.1 and 5.9, Req 207–212 and 309. An
 * Erro names one kind of fault; of several the first of this order is told:
 *
 *   101 not JSON, or not a message for us · 204 an element twice · 102 version not spoken · 204 an item of an array
 *   twice · 201 required ones missing · 203 empty, or wrong format or value · 202 critical extension not known ·
 *   304 excluded ISO number
 */
import { elementsOf } from './encoding.ts';
import { type MessageFault, versionOf } from './erro.ts';
import {
  type Category,
  type Elements,
  type FieldRule,
  type MessageType,
  VERSIONS,
  type Version,
} from './field-rule.ts';
import { rulesFor } from './fields.ts';
import { parseJson } from './parse-json.ts';

export interface Message {
  type: MessageType;
  version: Version;
  /** Only the elements that have a rule; each has been held against it. */
  elements: Elements;
}

export type Reading =
  | { ok: true; message: Message }
  /** `elements` are what could be read, so that an Erro can name the transaction. */
  | { ok: false; fault: MessageFault; elements: Elements };

export interface Expectation {
  expected: readonly MessageType[];
  /** Of the transaction, for messages that do not say it themselves; a payment unless told. */
  category?: Category;
}

/** Reads the JSON text of one message. Never throws. */
export function readMessage(text: string, { expected, category = '01' }: Expectation): Reading {
  const parsed = parseJson(text);
  const elements = elementsOf(parsed?.value) ?? {};
  const refuse = (errorCode: MessageFault['errorCode'], names: readonly string[]): Reading => ({
    ok: false,
    fault: { errorCode, errorDetail: names.join(',') },
    elements,
  });
  const type = expected.find((each) => each === elements.messageType);
  if (type === undefined) return refuse('101', ['messageType']);
  if (parsed !== null && parsed.duplicates.length > 0) return refuse('204', parsed.duplicates);
  if (!('messageVersion' in elements)) return refuse('201', ['messageVersion']);
  if (!isVersion(elements.messageVersion)) return refuse('203', ['messageVersion']);
  const version = versionOf(elements);
  if (version === null) return refuse('102', VERSIONS);
  const rules = rulesFor(type, version);
  const fault = faultOf(elements, rules, elements.messageCategory === '02' ? '02' : category);
  if (fault !== null) return { ok: false, fault, elements };
  const known = rules.filter(({ name }) => name in elements).map(({ name }) => [name, elements[name]]);
  return { ok: true, message: { type, version, elements: Object.fromEntries(known) } };
}

/** The text of an element, or null where it is not there. */
export function textOf({ elements }: Message, name: string): string | null {
  const value = elements[name];
  return typeof value === 'string' ? value : null;
}

function isVersion(value: unknown): boolean {
  return typeof value === 'string' && /^\d{1,2}\.\d{1,2}\.\d{1,2}$/.test(value);
}

function faultOf(message: Elements, rules: readonly FieldRule[], category: Category): MessageFault | null {
  const present = rules.filter(({ name }) => name in message);
  const missing = rules.filter((rule) => !(rule.name in message) && isDue(rule, message, category));
  const wrong = present.filter((rule) => !accepts(rule, message[rule.name]));
  const repeated = present.filter(({ type, name }) => type === 'array' && hasRepeats(message[name]));
  const extensions = readExtensions(message.messageExtension);
  return (
    tell(
      '204',
      repeated.map(({ name }) => name),
    ) ??
    tell('201', [...missing.map(({ name }) => name), ...extensions.missing]) ??
    tell('203', [...wrong.flatMap((rule) => wrongNames(rule, message[rule.name])), ...extensions.wrong]) ??
    tell('202', extensions.critical) ??
    tell(
      '304',
      present.filter((rule) => isExcluded(rule, message[rule.name])).map(({ name }) => name),
    )
  );
}

function tell(errorCode: MessageFault['errorCode'], names: readonly string[]): MessageFault | null {
  return names.length === 0 ? null : { errorCode, errorDetail: [...new Set(names)].join(',') };
}

function hasRepeats(value: unknown): boolean {
  if (!Array.isArray(value)) return false;
  return new Set(value.map((item) => JSON.stringify(item))).size < value.length;
}

/** What to name of an element that is wrong: the parts at fault, where they can be told apart. */
function wrongNames({ type, name }: FieldRule, value: unknown): string[] {
  const parts = type === 'phone' ? wrongPhoneParts(value) : [];
  return parts.length === 0 ? [name] : parts.map((part) => `${name}.${part}`);
}

function isDue({ inclusion, due }: FieldRule, message: Elements, category: Category): boolean {
  return due === undefined ? inclusion === 'R' : due(message, category);
}

/** Whether a value is what the rule asks for. An element that is there but empty never is (Req 309). */
export function accepts(rule: FieldRule, value: unknown): boolean {
  switch (rule.type) {
    case 'string':
      return typeof value === 'string' && acceptsText(rule, value);
    case 'boolean':
      return typeof value === 'boolean' && (rule.values?.includes(value) ?? true);
    case 'array':
      return Array.isArray(value) && isWithin(rule, value.length);
    case 'object':
      return isObject(value) && (rule.max === undefined || JSON.stringify(value).length <= rule.max);
    case 'phone':
      return isObject(value) && wrongPhoneParts(value).length === 0;
    default:
      return false;
  }
}

function acceptsText(rule: FieldRule, value: string): boolean {
  // U+0000 is in no format, and the database keeps no text with it.
  if (!isWithin(rule, value.length) || value.includes('\0')) return false;
  const listed =
    rule.values === undefined ||
    rule.values.includes(value) ||
    (rule.dsValues === true && /^[89]\d$/.test(value));
  return listed && (rule.format?.test(value) ?? true) && (rule.url !== true || isWebAddress(value));
}

function isWithin({ min = 0, max = Number.POSITIVE_INFINITY }: FieldRule, length: number): boolean {
  return length >= min && length <= max;
}

function isObject(value: unknown): boolean {
  const members = elementsOf(value);
  return members !== null && Object.keys(members).length > 0;
}

const PHONE_PARTS = { cc: /^\d{1,3}$/, subscriber: /^\d{1,15}$/ } as const;

/** Country code and number as digits (table A.1). None of anything but an object with members. */
function wrongPhoneParts(value: unknown): string[] {
  const phone = elementsOf(value) ?? {};
  if (Object.keys(phone).length === 0) return [];
  return Object.entries(PHONE_PARTS).flatMap(([part, format]) => {
    const text = phone[part];
    return typeof text === 'string' && format.test(text) ? [] : [part];
  });
}

/**
 * Whether a browser may be sent there: an absolute http(s) address of a plain host, without a user's name, and
 * without the blanks and control characters that a parser of addresses would pass over.
 */
export function isWebAddress(value: string): boolean {
  if (!/^https?:\/\/[^/?#]/i.test(value) || /[\s\p{Cc}]/u.test(value) || !URL.canParse(value)) return false;
  const { hostname, username, password } = new URL(value);
  return /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])$/.test(hostname) && username === '' && password === '';
}

/** We know no extension: a critical one cannot be honoured, any other is passed over (Req 207). */
function readExtensions(value: unknown): { missing: string[]; wrong: string[]; critical: string[] } {
  const items = Array.isArray(value) ? value.map(elementsOf) : [];
  const readable = items.filter((item) => item !== null);
  const lacking = ['id', 'criticalityIndicator'].filter((name) => readable.some((item) => !(name in item)));
  const wrong = [
    ...(items.length > readable.length ? ['messageExtension'] : []),
    ...(readable.some(({ id }) => typeof id !== 'string' || id === '' || id.length > 64)
      ? ['messageExtension.id']
      : []),
    ...(readable.some(({ criticalityIndicator }) => typeof criticalityIndicator !== 'boolean')
      ? ['messageExtension.criticalityIndicator']
      : []),
  ];
  const critical = readable.filter((item) => item.criticalityIndicator === true).map(({ id }) => String(id));
  return { missing: lacking.map((name) => `messageExtension.${name}`), wrong, critical };
}

/** Currencies 955–964 and 999 and countries from 901 on are not for payments (section 5.9, code 304). */
function isExcluded({ register }: FieldRule, value: unknown): boolean {
  const number = Number(value);
  if (register === 'country') return number >= 901;
  return register === 'currency' && ((number >= 955 && number <= 964) || number === 999);
}
