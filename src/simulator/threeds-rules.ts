import { isIP } from 'node:net';

/**
 * What an AReq and a PReq must hold, browser channel, versions 2.1.0 and 2.2.0: EMV 3-D Secure Protocol and
 * Core Functions Specification, tables A.1 and B.1, and the Directory Server's checks of section 5.9. The
 * simulator's own reading, on purpose not the service's.
 */
export interface RuleFault {
  errorCode: '201' | '202' | '203' | '304' | '306';
  /** The elements at fault, comma-separated, nested ones as `parent.child`. */
  errorDetail: string;
}

/**
 * When an element must be there: always; on payments (category 01); where the browser ran JavaScript (in
 * 2.1.0, which has no word for that, always); or never.
 */
type Presence = 'always' | 'payment' | 'javascript' | 'optional';
type Test = (value: unknown) => boolean;
type Rule = readonly [name: string, presence: Presence, test: Test, versions?: readonly string[]];
export type Elements = Record<string, unknown>;

const is =
  (format: RegExp): Test =>
  (value) =>
    typeof value === 'string' && format.test(value);
const text = (min: number, max: number): Test => is(new RegExp(`^[^]{${min},${max}}$`));
const digits = (min: number, max = min): Test => is(new RegExp(`^\\d{${min},${max}}$`));
const oneOf =
  (...values: string[]): Test =>
  (value) =>
    typeof value === 'string' && values.includes(value);
/** A two-digit code from 01 to `last`, or from the range that is left to the Directory Server. */
const code =
  (last: number): Test =>
  (value) => {
    const number = typeof value === 'string' && /^\d\d$/.test(value) ? Number(value) : 0;
    return (number >= 1 && number <= last) || (number >= 80 && number <= 99);
  };
const flag: Test = (value) => typeof value === 'boolean';
const uuid = is(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i);
const url =
  (max: number): Test =>
  (value) =>
    typeof value === 'string' &&
    value.length <= max &&
    /^https?:\/\/[^\s/]+/.test(value) &&
    URL.canParse(value);
const object: Test = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const phone: Test = (value) => {
  const { cc, subscriber } = elementsOf(value);
  return digits(1, 3)(cc) && digits(1, 15)(subscriber);
};
const time: Test = (value) => digits(14)(value) && !Number.isNaN(purchaseTime(String(value)));

const addressRules = (kind: 'bill' | 'ship'): Rule[] => [
  ...['City', 'Line1', 'Line2', 'Line3'].map((part): Rule => [`${kind}Addr${part}`, 'optional', text(1, 50)]),
  [`${kind}AddrState`, 'optional', text(1, 3)],
  [`${kind}AddrCountry`, 'optional', digits(3)],
  [`${kind}AddrPostCode`, 'optional', text(1, 16)],
];

const AREQ: readonly Rule[] = [
  ['deviceChannel', 'always', oneOf('02')],
  ['messageCategory', 'always', code(2)],
  ['threeDSServerTransID', 'always', uuid],
  ['threeDSServerRefNumber', 'always', text(1, 32)],
  ['threeDSServerOperatorID', 'optional', text(1, 32)],
  ['threeDSServerURL', 'always', url(2048)],
  ['threeDSRequestorID', 'always', text(1, 35)],
  ['threeDSRequestorName', 'always', text(1, 40)],
  ['threeDSRequestorURL', 'always', url(2048)],
  ['threeDSRequestorAuthenticationInd', 'always', code(6)],
  ['threeDSRequestorChallengeInd', 'optional', code(4), ['2.1.0']],
  ['threeDSRequestorChallengeInd', 'optional', code(9), ['2.2.0']],
  ['threeDSRequestorDecReqInd', 'optional', oneOf('Y', 'N'), ['2.2.0']],
  ['threeDSRequestorDecMaxTime', 'optional', is(/^(0\d{4}|100[0-7]\d|10080)$/), ['2.2.0']],
  ['threeDSRequestorAuthenticationInfo', 'optional', object],
  ['threeDSRequestorPriorAuthenticationInfo', 'optional', object],
  ['threeDSCompInd', 'always', oneOf('Y', 'N', 'U')],
  ['acquirerBIN', 'payment', text(1, 11)],
  ['acquirerMerchantID', 'payment', text(1, 35)],
  ['mcc', 'payment', digits(4)],
  ['merchantCountryCode', 'payment', digits(3)],
  ['merchantName', 'payment', text(1, 40)],
  ['acctNumber', 'always', digits(13, 19)],
  ['cardExpiryDate', 'optional', is(/^\d\d(0[1-9]|1[0-2])$/)],
  ['acctType', 'optional', code(3)],
  ['acctID', 'optional', text(1, 64)],
  ['acctInfo', 'optional', object],
  ['merchantRiskIndicator', 'optional', object],
  ['notificationURL', 'always', url(256)],
  ['purchaseAmount', 'payment', digits(1, 48)],
  ['purchaseCurrency', 'payment', digits(3)],
  ['purchaseExponent', 'payment', digits(1)],
  ['purchaseDate', 'payment', time],
  ['purchaseInstalData', 'optional', is(/^(?!0*1?$)\d{1,3}$/)],
  ['recurringExpiry', 'optional', digits(8)],
  ['recurringFrequency', 'optional', digits(1, 4)],
  ['transType', 'optional', oneOf('01', '03', '10', '11', '28')],
  ['browserAcceptHeader', 'always', text(1, 2048)],
  ['browserUserAgent', 'always', text(1, 2048)],
  ['browserIP', 'optional', (value) => typeof value === 'string' && isIP(value) !== 0],
  ['browserJavascriptEnabled', 'always', flag, ['2.2.0']],
  ['browserJavaEnabled', 'javascript', flag],
  ['browserLanguage', 'javascript', text(1, 8)],
  ['browserColorDepth', 'javascript', oneOf('1', '4', '8', '15', '16', '24', '32', '48')],
  ['browserScreenHeight', 'javascript', digits(1, 6)],
  ['browserScreenWidth', 'javascript', digits(1, 6)],
  ['browserTZ', 'javascript', is(/^[+-]?\d{1,4}$/)],
  ['cardholderName', 'optional', text(2, 45)],
  ['email', 'optional', is(/^(?=.{3,254}$)[^\s@]+@[^\s@]+$/)],
  ...['homePhone', 'mobilePhone', 'workPhone'].map((name): Rule => [name, 'optional', phone]),
  ...addressRules('bill'),
  ...addressRules('ship'),
  ['addrMatch', 'optional', oneOf('Y', 'N')],
  ['payTokenInd', 'optional', (value) => value === true],
  ['payTokenSource', 'optional', oneOf('01', '02'), ['2.2.0']],
  ['whiteListStatus', 'optional', oneOf('Y', 'N', 'E', 'P', 'R', 'U'), ['2.2.0']],
  ['whiteListStatusSource', 'optional', code(3), ['2.2.0']],
  ['broadInfo', 'optional', object],
];

