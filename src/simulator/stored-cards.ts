/**
 * What a sale or authorisation says of a stored card (docs/acquirer-link.md, section 4b): DE22 and elements 09 to 12 of
 * DE48, as sent, and the issuer's rules for it.
 */
export interface StoredCredential {
  /** F: its cardholder lets it be stored, C: its cardholder pays by it, M: the merchant charges it. */
  use: 'F' | 'C' | 'M';
  first_rrn: string | null;
  first_ds_trans_id: string | null;
}

const FORMATS: Readonly<Record<string, RegExp>> = {
  '09': /^[FCM]$/,
  '10': /^[0-9A-Za-z]{12}$/,
  '11': /^[0-9a-f-]{36}$/i,
  '12': /^\d\d$/,
};

export const STORED_TAGS = Object.keys(FORMATS);

/** The fields at fault: the entry mode 10x belongs to a stored card in use, and a merchant has no security code. */
export function storedCredentialFaults(entryMode: string, elements: ReadonlyMap<string, string>): number[] {
  const wrong = STORED_TAGS.some(
    (tag) => FORMATS[tag]?.test(elements.get(tag) ?? '0') === false && elements.has(tag),
  );
  const use = elements.get('09');
  const inUse = use === 'C' || use === 'M';
  const faults = wrong || (!inUse && (elements.has('10') || elements.has('11'))) ? [48] : [];
  if (entryMode.startsWith('10') !== inUse || (use === 'M' && elements.has('06'))) faults.push(22);
  return faults;
}

export function storedCredentialOf(elements: ReadonlyMap<string, string>): StoredCredential | null {
  const use = elements.get('09');
  if (use !== 'F' && use !== 'C' && use !== 'M') return null;
  return { use, first_rrn: elements.get('10') ?? null, first_ds_trans_id: elements.get('11') ?? null };
}

/** An approved payment in which the cardholder let the card be stored. */
export interface Agreed {
  rrn: string;
  merchant_id: string;
  last4: string | null;
  response_code: string;
  stored_credential?: StoredCredential | null;
}

/** A merchant may charge a card only by naming the payment in which its cardholder agreed. */
export function lacksAgreement(
  stored: StoredCredential | null,
  { merchantId, last4 }: { merchantId: string; last4: string },
  entries: readonly Agreed[],
): boolean {
  if (stored?.use !== 'M') return false;
  return !entries.some(
    (entry) =>
      entry.rrn === stored.first_rrn &&
      entry.response_code === '00' &&
      entry.merchant_id === merchantId &&
      entry.last4 === last4 &&
      entry.stored_credential?.use === 'F',
  );
}
