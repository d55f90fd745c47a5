export type AddresseeFault = 'missing' | 'too_long' | 'digits';

/**
 * 宛名 as it was typed: one line, any script. A number as long as a card's is no name, and shall not be kept in one.
 */
export function readAddressee(
  typed: string,
): { ok: true; addressee: string } | { ok: false; fault: AddresseeFault; typed: string } {
  const text = typed
    .slice(0, 1_000)
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  if (text === '') return { ok: false, fault: 'missing', typed: '' };
  if (text.normalize('NFKC').replace(/\D/g, '').length >= 12)
    return { ok: false, fault: 'digits', typed: '' };
  if (Array.from(text).length > 100) return { ok: false, fault: 'too_long', typed: text };
  return { ok: true, addressee: text };
}

/** What stands behind the name: 様, unless one was typed. */
export function honorificOf(addressee: string): '様' | '' {
  return /(様|御中|殿|先生|さま)$/.test(addressee) ? '' : '様';
}
