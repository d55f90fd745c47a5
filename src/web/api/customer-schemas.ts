import { z } from 'zod';
import { pattern, text, whole } from './fields.ts';

/** Who buys and what is known of that, as a session gives it. */
const Address = z.strictObject({
  line1: text({ max: 100 }).optional(),
  line2: text({ max: 100 }).optional(),
  line3: text({ max: 100 }).optional(),
  city: text({ max: 50 }).optional(),
  state: text({ max: 50 }).optional(),
  postal_code: text({ max: 16 }).optional(),
  country: pattern(/^[A-Z]{2}$/, 'must be an ISO 3166-1 alpha-2 code, such as JP').optional(),
});

const EMAIL = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,187}[A-Za-z0-9])?$/;

const Moment = z.iso.datetime({ offset: true, error: 'must be an RFC 3339 time' });
const Count = whole(0, 1_000_000);

const Account = z
  .strictObject({
    guest: z.boolean().optional().describe('Bought without an account.'),
    created_at: Moment.optional(),
    changed_at: Moment.optional().describe('Address, contact or members last changed.'),
    password_changed_at: Moment.optional(),
    card_added_at: Moment.optional().describe('When this card was first used in the account.'),
    shipping_address_used_at: Moment.optional().describe('When it was first used.'),
    purchases_6_months: Count.optional(),
    attempts_24_hours: Count.optional(),
    attempts_last_year: Count.optional(),
    cards_added_24_hours: Count.optional(),
    name_matches_recipient: z.boolean().optional(),
    suspicious: z.boolean().optional().describe('Whether the shop saw something suspicious in the account.'),
    login: z.enum(['guest', 'password', 'federated', 'fido']).optional(),
    login_at: Moment.optional(),
  })
  .describe(
    'What the shop knows of its customer: told to the issuer in 3-D Secure, so that it asks less often.',
  );

export const Risk = z
  .strictObject({
    delivery: z.enum(['electronic', 'same_day', 'next_day', 'later']).optional(),
    delivery_email: pattern(EMAIL, 'must be an e-mail address').optional(),
    ship_to: z
      .enum(['billing_address', 'known_address', 'other_address', 'store', 'digital', 'ticket', 'other'])
      .optional(),
    reorder: z.boolean().optional(),
    preorder_until: z.iso.date({ error: 'must be a date, YYYY-MM-DD' }).optional(),
    gift_card_amount: whole(0, 99_999_999).optional(),
    gift_card_count: whole(0, 99).optional(),
  })
  .describe('What the shop knows of the order: told to the issuer in 3-D Secure.');

export const Customer = z.strictObject({
  reference: text({ max: 100 }).optional(),
  name: text({ max: 100 }).optional(),
  name_kana: text({ max: 100 }).optional(),
  email: pattern(EMAIL, 'must be an e-mail address').optional(),
  phone: pattern(/^\+?[0-9][0-9 ()-]{5,23}$/, 'must be a telephone number, such as +819012345678').optional(),
  billing_address: Address.optional(),
  shipping_address: Address.optional(),
  account: Account.optional(),
});
