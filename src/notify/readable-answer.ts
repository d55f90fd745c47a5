import { passesLuhn } from '../lib/card.ts';

/**
 * An endpoint's answer as people may read it: text, without what a debug page might print that is nobody's to see
 * here: keys and secrets of ours, and digits that could be a card number.
 */
export function readableAnswer(body: Buffer): string {
  return body
    .toString('utf8')
    .replace(/[^\P{C}\n\t]/gu, '\u00b7')
    .replace(/\b(?:whsec|esec)_[A-Za-z0-9+/=]+|\b[sp]k_(?:test|live)_[0-9a-z]+/g, '[secret]')
    .replace(/\d(?:[ -]?\d){12,18}/g, (digits) =>
      passesLuhn(digits.replace(/\D/g, '')) ? '[card number]' : digits,
    );
}