const PREQ: readonly Rule[] = [
  ['threeDSServerRefNumber', 'always', text(1, 32)],
  ['threeDSServerTransID', 'always', uuid],
  ['threeDSServerOperatorID', 'optional', text(1, 32)],
  ['serialNum', 'optional', text(1, 20)],
];

/** The first kind of fault in an AReq, or null. `version` is 2.1.0 or 2.2.0. */
export function areqFault(message: Elements, version: string): RuleFault | null {
  return (
    elementFault(message, version, AREQ) ??
    pairFault(message) ??
    extensionFault(message) ??
    registerFault(message)
  );
}

/** The first kind of fault in a PReq, or null. */
export function preqFault(message: Elements, version: string): RuleFault | null {
  return elementFault(message, version, PREQ) ?? extensionFault(message);
}

/** Milliseconds since 1970 of a `purchaseDate` (YYYYMMDDHHMMSS, UTC); NaN where there is no such time. */
export function purchaseTime(value: string): number {
  return Date.parse(value.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, '$1-$2-$3T$4:$5:$6Z'));
}

function elementFault(message: Elements, version: string, rules: readonly Rule[]): RuleFault | null {
  const rulesNow = rules.filter(([, , , versions]) => versions === undefined || versions.includes(version));
  const missing = rulesNow.filter(
    ([name, presence]) => !(name in message) && isDue(presence, message, version),
  );
  if (missing.length > 0)
    return fault(
      '201',
      missing.map(([name]) => name),
    );
  const wrong = rulesNow.filter(
    ([name, , test]) => name in message && (isEmpty(message[name]) || !test(message[name])),
  );
  return wrong.length > 0
    ? fault(
        '203',
        wrong.map(([name]) => name),
      )
    : null;
}

function isDue(presence: Presence, message: Elements, version: string): boolean {
  if (presence === 'always') return true;
  if (presence === 'payment') return message.messageCategory !== '02';
  if (presence === 'javascript') return version === '2.1.0' || message.browserJavascriptEnabled === true;
  return false;
}

/** An optional element that is present but empty is a fault of its own (Req 309). */
function isEmpty(value: unknown): boolean {
  if (value === null || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** Elements that need one another. */
function pairFault(message: Elements): RuleFault | null {
  const needs = (name: string, other: string, when = name in message) =>
    when && !(other in message) ? [other] : [];
  const missing = [
    ...needs('billAddrState', 'billAddrCountry'),
    ...needs('shipAddrState', 'shipAddrCountry'),
    ...needs(
      'threeDSRequestorDecReqInd',
      'threeDSRequestorDecMaxTime',
      message.threeDSRequestorDecReqInd === 'Y',
    ),
    ...needs('', 'purchaseInstalData', message.threeDSRequestorAuthenticationInd === '03'),
  ];
  return missing.length > 0 ? fault('201', missing) : null;
}

/** We know no extension, so a critical one cannot be honoured (202); any other is passed over. */
function extensionFault(message: Elements): RuleFault | null {
  if (!('messageExtension' in message)) return null;
  const extensions = message.messageExtension;
  if (!Array.isArray(extensions) || extensions.length < 1 || extensions.length > 10) {
    return fault('203', ['messageExtension']);
  }
  const items = extensions.map(elementsOf);
  const critical = items.filter((item) => item.criticalityIndicator === true).map((item) => String(item.id));
  return critical.length > 0 ? fault('202', critical) : null;
}

/** ISO 4217 and 3166-1 numbers that EMV 3DS excludes, and a merchant category that is none. */
function registerFault(message: Elements): RuleFault | null {
  const countries = ['merchantCountryCode', 'billAddrCountry', 'shipAddrCountry'].filter((name) => {
    const value = message[name];
    return value === '000' || (typeof value === 'string' && value >= '901');
  });
  const currency = String(message.purchaseCurrency ?? '392');
  const excluded = currency === '000' || currency === '999' || (currency >= '955' && currency <= '964');
  const names = [...countries, ...(excluded ? ['purchaseCurrency'] : [])];
  if (names.length > 0) return fault('304', names);
  return message.mcc === '0000' ? fault('306', ['mcc']) : null;
}

function fault(errorCode: RuleFault['errorCode'], names: string[]): RuleFault {
  return { errorCode, errorDetail: names.join(',') };
}

/** The members of a JSON object; of anything else none. */
export function elementsOf(value: unknown): Elements {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
