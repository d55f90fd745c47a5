import type { Message } from '../texts.ts';

/** What shoppers read on the page of a payment link. */
export interface LinkTexts {
  choose: string;
  amount: string;
  between: (least: string, most: string) => string;
  quantity: string;
  pieces: (left: number) => string;
  yourData: string;
  optional: string;
  fields: Record<'name' | 'email' | 'phone' | 'postal_code' | 'address' | 'building', string>;
  hints: Record<'email' | 'phone' | 'postal_code', string>;
  total: string;
  taxIncluded: string;
  next: string;
  nextHint: string;
  faults: Record<LinkFaultWord, string>;
  faultCount: (count: number) => string;
  states: Record<'not_yet' | 'closed' | 'sold_out' | 'inactive' | 'amount', Message>;
  soldOutNow: string;
  opensAt: (time: string) => string;
  tooMany: Message;
  notFound: Message;
}

type LinkFaultWord =
  | 'missing'
  | 'not_a_number'
  | 'too_little'
  | 'too_much'
  | 'not_offered'
  | 'email'
  | 'phone'
  | 'postal_code'
  | 'too_long';
