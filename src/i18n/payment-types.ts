import type { PaymentType } from '../lib/payment-type.ts';
import { unreachable } from '../lib/unreachable.ts';
import type { Texts } from './texts.ts';

/** A payment type as a shopper knows it: 1回払い, 3回払い, リボ払い. */
export function paymentTypeText({ paymentTypes: t }: Texts, chosen: PaymentType): string {
  switch (chosen.type) {
    case 'lump_sum':
      return t.lumpSum;
    case 'installments':
      return t.installments(chosen.count);
    case 'revolving':
      return t.revolving;
    case 'bonus':
      return t.bonus;
    case 'bonus_installments':
      return t.bonusInstallments(chosen.count);
    default:
      return unreachable(chosen);
  }
}
