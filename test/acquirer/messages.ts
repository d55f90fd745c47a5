import type { Opener } from '../../src/acquirer/operations.ts';
import type { OperationKind, OperationMessage } from '../../src/acquirer/port.ts';
import { type Pan, parsePan } from '../../src/lib/card.ts';
import { LUMP_SUM } from '../../src/lib/payment-type.ts';
import { Secret } from '../../src/lib/secret.ts';

export const PAN = '378282000000008';
/** Four digits that no time or date can hold. */
export const CSC = '9731';

/** A vault that opens one card and one code, and says what was opened. */
export interface CountingOpener extends Opener {
  opened: string[];
}

export function openerOf(pan = PAN, csc = CSC): CountingOpener {
  const opened: string[] = [];
  return {
    opened,
    openCard: async () => {
      opened.push('card');
      return { pan: panOf(pan), expMonth: 3, expYear: 2039 };
    },
    openSecurityCode: async () => {
      opened.push('code');
      return new Secret(csc);
    },
  };
}

function panOf(digits: string): Secret<Pan> {
  const parsed = parsePan(digits);
  if ('fault' in parsed) throw new Error(parsed.fault);
  return parsed.pan;
}

export const ORIGINAL = {
  kind: 'authorize',
  terminal: 'T0000002',
  stan: '000009',
  rrn: '632700000009',
  transmittedAt: new Date('2026-11-23T00:00:00Z'),
  approvalCode: 'A1B2C3',
} as const;

/** A message with everything its kind may carry. */
export function messageOf(kind: OperationKind, changes: Partial<OperationMessage> = {}): OperationMessage {
  const opens = kind === 'sale' || kind === 'authorize';
  const card = { merchantId: 'A100000001', cardId: 'card_1' };
  return {
    kind,
    card,
    sendBy: null,
    repeat: false,
    terminal: 'T0000001',
    stan: '000010',
    rrn: '632715000010',
    transmittedAt: new Date('2026-11-23T15:30:45Z'),
    acquirerMerchantId: 'A100000001',
    mcc: '5719',
    merchantName: 'Café ＡＢ 山田',
    orderId: 'order-1',
    amount: 12_800,
    currency: 'JPY',
    brand: 'amex',
    securityCode: opens ? { ...card, keyId: 'k', sealed: Buffer.alloc(0) } : null,
    storedCard: null,
    threeDs: opens
      ? {
          version: '2.2.0',
          eci: '05',
          authenticationValue: 'AAABBZEEBgAAAAAAAAQGAAAAAAA=',
          dsTransId: '1d042cf8-a44c-4111-a057-723b95e403d2',
        }
      : null,
    paymentType: LUMP_SUM,
    bonusMonth: null,
    original: opens ? null : ORIGINAL,
    ...changes,
  };
}

/** The n-th of many: STAN and RRN of its own. */
export function nth(kind: OperationKind, index: number): OperationMessage {
  const stan = String(index).padStart(6, '0');
  return messageOf(kind, { stan, rrn: `632715${stan}` });
}

/** A secret as it could hide: raw, hexadecimal, base64 at any offset, percent-encoded. */
export function formsOf(secret: string): string[] {
  const hex = Buffer.from(secret).toString('hex');
  const base64 = [0, 1, 2].map((offset) => {
    const encoded = Buffer.from(`${'\0'.repeat(offset)}${secret}`).toString('base64');
    // Only characters whose six bits are all the secret's.
    return encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + secret.length) * 8) / 6));
  });
  return [secret, hex, hex.toUpperCase(), ...base64, hex.replace(/../g, '%$&')];
}
