import { type Elements, elementsOf } from './threeds-rules.ts';

/**
 * Reading 3-D Secure messages and saying what is wrong with them: EMV 3-D Secure Protocol and Core Functions
 * Specification, table A.4 (error codes) and B.10 (Erro).
 */
export const VERSIONS = ['2.1.0', '2.2.0'] as const;

const DESCRIPTIONS = {
  '101': 'Message received invalid',
  '102': 'Message version not supported',
  '201': 'Required element missing',
  '202': 'Critical message extension not recognised',
  '203': 'Format or value of an element invalid',
  '204': 'Duplicate element',
  '301': 'Transaction ID not recognised',
  '303': 'Access denied, invalid endpoint',
  '304': 'ISO code invalid',
  '305': 'Transaction data not valid',
  '306': 'Merchant category code not valid',
  '307': 'Serial number not valid',
} as const;

export interface MessageFault {
  errorCode: keyof typeof DESCRIPTIONS;
  errorDetail: string;
}

/** Reads the JSON text of a message of one of these types in a version we speak. */
export function readMessage(
  text: string,
  types: readonly string[],
): { message: Elements; fault: MessageFault | null } {
  const value = parseJson(text);
  const message = elementsOf(value);
  const faultOf = (errorCode: MessageFault['errorCode'], errorDetail: string) => ({
    message,
    fault: { errorCode, errorDetail },
  });
  if (typeof message.messageType !== 'string' || !types.includes(message.messageType)) {
    return faultOf('101', 'messageType');
  }
  const twice = repeatedKeys(text);
  if (twice.length > 0) return faultOf('204', twice.join(','));
  if (!('messageVersion' in message)) return faultOf('201', 'messageVersion');
  const version = message.messageVersion;
  if (typeof version !== 'string' || !/^\d+\.\d+\.\d+$/.test(version))
    return faultOf('203', 'messageVersion');
  if (!VERSIONS.some((each) => each === version)) return faultOf('102', VERSIONS.join(','));
  return { message, fault: null };
}

/** The Erro that answers `message`; `D` is the Directory Server, `A` the ACS. */
export function erroFor(message: Elements, component: 'D' | 'A', fault: MessageFault): Elements {
  const version = VERSIONS.find((each) => each === message.messageVersion) ?? '2.2.0';
  const ids = ['threeDSServerTransID', 'acsTransID', 'dsTransID'].filter(
    (name) => typeof message[name] === 'string' && /^[0-9a-f-]{36}$/i.test(message[name]),
  );
  return {
    messageType: 'Erro',
    messageVersion: version,
    ...Object.fromEntries(ids.map((name) => [name, message[name]])),
    errorCode: fault.errorCode,
    errorComponent: component,
    errorDescription: DESCRIPTIONS[fault.errorCode],
    errorDetail: fault.errorDetail.slice(0, 2048),
    ...(typeof message.messageType === 'string' && /^[A-Z][A-Za-z]{3}$/.test(message.messageType)
      ? { errorMessageType: message.messageType }
      : {}),
  };
}

/** base64url as the specification takes it: with or without padding, white space ignored. */
export function decodeBase64Url(text: string): string {
  return Buffer.from(text.replace(/\s/g, ''), 'base64url').toString('utf8');
}

export function encodeBase64Url(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Names that stand twice in one object. `JSON.parse` keeps the last in silence, so the tokens are walked
 * here.
 */
function repeatedKeys(text: string): string[] {
  const open: (Set<string> | null)[] = [];
  const twice: string[] = [];
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\]:,]/g) ?? [];
  tokens.forEach((token, index) => {
    if (token === '{') open.push(new Set());
    if (token === '[') open.push(null);
    if (token === '}' || token === ']') open.pop();
    const names = open.at(-1);
    if (!names || !token.startsWith('"') || tokens[index + 1] !== ':') return;
    const name = String(JSON.parse(token));
    if (names.has(name)) twice.push(name);
    names.add(name);
  });
  return twice;
}
