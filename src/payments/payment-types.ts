import type { CardOptions, PaymentTypeContract } from '../db/schema.ts';
import { bonusMonth, LUMP_SUM, type PaymentType } from '../lib/payment-type.ts';
import type { AttemptRow, Visit } from './snapshot.ts';

/**
 * What the shopper may choose from, a lump sum first: what the session asks for, as far as the contract allows it and
 * the season has a bonus to charge. What the card's brand takes of it is another question.
 */
export function offeredTypes({ session, merchant }: Pick<Visit, 'session' | 'merchant'>): PaymentType[] {
  return allowedTypes(session.card, merchant.settings.paymentTypes, merchant.clock.now());
}

/** The same from its parts; `now` by the merchant's clock. */
export function allowedTypes(asked: CardOptions, contract: PaymentTypeContract, now: Date): PaymentType[] {
  const bonus = bonusMonth(now) !== null;
  return [
    LUMP_SUM,
    ...counted('installments', asked.installments, contract.installments),
    ...(asked.revolving === true && contract.revolving ? [plain('revolving')] : []),
    ...(asked.bonus === true && contract.bonus && bonus ? [plain('bonus')] : []),
    ...(bonus ? counted('bonus_installments', asked.bonus_installments, contract.bonusInstallments) : []),
  ];
}

/** How an attempt pays. */
export function paymentTypeOf({ paymentType, installments }: AttemptRow): PaymentType {
  if (paymentType === 'installments' || paymentType === 'bonus_installments') {
    if (installments === null) throw new Error(`${paymentType} without a number of payments`);
    return { type: paymentType, count: installments };
  }
  return plain(paymentType ?? 'lump_sum');
}

function plain(type: 'lump_sum' | 'revolving' | 'bonus'): PaymentType {
  return { type, count: null };
}

function counted(
  type: 'installments' | 'bonus_installments',
  asked: readonly number[] = [],
  contract: readonly number[] = [],
): PaymentType[] {
  const counts = [...new Set(asked)].filter((count) => contract.includes(count));
  return counts.sort((a, b) => a - b).map((count) => ({ type, count }));
}
