/**
 * Every rule about an element of a message that we write or read: EMV 3-D Secure Protocol and Core Functions
 * Specification 2.2.0, annex A (elements) and annex B (messages), with 2.1.0 beside it, browser channel only.
 * What is not listed here is unknown and is passed over, not refused (Req 207, 209).
 */
import { type FieldRule, MESSAGE_TYPES, type MessageType, rulesOf, type Version } from './field-rule.ts';
import { ANSWER_RULES } from './fields-answer.ts';
import { REQUEST_RULES } from './fields-request.ts';

const every = rulesOf(...MESSAGE_TYPES);

export const RULES: readonly FieldRule[] = [
  every.text('messageType', 'R', 4, { values: [...MESSAGE_TYPES, 'OReq', 'ORes'] }),
  every.text('messageVersion', 'R', [5, 8], { format: /^\d{1,2}\.\d{1,2}\.\d{1,2}$/ }),
  ...REQUEST_RULES,
  ...ANSWER_RULES,
];

/** The rules of one message in one version. */
export function rulesFor(type: MessageType, version: Version): readonly FieldRule[] {
  return RULES.filter((rule) => rule.messages.includes(type) && rule.versions.includes(version));
}
