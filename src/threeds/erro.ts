/** The message that says what is wrong with another (EMV 3DS 2.2.0, tables A.4 and B.10). */
import { type Elements, VERSIONS, type Version } from './field-rule.ts';

/** The codes that we send. */
const DESCRIPTIONS = {
  '101': 'The message is not one we take',
  '102': 'The message version is not supported',
  '201': 'A required element is missing',
  '202': 'A critical extension is not known',
  '203': 'An element has a wrong format or value',
  '204': 'An element stands there twice',
  '301': 'The transaction is not known',
  '304': 'An ISO code is not valid',
  '305': 'The transaction data are not valid',
} as const;

export interface MessageFault {
  errorCode: keyof typeof DESCRIPTIONS;
  /** The elements at fault, separated by commas, nested ones as `parent.child`; for 102 the versions we speak. */
  errorDetail: string;
}

/** The Erro about `message`, as JSON; null where that is an Erro itself, which is never answered by another. */
export function writeErro(message: Elements, fault: MessageFault): string | null {
  if (message.messageType === 'Erro') return null;
  return JSON.stringify({
    messageType: 'Erro',
    messageVersion: versionOf(message) ?? '2.2.0',
    ...knownIds(message),
    errorCode: fault.errorCode,
    errorComponent: 'S',
    errorDescription: DESCRIPTIONS[fault.errorCode],
    errorDetail: fault.errorDetail.slice(0, 2048),
    ...(isTypeName(message.messageType) ? { errorMessageType: message.messageType } : {}),
  });
}

/** The version of a message, when it is one we speak. */
export function versionOf(message: Elements): Version | null {
  return VERSIONS.find((version) => version === message.messageVersion) ?? null;
}

function knownIds(message: Elements): Elements {
  const names = ['threeDSServerTransID', 'acsTransID', 'dsTransID'] as const;
  return Object.fromEntries(
    names.flatMap((name) => {
      const id = message[name];
      return typeof id === 'string' && /^[0-9a-f-]{36}$/i.test(id) ? [[name, id]] : [];
    }),
  );
}

function isTypeName(value: unknown): boolean {
  return typeof value === 'string' && /^[A-Za-z]{4}$/.test(value);
}
