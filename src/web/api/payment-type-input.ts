import type { z } from 'zod';
import { bonusMonth, LUMP_SUM, type PaymentType } from '../../lib/payment-type.ts';
import type { Fault } from '../../lib/problem.ts';
import { unreachable } from '../../lib/unreachable.ts';
import type { Merchant } from '../../merchants/merchant.ts';
import type { CreateSessionInput } from '../../payments/create-session.ts';
import { field, toPointer } from '../body.ts';
import { CardOptions, type PaymentBody } from './schemas.ts';

type CardChoice = z.output<typeof PaymentBody>['card'];

/** What `card` asks for and the merchant's contract does not allow: told, so that nobody waits for it on the page. */
export function paymentTypeFaults(body: unknown, { settings }: Merchant): Fault[] {
  const card = field(body, 'card') ?? {};
  const contract = settings.paymentTypes;
  return [
    ...countFaults(card, 'installments', contract.installments),
    ...countFaults(card, 'bonus_installments', contract.bonusInstallments),
    ...(['revolving', 'bonus'] as const)
      .filter((name) => field(card, name) === true && !contract[name])
      .map((name) => notInContract(['card', name], 'leave it out, or false')),
  ];
}

function countFaults(card: unknown, name: 'installments' | 'bonus_installments', allowed: readonly number[]) {
  const counts = CardOptions.shape[name].safeParse(field(card, name));
  if (!counts.success) return [];
  const hint = allowed.length === 0 ? 'it allows none' : `it allows ${allowed.join(', ')}`;
  return (counts.data ?? []).flatMap((count, index) =>
    allowed.includes(count) ? [] : [notInContract(['card', name, index], hint)],
  );
}

function notInContract(path: (string | number)[], hint: string): Fault {
  return { pointer: toPointer(path), code: 'not_in_contract', detail: `is not in your contract: ${hint}` };
}

/** What is wrong with the one payment type that a token is paid by. */
export function choiceFaults(body: unknown, { settings, clock }: Merchant): Fault[] {
  const card = field(body, 'card') ?? {};
  const type = field(card, 'payment_type');
  const fault = (name: string, code: string, detail: string) => [
    { pointer: toPointer(['card', name]), code, detail },
  ];
  if (type === 'installments' || type === 'bonus_installments') {
    const counts = field(card, type);
    if (counts === undefined)
      return fault(type, 'required', `is required with ${type}: one number of payments`);
    if (Array.isArray(counts) && counts.length !== 1) {
      return fault(type, 'invalid_value', `must have one number of payments: ${type} is what is paid by`);
    }
  }
  if ((type === 'revolving' || type === 'bonus') && !settings.paymentTypes[type]) {
    return [notInContract(['card', 'payment_type'], 'use lump_sum')];
  }
  if ((type === 'bonus' || type === 'bonus_installments') && bonusMonth(clock.now()) === null) {
    return fault(
      'payment_type',
      'out_of_season',
      'is not taken now: no bonus is near enough. See docs/payment-types.md',
    );
  }
  return [];
}

/** The payment type to pay by, and what a further attempt on our page may choose from. */
export function choiceOf({ payment_type: type = 'lump_sum', ...card }: CardChoice): {
  paymentType: PaymentType;
  card: CreateSessionInput['card'];
} {
  switch (type) {
    case 'installments':
    case 'bonus_installments': {
      const [count] = card[type] ?? [];
      if (count === undefined) throw new Error(`${type} without a number of payments`);
      return { paymentType: { type, count }, card };
    }
    case 'revolving':
    case 'bonus':
      return { paymentType: { type, count: null }, card: { ...card, [type]: true } };
    case 'lump_sum':
      return { paymentType: LUMP_SUM, card };
    default:
      return unreachable(type);
  }
}
