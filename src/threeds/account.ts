/**
 * What a shop knows of its customer and of the order, as an issuer wants to hear it: acctInfo, merchantRiskIndicator
 * and threeDSRequestorAuthenticationInfo (EMV 3DS 2.2.0, tables A.9, A.10, A.11). Only what was told is sent; the ages
 * that the tables want are reckoned from its dates.
 */
import type { Account, Risk } from '../db/schema.ts';
import { DAY } from '../lib/clock.ts';
import type { Elements } from './field-rule.ts';

/** `now`: when the purchase is made. Null where nothing was told. */
export function accountElements(account: Account | undefined, now: Date): Elements | null {
  if (account === undefined) return null;
  const { created_at, changed_at, password_changed_at, card_added_at, shipping_address_used_at } = account;
  return filled({
    ...aged('chAccAge', 'chAccDate', created_at, now, ['02', '03', '04', '05']),
    ...(account.guest === true ? { chAccAgeInd: '01' } : {}),
    ...aged('chAccChange', 'chAccChange', changed_at, now, ['01', '02', '03', '04']),
    ...aged('chAccPwChange', 'chAccPwChange', password_changed_at, now, ['02', '03', '04', '05']),
    ...aged('paymentAcc', 'paymentAccAge', card_added_at, now, ['02', '03', '04', '05']),
    ...aged('shipAddressUsage', 'shipAddressUsage', shipping_address_used_at, now, ['01', '02', '03', '04']),
    nbPurchaseAccount: counted(account.purchases_6_months, 4),
    txnActivityDay: counted(account.attempts_24_hours, 3),
    txnActivityYear: counted(account.attempts_last_year, 3),
    provisionAttemptsDay: counted(account.cards_added_24_hours, 3),
    shipNameIndicator: said(account.name_matches_recipient, '01', '02'),
    suspiciousAccActivity: said(account.suspicious, '02', '01'),
  });
}

/** How the customer logged in at the shop. Null where it was not told. */
export function loginElements(account: Account | undefined): Elements | null {
  if (account?.login === undefined) return null;
  const at = account.login_at === undefined ? undefined : new Date(account.login_at);
  return filled({
    threeDSReqAuthMethod: LOGIN[account.login],
    threeDSReqAuthTimestamp: at && digitsOf(at, 12),
  });
}

const LOGIN = { guest: '01', password: '02', federated: '03', fido: '06' } as const satisfies Record<
  NonNullable<Account['login']>,
  string
>;

export function riskElements(risk: Risk | null): Elements | null {
  if (risk === null) return null;
  return filled({
    deliveryTimeframe: risk.delivery && DELIVERY[risk.delivery],
    deliveryEmailAddress: risk.delivery_email,
    shipIndicator: risk.ship_to && SHIP_TO[risk.ship_to],
    reorderItemsInd: said(risk.reorder, '02', '01'),
    preOrderPurchaseInd: risk.preorder_until === undefined ? undefined : '02',
    preOrderDate: risk.preorder_until?.replaceAll('-', ''),
    giftCardAmount: counted(risk.gift_card_amount, 15),
    giftCardCount:
      risk.gift_card_count === undefined ? undefined : String(risk.gift_card_count).padStart(2, '0'),
    giftCardCurr: risk.gift_card_amount === undefined ? undefined : '392',
  });
}

const DELIVERY = { electronic: '01', same_day: '02', next_day: '03', later: '04' } as const satisfies Record<
  NonNullable<Risk['delivery']>,
  string
>;
const SHIP_TO = {
  billing_address: '01',
  known_address: '02',
  other_address: '03',
  store: '04',
  digital: '05',
  ticket: '06',
  other: '07',
} as const satisfies Record<NonNullable<Risk['ship_to']>, string>;

/** A date and its age: today, under 30 days, 30 to 60, more. */
function aged(
  name: string,
  dateName: string,
  date: string | undefined,
  now: Date,
  ages: readonly [string, string, string, string],
): Elements {
  if (date === undefined) return {};
  const at = new Date(date);
  const days = (now.getTime() - at.getTime()) / DAY;
  const age = days < 1 ? ages[0] : days < 30 ? ages[1] : days <= 60 ? ages[2] : ages[3];
  return { [dateName]: digitsOf(at, 8), [`${name}Ind`]: age };
}

/** YYYYMMDD, or YYYYMMDDHHMM, in UTC. */
function digitsOf(at: Date, length: 8 | 12): string {
  return at.toISOString().replace(/\D/g, '').slice(0, length);
}

/** A number that the field has no room for is sent as the highest it has. */
function counted(count: number | undefined, digits: number): string | undefined {
  return count === undefined ? undefined : String(Math.min(count, 10 ** digits - 1));
}

function said(answer: boolean | undefined, yes: string, no: string): string | undefined {
  return answer === undefined ? undefined : answer ? yes : no;
}

/** An object without its empty members, or null when it has no others: neither may be sent (Req 309). */
function filled(elements: Record<string, unknown>): Elements | null {
  const entries = Object.entries(elements).filter(([, value]) => value !== undefined);
  return entries.length === 0 ? null : Object.fromEntries(entries);
}
