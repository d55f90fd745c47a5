import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  customType,
  date,
  foreignKey,
  index,
  integer,
  jsonb,
  pgSequence,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type { Mode } from '../config.ts';
import type { MailKind } from '../i18n/mail/texts.ts';
import type { Language } from '../i18n/texts.ts';
import type { Brand } from '../lib/card.ts';
import type { PaymentTypeName } from '../lib/payment-type.ts';

/**
 * The database in reading order: who, what is sold, how it is paid, what is told, what is kept secret, what is to do.
 * `merchant_id` leads every key, so that the data can be spread by merchant; tables without it are listed in
 * test/db/schema.test.ts with the reason.
 */
const bytes = customType<{ data: Buffer }>({ dataType: () => 'bytea' });
const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });
const money = (name: string) => bigint(name, { mode: 'number' });
const merchantId = () => text('merchant_id').notNull();
const mode = () => text('mode').$type<Mode>().notNull();

// ── who ──────────────────────────────────────────────────────────────────────────────────────────────────────

export interface MerchantSettings {
  methods: string[];
  /** Origins a return_url may have; empty = any. */
  allowedOrigins: string[];
  /** What to do when 3-D Secure gives no answer (U, error, not enrolled). */
  whenAuthenticationUnavailable: 'refuse' | 'proceed';
  /** What is asked of the issuer about a challenge, unless one must be demanded. */
  challengePreference: ChallengePreference;
  logoUrl: string | null;
  /** How shoppers know the shop; null = the merchant's name. */
  shopName: string | null;
  /** Which of `methods` are offered where nobody says otherwise, in this order; null = all. */
  offered: string[] | null;
  /** 特定商取引法に基づく表記, for a merchant without a page of its own for it; null = none. */
  legalNotice: Partial<Record<LegalField, string>> | null;
  brandColor: string | null;
  contact: { email: string | null; phone: string | null; url: string | null };
  termsUrl: string | null;
  /** What the contract with the acquirer allows besides a lump sum. */
  paymentTypes: PaymentTypeContract;
  /** Days in which a hold may be captured, where the contract says less than the brand; null = the brand's. */
  captureWithinDays: number | null;
  /** Whether the limits against card testing hold in test mode too; in live mode they always do. */
  limitsInTestMode: boolean;
  /** 登録番号 of a registered issuer of qualified invoices. */
  registrationNumber: string | null;
  /** How the tax of a receipt is rounded, once per rate: the issuer's choice. */
  taxRounding: TaxRounding;
  /** Who issues receipts, as registered; null = the merchant by its name. */
  issuer: { name: string; address: string | null } | null;
  /** Whether shoppers who gave an address get mails. */
  shopperMail: boolean;
  /** Who of the merchant's people gets mails, and in which language. */
  staffMail: { to: string[]; language: Language };
}

export type LegalField =
  | 'seller'
  | 'manager'
  | 'address'
  | 'phone'
  | 'email'
  | 'price'
  | 'extra_costs'
  | 'payment'
  | 'delivery'
  | 'returns';

export type TaxRounding = 'floor' | 'half_up' | 'ceil';

/** With the last three an issuer may answer for information only: authorised then, without liability shift. */
export type ChallengePreference =
  | 'no_preference'
  | 'no_challenge'
  | 'challenge_preferred'
  | 'challenge_mandated'
  | 'risk_analysed'
  | 'data_share_only'
  | 'strongly_authenticated';

/** Counts are numbers of payments. */
export interface PaymentTypeContract {
  installments: readonly number[];
  revolving: boolean;
  bonus: boolean;
  bonusInstallments: readonly number[];
}

export const merchants = pgTable('merchants', {
  merchantId: text('merchant_id').primaryKey(),
  name: text('name').notNull(),
  url: text('url').notNull(),
  mcc: text('mcc').notNull(),
  acquirerBin: text('acquirer_bin').notNull(),
  acquirerMerchantId: text('acquirer_merchant_id').notNull(),
  /** What is not set here has its default: `merchants/merchant.ts`. */
  settings: jsonb('settings').$type<Partial<MerchantSettings>>().notNull(),
  testClockOffsetMs: money('test_clock_offset_ms').notNull().default(0),
  createdAt: instant('created_at').notNull(),
});

/** Pictures of merchants' that they uploaded, by the hash of their bytes. */
export const logos = pgTable(
  'logos',
  {
    merchantId: merchantId(),
    /** SHA-256, hexadecimal. */
    hash: text('hash').notNull(),
    type: text('type').$type<'image/png' | 'image/jpeg' | 'image/webp'>().notNull(),
    content: bytes('content').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.merchantId, t.hash] })],
);

export const apiKeys = pgTable(
  'api_keys',
  {
    merchantId: merchantId(),
    id: text('id').notNull(),
    mode: mode(),
    kind: text('kind').$type<'secret' | 'publishable'>().notNull(),
    hash: bytes('hash').notNull(),
    /** What it begins with, to recognise it by. Null on rows older than it. */
    hint: text('hint'),
    label: text('label'),
    createdAt: instant('created_at').notNull(),
    /** To the minute. */
    lastUsedAt: instant('last_used_at'),
    /** When it stops working; in a rotation that is still to come. */
    revokedAt: instant('revoked_at'),
  },
  (t) => [primaryKey({ columns: [t.merchantId, t.id] }), unique('api_keys_hash').on(t.merchantId, t.hash)],
);

/** Entry and signing secrets, sealed; during a rotation two of a kind are valid. And the TOTP secrets of users. */
export const merchantSecrets = pgTable(
  'merchant_secrets',
  {
    merchantId: merchantId(),
    id: text('id').notNull(),
    mode: mode(),
    kind: text('kind').$type<'entry' | 'signing' | 'totp'>().notNull(),
    sealed: bytes('sealed').notNull(),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at'),
  },
  (t) => [primaryKey({ columns: [t.merchantId, t.id] })],
);

export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    merchantId: merchantId(),
    mode: mode(),
    key: text('key').notNull(),
    fingerprint: bytes('fingerprint').notNull(),
    /** The id that the verb gives to what it makes, so that a resumed request finds it again. */
    workId: text('work_id').notNull(),
    runningUntil: instant('running_until'),
    responseStatus: integer('response_status'),
    responseHeaders: jsonb('response_headers').$type<Record<string, string>>(),
    responseBody: text('response_body'),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.merchantId, t.mode, t.key] }),
    index('idempotency_keys_age').on(t.createdAt),
  ],
);

export type Role = 'owner' | 'manager' | 'operator' | 'viewer' | 'developer';

/** A person at a merchant who may log in to its console. Never deleted: the audit log names them. */
export const users = pgTable(
  'users',
  {
    merchantId: merchantId(),
    id: text('id').notNull(),
    /** What is typed at the login beside the merchant ID: lower case. */
    login: text('login').notNull(),
    name: text('name').notNull(),
    email: text('email').notNull(),
    role: text('role').$type<Role>().notNull(),
    language: text('language').$type<'ja' | 'en'>().notNull(),
    status: text('status').$type<'invited' | 'active' | 'disabled'>().notNull(),
    /** Argon2id, PHC string. Null until the invitation is taken up. */
    passwordHash: text('password_hash'),
    /** The ones before, newest first, at most four (PCI DSS 8.3.7). */
    formerPasswordHashes: text('former_password_hashes').array().notNull().default(sql`'{}'`),
    /** Factors that failed since the last login that succeeded; ten lock. */
    failures: integer('failures').notNull().default(0),
    lockedUntil: instant('locked_until'),
    /** The row of `merchant_secrets` with its TOTP secret; null without one. */
    totpSecretId: text('totp_secret_id'),
    /** The last time step that was used: none works twice (RFC 6238, 5.2). */
    totpUsedStep: money('totp_used_step'),
    createdAt: instant('created_at').notNull(),
    /** When somebody let them in last: their 90 idle days count from there. */
    enabledAt: instant('enabled_at'),
    lastLoginAt: instant('last_login_at'),
  },
  (t) => [primaryKey({ columns: [t.merchantId, t.id] }), unique('users_login').on(t.merchantId, t.login)],
);

/** WebAuthn credentials. */
export const passkeys = pgTable(
  'passkeys',
  {
    merchantId: merchantId(),
    /** The credential's id, base64url. */
    id: text('id').notNull(),
    userId: text('user_id').notNull(),
    publicKey: bytes('public_key').notNull(),
    counter: money('counter').notNull(),
    transports: text('transports').array().notNull(),
    name: text('name').notNull(),
    createdAt: instant('created_at').notNull(),
    lastUsedAt: instant('last_used_at'),
  },
  (t) => [
    primaryKey({ columns: [t.merchantId, t.id] }),
    foreignKey({ columns: [t.merchantId, t.userId], foreignColumns: [users.merchantId, users.id] }),
  ],
);

/** What works once and is kept as a hash: invitations, resets, recovery codes. */
export const userTokens = pgTable(
  'user_tokens',
  {
    merchantId: merchantId(),
    hash: bytes('hash').notNull(),
    userId: text('user_id').notNull(),
    kind: text('kind').$type<'invitation' | 'reset' | 'recovery'>().notNull(),
    createdAt: instant('created_at').notNull(),
    /** Null = until it is used or replaced. */
    expiresAt: instant('expires_at'),
    usedAt: instant('used_at'),
  },
  (t) => [
    primaryKey({ columns: [t.merchantId, t.hash] }),
    foreignKey({ columns: [t.merchantId, t.userId], foreignColumns: [users.merchantId, users.id] }),
    index('user_tokens_user').on(t.merchantId, t.userId, t.kind),
  ],
);

/** A browser that is logged in, or on the way: its cookie holds a capability, here is the hash. */
export const logins = pgTable(
  'logins',
  {
    merchantId: merchantId(),
    id: text('id').notNull(),
    hash: bytes('hash').notNull(),
    userId: text('user_id').notNull(),
    /** `password`: the first factor passed; `enrolling`: it has no second one yet; `complete`: both passed. */
    stage: text('stage').$type<'password' | 'enrolling' | 'complete'>().notNull(),
    /** Which of the merchant's two worlds is looked at. */
    mode: mode(),
    userAgent: text('user_agent').notNull(),
    ip: text('ip'),
    /** What WebAuthn is to sign, base64url; for one answer. */
    challenge: text('challenge'),
    /** The row of `merchant_secrets` with a TOTP secret that is not confirmed yet. */
    pendingTotpId: text('pending_totp_id'),
    /** When the password was asked for again, before a change of factors. */
    confirmedAt: instant('confirmed_at'),
    createdAt: instant('created_at').notNull(),
    seenAt: instant('seen_at').notNull(),
    endedAt: instant('ended_at'),
  },
  (t) => [
    primaryKey({ columns: [t.merchantId, t.id] }),
    unique('logins_hash').on(t.merchantId, t.hash),
    foreignKey({ columns: [t.merchantId, t.userId], foreignColumns: [users.merchantId, users.id] }),
    index('logins_user').on(t.merchantId, t.userId),
  ],
);

/**
 * Tries to log in from an address that failed, since the first of them. Without a merchant: who guesses tries many.
 * The address is an HMAC (`limits/address.ts`).
 */
export const loginAddresses = pgTable(
  'login_addresses',
  {
    address: bytes('address').primaryKey(),
    failures: integer('failures').notNull(),
    since: instant('since').notNull(),
  },
  (t) => [index('login_addresses_old').on(t.since)],
);

/** Who did something: a person in the console, a program with a key, the service itself, or nobody known. */
export interface Actor {
  kind: 'user' | 'key' | 'service' | 'visitor';
  /** `usr_…`, `key_…`; null of the service and of visitors. */
  id: string | null;
  /** What people know it by: a login, a key's id. */
  name: string | null;
  role: Role | null;
}

/**
 * The audit log: append-only (a trigger refuses the rest). Each entry holds the hash of the one before it, and is signed
 * with a key that the database does not hold.
 */
export const auditEntries = pgTable(
  'audit_entries',
  {
    merchantId: merchantId(),
    /** From 1, without a hole. */
    sequence: money('sequence').notNull(),
    at: instant('at').notNull(),
    mode: text('mode').$type<Mode>(),
    actor: jsonb('actor').$type<Actor>().notNull(),
    /** What was done, `payment.refund`: src/audit/actions.ts. */
    action: text('action').notNull(),
    outcome: text('outcome').$type<'success' | 'failure'>().notNull(),
    /** Address of the caller; null of the service. */
    origin: text('origin'),
    /** Id of what it was done to. */
    target: text('target'),
    details: jsonb('details').$type<Record<string, string | number | boolean | null>>().notNull(),
    previousHash: bytes('previous_hash').notNull(),
    /** SHA-256 over the entry and `previousHash`. */
    hash: bytes('hash').notNull(),
    /** Ed25519 over `hash`; the key's id beside it. */
    signature: bytes('signature').notNull(),
    keyId: text('key_id').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.merchantId, t.sequence] }),
    index('audit_entries_target').on(t.merchantId, t.target, t.sequence),
    // What people look for in it: somebody, a kind of action, a day.
    index('audit_entries_actor').on(
      t.merchantId,
      sql`coalesce(actor ->> 'id', actor ->> 'kind')`,
      t.sequence,
    ),
    index('audit_entries_group').on(t.merchantId, sql`split_part(action, '.', 1)`, t.sequence),
    index('audit_entries_failures').on(t.merchantId, t.sequence).where(sql`outcome = 'failure'`),
    index('audit_entries_day').on(t.merchantId, t.at),
  ],
);

/**
 * Heads of audit logs, signed and told outside the database as well: what is cut off at the end of a log is missed here
 * and there. Append-only.
 */
export const auditAnchors = pgTable(
  'audit_anchors',
  {
    merchantId: merchantId(),
    sequence: money('sequence').notNull(),
    hash: bytes('hash').notNull(),
    at: instant('at').notNull(),
    signature: bytes('signature').notNull(),
    keyId: text('key_id').notNull(),
  },
  (t) => [primaryKey({ columns: [t.merchantId, t.sequence] })],
);

// ── what is sold ─────────────────────────────────────────────────────────────────────────────────────────────

export interface LineItem {
  name: string;
  quantity: number;
  unit_amount: number;
  tax_rate?: number;
}

export interface Address {
  line1?: string;
  line2?: string;
  line3?: string;
  city?: string;
  /** Prefecture or state, ISO 3166-2 suffix: Tokyo is `13`. */
  state?: string;
  postal_code?: string;
  /** ISO 3166-1 alpha-2. */
  country?: string;
}

export interface Customer {
  reference?: string;
  name?: string;
  name_kana?: string;
  email?: string;
  phone?: string;
  billing_address?: Address;
  shipping_address?: Address;
  account?: Account;
}

/** What the shop knows of its customer, for 3-D Secure. Times RFC 3339. */
export interface Account {
  guest?: boolean;
  created_at?: string;
  changed_at?: string;
  password_changed_at?: string;
  card_added_at?: string;
  shipping_address_used_at?: string;
  purchases_6_months?: number;
  attempts_24_hours?: number;
  attempts_last_year?: number;
  cards_added_24_hours?: number;
  name_matches_recipient?: boolean;
  suspicious?: boolean;
  login?: 'guest' | 'password' | 'federated' | 'fido';
  login_at?: string;
}

/** What the shop knows of the order, for 3-D Secure. */
export interface Risk {
  delivery?: 'electronic' | 'same_day' | 'next_day' | 'later';
  delivery_email?: string;
  ship_to?: 'billing_address' | 'known_address' | 'other_address' | 'store' | 'digital' | 'ticket' | 'other';
  reorder?: boolean;
  /** Date, YYYY-MM-DD, from which pre-ordered goods can be had. */
  preorder_until?: string;
  /** In the currency's major unit, as EMV wants it. */
  gift_card_amount?: number;
  gift_card_count?: number;
}

export interface CardOptions {
  installments?: number[];
  revolving?: boolean;
  bonus?: boolean;
  bonus_installments?: number[];
  save?: 'off' | 'ask';
  /** The shopper is also asked whether the merchant may charge the card later, for what these words say. */
  mandate?: { description: string };
}

/** What may be done with a stored card; each is agreed to by itself. */
export type CardPurpose = 'next_time' | 'merchant_charges';

/** What a shopper agreed to on the page, in which words and when. */
export interface CardConsent {
  purposes: CardPurpose[];
  /** The merchant's words for what it may charge. */
  description: string | null;
  /** Version of our words around it, and the language in which they stood there. */
  textVersion: string;
  language: string;
  /** RFC 3339. */
  agreedAt: string;
}

/** What an authorisation says of a stored card. `first*` name the payment in which its cardholder agreed. */
export type StoredCredential =
  | { use: 'first' }
  | {
      use: 'cardholder' | 'merchant';
      first: { rrn: string; dsTransId: string | null; eci: string | null };
    };

export type SessionStatus = 'open' | 'complete' | 'expired' | 'canceled';
export type EndedReason =
  | 'paid'
  | 'number_issued'
  | 'shopper_canceled'
  | 'merchant_canceled'
  | 'merchant_expired'
  | 'timed_out'
  | 'attempts_used'
  | 'replaced';
export type ReturnMethod = 'post' | 'get' | 'none';
export type CaptureMode = 'automatic' | 'manual';
export type SessionOrigin = 'page' | 'charge' | 'link' | 'request';

/** One hosted-page visit for one order. Its row is root, version and lock of everything below it. */
export const sessions = pgTable(
  'sessions',
  {
    merchantId: merchantId(),
    id: text('id').notNull(),
    mode: mode(),
    /**
     * `charge`: made by the merchant's charge of a stored card; it has no page. `link` and `request`: by a shopper who
     * came through a payment link or an e-mailed request, `origin_id`.
     */
    origin: text('origin').$type<SessionOrigin>().notNull().default('page'),
    originId: text('origin_id'),
    /** Capability in the page's address, `/p/{token}`. */
    token: text('token').notNull(),
    orderId: text('order_id').notNull(),
    amount: money('amount').notNull(),
    currency: text('currency').$type<'JPY'>().notNull(),
    description: text('description'),
    lineItems: jsonb('line_items').$type<LineItem[]>(),
    methods: text('methods').array().notNull(),
    capture: text('capture').$type<CaptureMode>().notNull(),
    returnUrl: text('return_url').notNull(),
    cancelUrl: text('cancel_url'),
    /** `none`: nobody waits for a signed result; the page of the ended session is where it ends. */
    returnMethod: text('return_method').$type<ReturnMethod>().notNull(),
    customer: jsonb('customer').$type<Customer>().notNull(),
    risk: jsonb('risk').$type<Risk>(),
    locale: text('locale').notNull(),
    numberExpiresDays: integer('number_expires_days').notNull(),
    maxAttempts: integer('max_attempts').notNull(),
    card: jsonb('card').$type<CardOptions>().notNull(),
    metadata: jsonb('metadata').$type<Record<string, string>>().notNull(),
    status: text('status').$type<SessionStatus>().notNull(),
    endedReason: text('ended_reason').$type<EndedReason>(),
    replacedBy: text('replaced_by'),
    /** Counts changes; `advance` writes only onto the version it read. */
    version: integer('version').notNull(),
    /** Sequence of the last public event. */
    sequence: integer('sequence').notNull(),
    /** The event that ended the session: what the return carries. */
    endingEventId: text('ending_event_id'),
    expiresAt: instant('expires_at').notNull(),
    createdAt: instant('created_at').notNull(),
    endedAt: instant('ended_at'),
  },
  (t) => [
    primaryKey({ columns: [t.merchantId, t.id] }),
    unique('sessions_token').on(t.merchantId, t.token),
    uniqueIndex('sessions_one_open_per_order')
      .on(t.merchantId, t.mode, t.orderId)
      .where(sql`status = 'open'`),
    index('sessions_order').on(t.merchantId, t.mode, t.orderId, t.id),
    check('sessions_amount', sql`amount > 0`),
  ],
);

// ── how it is paid ───────────────────────────────────────────────────────────────────────────────────────────

export type PaymentStatus =
  | 'requires_method'
  | 'requires_action'
  | 'processing'
  | 'awaiting_payment'
  | 'authorized'
  | 'captured'
  | 'partially_refunded'
  | 'refunded'
  | 'voided'
  | 'failed'
  | 'expired';

/** The session's money, from its first attempt on. */
export const payments = pgTable(
  'payments',
  {
    merchantId: merchantId(),
    id: text('id').notNull(),
    mode: mode(),
    sessionId: text('session_id').notNull(),
    orderId: text('order_id').notNull(),
    status: text('status').$type<PaymentStatus>().notNull(),
    method: text('method').notNull(),
    amount: money('amount').notNull(),
    currency: text('currency').$type<'JPY'>().notNull(),
    amountCaptured: money('amount_captured').notNull().default(0),
    amountRefunded: money('amount_refunded').notNull().default(0),
    /** Held back by refunds that are still pending. */
    amountRefunding: money('amount_refunding').notNull().default(0),
    capture: text('capture').$type<CaptureMode>().notNull(),
    late: boolean('late').notNull().default(false),
    duplicate: boolean('duplicate').notNull().default(false),
    createdAt: instant('created_at').notNull(),
    authorizedAt: instant('authorized_at'),
    capturedAt: instant('captured_at'),
    captureBefore: instant('capture_before'),
    /** When the merchant was told that the hold is about to lapse. */
    expiryToldAt: instant('expiry_told_at'),
    /** Capability in the address of its receipt, `/receipts/{token}`. Null on rows older than it. */
    receiptToken: text('receipt_token'),
  },
  (t) => [
    primaryKey({ columns: [t.merchantId, t.id] }),
    foreignKey({ columns: [t.merchantId, t.sessionId], foreignColumns: [sessions.merchantId, sessions.id] }),
    uniqueIndex('payments_receipt_token')
      .on(t.merchantId, t.receiptToken)
      .where(sql`receipt_token is not null`),
    uniqueIndex('payments_one_per_session').on(t.merchantId, t.sessionId).where(sql`not duplicate`),
    uniqueIndex('payments_one_per_order')
      .on(t.merchantId, t.mode, t.orderId)
      .where(
        sql`not duplicate and status in ('requires_action', 'processing', 'awaiting_payment', 'authorized', 'captured',
          'partially_refunded', 'refunded')`,
      ),
    index('payments_newest').on(t.merchantId, t.mode, t.id),
    index('payments_order').on(t.merchantId, t.mode, t.orderId),
    check('payments_amount', sql`amount > 0`),
    check('payments_captured', sql`amount_captured between 0 and amount`),
    check('payments_refunded', sql`amount_refunded >= 0 and amount_refunding >= 0`),
    check('payments_refunds_within_capture', sql`amount_refunded + amount_refunding <= amount_captured`),
  ],
);

export type AttemptStatus = 'in_progress' | 'succeeded' | 'failed';
/** Where an attempt in flight stands; null once it has ended. */
export type AttemptPhase =
  /** Waiting for the browser: 3DS Method, or its data when the token came by API. */
  | 'preparing'
  /** AReq sent. */
  | 'authenticating'
  /** The shopper is at the issuer's page. */
  | 'challenge'
  /** Authenticated, authorisation not yet sent. */
  | 'authenticated'
  /** Authorisation sent. */
  | 'authorizing'
  /** No answer came: being reversed. */
  | 'reversing'
  /** A number was asked for. */
  | 'requesting'
  /** The shopper is at the bank's page. */
  | 'at_bank'
  /** The bank is asked to let go of it. */
  | 'closing';

export type FailureCode =
  | 'card_declined'
  | 'insufficient_funds'
  | 'limit_exceeded'
  | 'expired_card'
  | 'invalid_card'
  | 'invalid_csc'
  | 'contact_issuer'
  | 'authentication_failed'
  | 'authentication_rejected'
  | 'authentication_unavailable'
  | 'authentication_canceled'
  | 'authentication_timeout'
  | 'issuer_unavailable'
  | 'network_unavailable'
  | 'outcome_reversed'
  | 'abandoned'
  | 'blocked'
  /** The voucher centre gave out no number: its word is the detail. */
  | 'number_refused'
  | 'bank_declined'
  | 'bank_canceled'
  | 'bank_timeout';

export interface AttemptBrowser {
  acceptHeader: string;
  userAgent: string;
  ip: string | null;
  /** False when the form came from a browser without JavaScript; the six below are then null. */
  javascriptEnabled: boolean;
  javaEnabled: boolean | null;
  language: string | null;
  colorDepth: number | null;
  screenHeight: number | null;
  screenWidth: number | null;
  /** Minutes, as `Date.getTimezoneOffset()` gives it: JST is -540. */
  timeZoneOffset: number | null;
}

export const attempts = pgTable(
  'attempts',
  {
    merchantId: merchantId(),
    id: text('id').notNull(),
    sessionId: text('session_id').notNull(),
    paymentId: text('payment_id').notNull(),
    /** The session's first is 1: their order, whatever the clocks of those who made them said. */
    ordinal: integer('ordinal').notNull().default(0),
    method: text('method').notNull(),
    status: text('status').$type<AttemptStatus>().notNull(),
    phase: text('phase').$type<AttemptPhase>(),
    failure: text('failure').$type<FailureCode>(),
    /** Response code (DE39, or the Japanese one), 3DS reason or error detail behind the failure. */
    failureDetail: text('failure_detail'),
    /** Whether it counts against `max_attempts`: false for `not_sent`. */
    counts: boolean('counts').notNull().default(true),
    tokenId: text('token_id'),
    cardId: text('card_id'),
    brand: text('brand').$type<Brand>(),
    last4: text('last4'),
    expMonth: integer('exp_month'),
    expYear: integer('exp_year'),
    cardholderName: text('cardholder_name'),
    /** How the cardholder pays back; null = a lump sum. */
    paymentType: text('payment_type').$type<PaymentTypeName>(),
    /** Number of payments, of the types that have one. */
    installments: integer('installments'),
    /** The stored card that is paid by, or that this attempt stored. */
    savedCardId: text('saved_card_id'),
    /** What the shopper agreed to along with it; the card is stored if it succeeds. */
    consent: jsonb('consent').$type<CardConsent>(),
    storedCredential: jsonb('stored_credential').$type<StoredCredential>(),
    email: text('email'),
    /** Of the page that it was started from; null without one. */
    language: text('language').$type<Language>(),
    browser: jsonb('browser').$type<AttemptBrowser>(),
    createdAt: instant('created_at').notNull(),
    /** The attempt ends by then, whatever happens (15 minutes, merchant's clock). */
    deadlineAt: instant('deadline_at').notNull(),
    endedAt: instant('ended_at'),
  },
  (t) => [
    primaryKey({ columns: [t.merchantId, t.id] }),
    foreignKey({ columns: [t.merchantId, t.sessionId], foreignColumns: [sessions.merchantId, sessions.id] }),
    foreignKey({ columns: [t.merchantId, t.paymentId], foreignColumns: [payments.merchantId, payments.id] }),
    uniqueIndex('attempts_one_in_flight').on(t.merchantId, t.sessionId).where(sql`status = 'in_progress'`),
    uniqueIndex('attempts_one_success').on(t.merchantId, t.sessionId).where(sql`status = 'succeeded'`),
    index('attempts_session').on(t.merchantId, t.sessionId, t.id),
  ],
);

/** One 3-D Secure transaction, found by the id that every message carries (it holds the merchant's number). */
export const authentications = pgTable(
  'authentications',
  {
    merchantId: merchantId(),
    transId: uuid('trans_id').notNull(),
    attemptId: text('attempt_id').notNull(),
    sessionId: text('session_id').notNull(),
    version: text('version').$type<'2.1.0' | '2.2.0'>().notNull(),
    methodUrl: text('method_url'),
    methodCompletedAt: instant('method_completed_at'),
    acsTransId: text('acs_trans_id'),
    dsTransId: text('ds_trans_id'),
    acsUrl: text('acs_url'),
    transStatus: text('trans_status'),
    reason: text('reason'),
    eci: text('eci'),
    authenticationValue: text('authentication_value'),
    cardholderInfo: text('cardholder_info'),
    challengeCancel: text('challenge_cancel'),
    /** When the challenge was offered, when its CRes and its RReq came. */
    challengedAt: instant('challenged_at'),
    returnedAt: instant('returned_at'),
    resultsAt: instant('results_at'),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.merchantId, t.transId] }),
    foreignKey({ columns: [t.merchantId, t.attemptId], foreignColumns: [attempts.merchantId, attempts.id] }),
    unique('authentications_attempt').on(t.merchantId, t.attemptId),
  ],
);

/** Every message of money to the network: recorded before it is sent, with the ids it is sent with. */
export const operations = pgTable(
  'operations',
  {
    merchantId: merchantId(),
    /** `op_…`, or `re_…` for a refund: the id merchants see. */
    id: text('id').notNull(),
    sessionId: text('session_id').notNull(),
    paymentId: text('payment_id').notNull(),
    attemptId: text('attempt_id'),
    kind: text('kind').$type<'sale' | 'authorize' | 'capture' | 'void' | 'refund' | 'reversal'>().notNull(),
    amount: money('amount').notNull(),
    status: text('status').$type<'pending' | 'succeeded' | 'failed' | 'reversed'>().notNull(),
    terminal: text('terminal').notNull(),
    stan: text('stan').notNull(),
    rrn: text('rrn').notNull(),
    transmittedAt: instant('transmitted_at').notNull(),
    /** How often the message left us; above 0 the next one is a repeat. */
    sends: integer('sends').notNull().default(0),
    responseCode: text('response_code'),
    /** The Japanese code (G.., C..) beside it, where the acquirer gave one. */
    japanCode: text('japan_code'),
    approvalCode: text('approval_code'),
    /** For capture, void, refund and reversal: the operation they refer to. */
    originalId: text('original_id'),
    reason: text('reason'),
    createdAt: instant('created_at').notNull(),
    settledAt: instant('settled_at'),
  },
  (t) => [
    primaryKey({ columns: [t.merchantId, t.id] }),
    foreignKey({ columns: [t.merchantId, t.paymentId], foreignColumns: [payments.merchantId, payments.id] }),
    uniqueIndex('operations_one_running')
      .on(t.merchantId, t.paymentId)
      .where(sql`status = 'pending' and kind in ('sale', 'authorize', 'capture', 'void')`),
    uniqueIndex('operations_one_reversal').on(t.merchantId, t.originalId).where(sql`kind = 'reversal'`),
    index('operations_payment').on(t.merchantId, t.paymentId, t.id),
    check('operations_amount', sql`amount > 0`),
  ],
);

/**
 * What people look payments up by: runs of characters of what is written here, hashed with merchant and mode
 * (`payments/search-terms.ts`). Written in the transaction that makes the payment.
 */
export const paymentSearch = pgTable(
  'payment_search',
  {
    merchantId: merchantId(),
    mode: mode(),
    paymentId: text('payment_id').notNull(),
    /** Order and last four digits, normalised, a line each. */
    plain: text('plain').notNull(),
    /** Names and addresses of the shopper's, likewise: for those who may see them. */
    personal: text('personal').notNull(),
    terms: integer('terms').array().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.merchantId, t.mode, t.paymentId] }),
    index('payment_search_terms').using('gin', t.terms),
  ],
);

/** How far rows from before a table was there have been taken into it. */
export const backfills = pgTable('backfills', {
  name: text('name').primaryKey(),
  afterMerchant: text('after_merchant').notNull(),
  afterId: text('after_id').notNull(),
  finishedAt: instant('finished_at'),
});

/** What happened to a method's money on a day. Attempts count on the day they ended. */
export interface MethodFigures {
  captures: number;
  captured: number;
  refunds: number;
  refunded: number;
  succeeded: number;
  failed: number;
  challenged: number;
}

/** A merchant's days in Japan that are over, added up: what happened on them does not change any more. */
export const dayFigures = pgTable(
  'day_figures',
  {
    merchantId: merchantId(),
    mode: mode(),
    day: date('day').notNull(),
    methods: jsonb('methods').$type<Record<string, MethodFigures>>().notNull(),
    /** Attempts that failed, by why. */
    causes: jsonb('causes').$type<Partial<Record<FailureCode, number>>>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.merchantId, t.mode, t.day] })],
);

/** What the voucher centre is to be asked when a number is not wanted any more, and why. */
export type ClosingReason = 'withdraw' | 'lapse' | 'abandon' | 'leave' | 'deadline';

export interface PayerData {
  name1: string;
  name2: string;
  kana: string | null;
  phone: string | null;
}

/** A number of the voucher centre's, or a hand-over to a bank: the row is the intent, its id the centre's reference. */
export const numbers = pgTable(
  'numbers',
  {
    merchantId: merchantId(),
    id: text('id').notNull(),
    mode: mode(),
    sessionId: text('session_id').notNull(),
    paymentId: text('payment_id').notNull(),
    attemptId: text('attempt_id').notNull(),
    orderId: text('order_id').notNull(),
    method: text('method').notNull(),
    /** Chain or bank. */
    choice: text('choice'),
    amount: money('amount').notNull(),
    payer: jsonb('payer').$type<PayerData>().notNull(),
    /** `requested` until the centre has answered; `closed` once it takes no money on it any more, as far as we know. */
    status: text('status').$type<'requested' | 'issued' | 'closed'>().notNull(),
    /** Set while the centre is asked to take it back. */
    closing: text('closing').$type<ClosingReason>(),
    /** The request of the merchant's that withdrew it. */
    closedBy: text('closed_by'),
    /** By the centre's words for its parts. */
    parts: jsonb('parts').$type<Record<string, string>>(),
    barcode: text('barcode'),
    bankUrl: text('bank_url'),
    payBy: instant('pay_by').notNull(),
    createdAt: instant('created_at').notNull(),
    issuedAt: instant('issued_at'),
    closedAt: instant('closed_at'),
    /** How often the centre was asked about it after it was closed. */
    looks: integer('looks').notNull().default(0),
  },
  (t) => [
    primaryKey({ columns: [t.merchantId, t.id] }),
    foreignKey({ columns: [t.merchantId, t.attemptId], foreignColumns: [attempts.merchantId, attempts.id] }),
    unique('numbers_attempt').on(t.merchantId, t.attemptId),
    index('numbers_session').on(t.merchantId, t.sessionId),
    check('numbers_amount', sql`amount > 0`),
  ],
);

/** Money that the voucher centre told of: counted once, by the centre's receipt number. */
export const deposits = pgTable(
  'deposits',
  {
    merchantId: merchantId(),
    numberId: text('number_id').notNull(),
    serial: text('serial').notNull(),
    mode: mode(),
    sessionId: text('session_id').notNull(),
    /** The payment that it became. */
    paymentId: text('payment_id').notNull(),
    amount: money('amount').notNull(),
    place: text('place').notNull(),
    paidAt: instant('paid_at').notNull(),
    recordedAt: instant('recorded_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.merchantId, t.numberId, t.serial] }),
    foreignKey({ columns: [t.merchantId, t.numberId], foreignColumns: [numbers.merchantId, numbers.id] }),
    index('deposits_session').on(t.merchantId, t.sessionId),
    check('deposits_amount', sql`amount > 0`),
  ],
);

export type ActionKind = 'late_payment' | 'duplicate_payment' | 'amount_differs';

/** What somebody at the merchant has to look at, until it is resolved. */
export const actionItems = pgTable(
  'action_items',
  {
    merchantId: merchantId(),
    id: text('id').notNull(),
    mode: mode(),
    kind: text('kind').$type<ActionKind>().notNull(),
    /** What it is about, once: a deposit's serial. */
    subject: text('subject').notNull(),
    sessionId: text('session_id').notNull(),
    paymentId: text('payment_id').notNull(),
    amount: money('amount').notNull(),
    createdAt: instant('created_at').notNull(),
    resolvedAt: instant('resolved_at'),
    resolution: text('resolution').$type<'kept' | 'returned'>(),
    resolvedBy: jsonb('resolved_by').$type<Actor>(),
    note: text('note'),
  },
  (t) => [
    primaryKey({ columns: [t.merchantId, t.id] }),
    unique('action_items_subject').on(t.merchantId, t.kind, t.subject),
    index('action_items_open').on(t.merchantId, t.mode, t.id).where(sql`resolved_at is null`),
  ],
);

/** STAN: six digits, unique per day across all terminals up to a million messages a day. */
export const stanSequence = pgSequence('stan', { minValue: 1, maxValue: 999_999, cycle: true });

/** What was issued for a payment: its receipt, again as often as it was asked for, and a document for each refund. */
export const receiptIssues = pgTable(
  'receipt_issues',
  {
    merchantId: merchantId(),
    paymentId: text('payment_id').notNull(),
    /** Counts the payment's documents from 1. */
    number: integer('number').notNull(),
    kind: text('kind').$type<'receipt' | 'return'>().notNull(),
    /** What a `return` is about. */
    refundId: text('refund_id'),
    /** 宛名, as it was typed. */
    addressee: text('addressee').notNull(),
    content: jsonb('content').$type<ReceiptContent>().notNull(),
    issuedAt: instant('issued_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.merchantId, t.paymentId, t.number] }),
    foreignKey({ columns: [t.merchantId, t.paymentId], foreignColumns: [payments.merchantId, payments.id] }),
  ],
);

/** What a receipt says, as all of it was when it was issued. Yen, tax included; times RFC 3339. */
export interface ReceiptContent {
  issuer: { name: string; address: string | null; registrationNumber: string | null };
  orderId: string;
  /** 但し書き; null = goods. */
  purpose: string | null;
  amount: number;
  paidAt: string;
  /** Of a `return`. */
  refundedAt: string | null;
  method: { id: string; chain: string | null; card: { brand: Brand; last4: string } | null };
  items: { name: string; quantity: number; amount: number; rate: number | null }[];
  /** Empty where the rates of the amount are not known; `tax` only from a registered issuer. */
  perRate: { rate: number; amount: number; tax: number | null }[];
  /** Why it is no qualified invoice; null = it is one. */
  plainBecause: 'not_registered' | 'no_rates' | 'not_taxed' | 'part' | 'duplicate' | null;
}

// ── what is sold without code ────────────────────────────────────────────────────────────────────────────────

/** Yen, tax included. */
export type LinkPrice =
  | { kind: 'fixed'; amount: number }
  | { kind: 'list'; items: { id: string; name: string; amount: number }[] }
  | { kind: 'open'; least: number; most: number };

/** What the merchant asks besides, in its own words: at most three. */
export interface LinkField {
  id: string;
  label: string;
  kind: 'text' | 'choice';
  /** Of a `choice`. */
  options: string[];
  required: boolean;
}

export type Asked = 'no' | 'optional' | 'required';

/** What a merchant decides of a link, and may change later. */
export interface LinkSettings {
  title: string;
  description: string | null;
  price: LinkPrice;
  /** How many pieces one shopper may take; null = it is not asked. */
  quantity: { least: number; most: number } | null;
  taxRate: 0 | 8 | 10 | null;
  ask: { name: Asked; email: Asked; phone: Asked; address: Asked };
  fields: LinkField[];
  /** Null = all that the merchant has. */
  methods: string[] | null;
  locale: string;
  /** RFC 3339. */
  opensAt: string | null;
  closesAt: string | null;
  after: { kind: 'message'; text: string | null } | { kind: 'redirect'; url: string };
}

/** No-code payment links, `/l/{slug}`. */
export const paymentLinks = pgTable(
  'payment_links',
  {
    merchantId: merchantId(),
    id: text('id').notNull(),
    mode: mode(),
    /** In the address: the merchant's number and six random characters. */
    slug: text('slug').notNull(),
    status: text('status').$type<'active' | 'inactive'>().notNull(),
    settings: jsonb('settings').$type<LinkSettings>().notNull(),
    /** Pieces there are in all; null = no limit. */
    stock: integer('stock'),
    /** Pieces that are paid for or being paid for. */
    taken: integer('taken').notNull().default(0),
    version: integer('version').notNull().default(0),
    createdAt: instant('created_at').notNull(),
    createdBy: text('created_by'),
  },
  (t) => [
    primaryKey({ columns: [t.merchantId, t.id] }),
    unique('payment_links_slug').on(t.merchantId, t.slug),
    index('payment_links_newest').on(t.merchantId, t.mode, t.id),
    check('payment_links_taken', sql`taken >= 0 and (stock is null or taken <= stock)`),
  ],
);

/** What was ordered through a link, by the session that it made. */
export const linkOrders = pgTable(
  'link_orders',
  {
    merchantId: merchantId(),
    sessionId: text('session_id').notNull(),
    linkId: text('link_id').notNull(),
    /** Of a list: which item. */
    choice: text('choice'),
    quantity: integer('quantity').notNull(),
    unitAmount: money('unit_amount').notNull(),
    /** The merchant's own questions, by field id. */
    answers: jsonb('answers').$type<Record<string, string>>().notNull(),
    /** `held` until the session's money is decided, then `sold` or `released`. */
    status: text('status').$type<'held' | 'sold' | 'released'>().notNull(),
    createdAt: instant('created_at').notNull(),
    settledAt: instant('settled_at'),
  },
  (t) => [
    primaryKey({ columns: [t.merchantId, t.sessionId] }),
    foreignKey({
      columns: [t.merchantId, t.linkId],
      foreignColumns: [paymentLinks.merchantId, paymentLinks.id],
    }),
    foreignKey({ columns: [t.merchantId, t.sessionId], foreignColumns: [sessions.merchantId, sessions.id] }),
    index('link_orders_link').on(t.merchantId, t.linkId, t.sessionId),
    check('link_orders_quantity', sql`quantity > 0`),
  ],
);

export type RequestStatus =
  | 'draft'
  | 'scheduled'
  | 'sent'
  | 'bounced'
  | 'opened'
  | 'paid'
  | 'expired'
  | 'canceled';

/** A file of requests: checked as a whole before anything happens. */
export const requestBatches = pgTable(
  'request_batches',
  {
    merchantId: merchantId(),
    id: text('id').notNull(),
    mode: mode(),
    name: text('name').notNull(),
    /** SHA-256 of the file: the same one again is the same batch. */
    digest: bytes('digest').notNull(),
    rows: integer('rows').notNull(),
    /** Whether they are sent, or left as drafts. */
    send: boolean('send').notNull(),
    /** Rows that were gone through so far: made into requests, or passed over since their order has one. */
    imported: integer('imported').notNull().default(0),
    /** When somebody said that it shall happen; a file that was only looked at is forgotten after a day. */
    confirmedAt: instant('confirmed_at'),
    /** The rows as they were read, until they are all imported. */
    content: jsonb('content').$type<RequestRow[]>(),
    createdAt: instant('created_at').notNull(),
    createdBy: text('created_by'),
    finishedAt: instant('finished_at'),
  },
  (t) => [
    primaryKey({ columns: [t.merchantId, t.id] }),
    unique('request_batches_digest').on(t.merchantId, t.mode, t.digest),
  ],
);

/** A row of a batch, checked: what a request is made of. */
export interface RequestRow {
  orderId: string;
  amount: number;
  description: string | null;
  name: string | null;
  email: string | null;
  language: Language;
  subject: string | null;
  message: string | null;
  /** RFC 3339. */
  dueAt: string;
  /** RFC 3339; null = at once. */
  sendAt: string | null;
  remindDays: number[];
}

/** Payment requests: links sent by e-mail, `/r/{token}`. */
export const paymentRequests = pgTable(
  'payment_requests',
  {
    merchantId: merchantId(),
    id: text('id').notNull(),
    mode: mode(),
    /** Capability in the address. */
    token: text('token').notNull(),
    batchId: text('batch_id'),
    /** Its place in the batch, from 1. */
    row: integer('row'),
    orderId: text('order_id').notNull(),
    amount: money('amount').notNull(),
    currency: text('currency').$type<'JPY'>().notNull(),
    description: text('description'),
    lineItems: jsonb('line_items').$type<LineItem[]>(),
    customerName: text('customer_name'),
    email: text('email'),
    language: text('language').$type<Language>().notNull(),
    /** The merchant's words for the mail and above the amount: its own, or those of a template as they stood. */
    subject: text('subject'),
    message: text('message'),
    methods: text('methods').array(),
    status: text('status').$type<RequestStatus>().notNull(),
    /** The end of the day in Japan until which it may be paid. */
    dueAt: instant('due_at').notNull(),
    sendAt: instant('send_at'),
    /** Days before `dueAt` on which to remind. */
    remindDays: integer('remind_days').array().notNull(),
    /** Counts how often it was sent: it makes each mail its own. */
    sends: integer('sends').notNull().default(0),
    /** The work that sent it last: the same again sends nothing. */
    sendWork: text('send_work'),
    sentAt: instant('sent_at'),
    openedAt: instant('opened_at'),
    paidAt: instant('paid_at'),
    endedAt: instant('ended_at'),
    /** The session of the latest visit that went on to pay. */
    sessionId: text('session_id'),
    version: integer('version').notNull().default(0),
    metadata: jsonb('metadata').$type<Record<string, string>>().notNull(),
    createdAt: instant('created_at').notNull(),
    createdBy: text('created_by'),
  },
  (t) => [
    primaryKey({ columns: [t.merchantId, t.id] }),
    unique('payment_requests_token').on(t.merchantId, t.token),
    uniqueIndex('payment_requests_row').on(t.merchantId, t.batchId, t.row).where(sql`batch_id is not null`),
    uniqueIndex('payment_requests_order')
      .on(t.merchantId, t.mode, t.orderId)
      .where(sql`status not in ('paid', 'expired', 'canceled')`),
    index('payment_requests_newest').on(t.merchantId, t.mode, t.id),
    index('payment_requests_status').on(t.merchantId, t.mode, t.status, t.id),
    index('payment_requests_due').on(t.merchantId, t.mode, t.dueAt),
    check('payment_requests_amount', sql`amount > 0`),
  ],
);

/** Words that a merchant sends again and again. */
export const requestTemplates = pgTable(
  'request_templates',
  {
    merchantId: merchantId(),
    id: text('id').notNull(),
    name: text('name').notNull(),
    /** By language: what is not there is taken from our own words. */
    texts: jsonb('texts').$type<Partial<Record<Language, { subject: string; message: string }>>>().notNull(),
    createdAt: instant('created_at').notNull(),
    changedAt: instant('changed_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.merchantId, t.id] }),
    unique('request_templates_name').on(t.merchantId, t.name),
  ],
);

// ── what is told ─────────────────────────────────────────────────────────────────────────────────────────────

/** The append-only log of public events. `payload` is the very text that is signed and sent. */
export const events = pgTable(
  'events',
  {
    merchantId: merchantId(),
    id: text('id').notNull(),
    mode: mode(),
    /** Null for `ping` only. */
    sessionId: text('session_id'),
    sequence: integer('sequence'),
    type: text('type').notNull(),
    timestamp: instant('timestamp').notNull(),
    payload: text('payload').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.merchantId, t.id] }),
    unique('events_sequence').on(t.merchantId, t.sessionId, t.sequence),
    index('events_newest').on(t.merchantId, t.mode, t.id),
  ],
);

export const webhookEndpoints = pgTable(
  'webhook_endpoints',
  {
    merchantId: merchantId(),
    id: text('id').notNull(),
    mode: mode(),
    url: text('url').notNull(),
    /** Null = every type. */
    events: text('events').array(),
    status: text('status').$type<'enabled' | 'disabled' | 'deleted'>().notNull(),
    createdAt: instant('created_at').notNull(),
    /** The last conformance run against it (test mode). */
    conformance: jsonb('conformance').$type<ConformanceRun>(),
  },
  (t) => [primaryKey({ columns: [t.merchantId, t.id] })],
);

/** What was sent to an endpoint on trial, and how it answered each. */
export interface ConformanceRun {
  startedAt: string;
  /** Null while it runs. */
  endedAt: string | null;
  checks: ConformanceCheck[];
}

export interface ConformanceCheck {
  name: string;
  outcome: 'pass' | 'fail' | 'warning' | 'skipped';
  answers: { status: number | null; fault: string | null; tookMs: number; body: string }[];
}

/** How the last try of a delivery went, for people to read. */
export interface LastTry {
  at: string;
  tookMs: number;
  /** `webhook-timestamp` and `webhook-signature` as they were sent. */
  timestamp: string;
  signature: string;
  /** The first KB of the answer's body, without what looks like a secret; null when there was no answer. */
  answer: string | null;
}

/** One event on its way to one endpoint. */
export const deliveries = pgTable(
  'deliveries',
  {
    merchantId: merchantId(),
    id: text('id').notNull(),
    mode: mode(),
    eventId: text('event_id').notNull(),
    endpointId: text('endpoint_id').notNull(),
    try: integer('try').notNull(),
    status: text('status').$type<'pending' | 'delivered' | 'failed'>().notNull(),
    responseStatus: integer('response_status'),
    error: text('error'),
    nextTryAt: instant('next_try_at'),
    createdAt: instant('created_at').notNull(),
    /** Null before the first try, and on rows older than it. */
    lastTry: jsonb('last_try').$type<LastTry>(),
  },
  (t) => [
    primaryKey({ columns: [t.merchantId, t.id] }),
    foreignKey({ columns: [t.merchantId, t.eventId], foreignColumns: [events.merchantId, events.id] }),
    index('deliveries_newest').on(t.merchantId, t.mode, t.id),
  ],
);

/** Nonces of signed entries (`/pay`): the same id with the same payload leads to the same session. */
export const entries = pgTable(
  'entries',
  {
    merchantId: merchantId(),
    mode: mode(),
    nonce: text('nonce').notNull(),
    payloadHash: bytes('payload_hash').notNull(),
    sessionId: text('session_id').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.merchantId, t.mode, t.nonce] })],
);

// ── what is kept secret ──────────────────────────────────────────────────────────────────────────────────────

export type KeyPurpose = 'card' | 'security_code' | 'fingerprint' | 'merchant_secret' | 'idempotency';

/**
 * The key-encryption keys there are and were; the keys themselves are outside. The active one wraps new data keys:
 * which one that is stands here, so that every process changes over at the same moment.
 */
export const keyEncryptionKeys = pgTable(
  'key_encryption_keys',
  {
    /** `kek-` and 16 hexadecimal digits derived from the key itself: a key cannot be put in another's place. */
    id: text('id').primaryKey(),
    state: text('state').$type<KeyState>().notNull(),
    /** When it first became the active one. */
    createdAt: instant('created_at').notNull(),
    rotatedAt: instant('rotated_at'),
    /** When nothing was wrapped with it any more: it is then to be destroyed outside. */
    retiredAt: instant('retired_at'),
  },
  (t) => [uniqueIndex('key_encryption_keys_one_active').on(t.state).where(sql`state = 'active'`)],
);

/** `active` seals; `retiring` only opens; of a `retired` one nothing is left but this row. */
export type KeyState = 'active' | 'retiring' | 'retired';

/** The key ring: data keys, each wrapped by a key-encryption key that its header names. */
export const dataKeys = pgTable(
  'data_keys',
  {
    id: text('id').primaryKey(),
    purpose: text('purpose').$type<KeyPurpose>().notNull(),
    /** Empty once the key is retired. */
    wrapped: bytes('wrapped').notNull(),
    state: text('state').$type<KeyState>().notNull(),
    createdAt: instant('created_at').notNull(),
    /** Security-code keys live for a day: after this the key is deleted. */
    expiresAt: instant('expires_at'),
    /** When another took its place. */
    rotatedAt: instant('rotated_at'),
    retiredAt: instant('retired_at'),
  },
  (t) => [uniqueIndex('data_keys_one_active').on(t.purpose).where(sql`state = 'active'`)],
);

/**
 * The one table a card number is in, sealed (AES-256-GCM; key id and record id are authenticated). A trigger refuses
 * a row that is sealed with a retired key (constraint `sealed_with_usable_key`), here and in the two other tables that
 * hold sealed rows: see the migration.
 */
export const vaultCards = pgTable(
  'vault_cards',
  {
    merchantId: merchantId(),
    id: text('id').notNull(),
    keyId: text('key_id').notNull(),
    sealed: bytes('sealed').notNull(),
    /** HMAC-SHA-256 over the number, to recognise a card without opening it. */
    fingerprint: bytes('fingerprint').notNull(),
    /** First eight digits; six of a number shorter than 16 (PCI DSS 3.4.1). Null on rows older than it. */
    bin: text('bin'),
    createdAt: instant('created_at').notNull(),
    /** When the purge job removes it. */
    purgeAt: instant('purge_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.merchantId, t.id] }),
    index('vault_cards_fingerprint').on(t.merchantId, t.fingerprint),
    index('vault_cards_purge').on(t.purgeAt),
    index('vault_cards_key').on(t.keyId, t.merchantId, t.id),
  ],
);

/** Security codes, sealed with short-lived keys; UNLOGGED (see the migration): never in the write-ahead log. */
export const vaultSecurityCodes = pgTable(
  'vault_security_codes',
  {
    merchantId: merchantId(),
    cardId: text('card_id').notNull(),
    keyId: text('key_id').notNull(),
    sealed: bytes('sealed').notNull(),
    expiresAt: instant('expires_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.merchantId, t.cardId] })],
);

/** One-time tokens. */
export const tokens = pgTable(
  'tokens',
  {
    merchantId: merchantId(),
    id: text('id').notNull(),
    mode: mode(),
    cardId: text('card_id').notNull(),
    brand: text('brand').$type<Brand>().notNull(),
    last4: text('last4').notNull(),
    expMonth: integer('exp_month').notNull(),
    expYear: integer('exp_year').notNull(),
    cardholderName: text('cardholder_name').notNull(),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    usedAt: instant('used_at'),
  },
  (t) => [primaryKey({ columns: [t.merchantId, t.id] }), index('tokens_expiry').on(t.expiresAt)],
);

// ── what stops card testing ──────────────────────────────────────────────────────────────────────────────────

/** Every attempt that came to the point of leaving for the network, for a day. */
export const cardTrials = pgTable(
  'card_trials',
  {
    merchantId: merchantId(),
    attemptId: text('attempt_id').notNull(),
    mode: mode(),
    at: instant('at').notNull(),
    fingerprint: bytes('fingerprint').notNull(),
    bin: text('bin'),
    /** HMAC of the shopper's address: IPv4 whole, IPv6 its /64. */
    address: bytes('address'),
    verdict: text('verdict').$type<'allow' | 'slow' | 'step_up' | 'refuse'>().notNull(),
    /** The limit behind a verdict that is not `allow`. */
    reason: text('reason').$type<'card' | 'address' | 'bin' | 'merchant'>(),
    /** `declined`: the issuer or 3-D Secure said no. `passed`: anything else that ended it. */
    outcome: text('outcome').$type<'pending' | 'declined' | 'passed'>().notNull().default('pending'),
  },
  (t) => [
    primaryKey({ columns: [t.merchantId, t.attemptId] }),
    index('card_trials_card').on(t.mode, t.fingerprint, t.at).where(sql`outcome <> 'passed'`),
    index('card_trials_address').on(t.mode, t.address, t.at).where(sql`outcome = 'declined'`),
    index('card_trials_bin').on(t.merchantId, t.mode, t.bin, t.at).where(sql`outcome = 'declined'`),
    index('card_trials_declined').on(t.merchantId, t.mode, t.at).where(sql`outcome = 'declined'`),
    index('card_trials_all').on(t.merchantId, t.mode, t.at),
    index('card_trials_age').on(t.at),
  ],
);

/** A merchant whose decline rate says that cards are being tested there: everybody is challenged until then. */
export const cardTestingBreakers = pgTable(
  'card_testing_breakers',
  {
    merchantId: merchantId(),
    mode: mode(),
    openedAt: instant('opened_at').notNull(),
    openUntil: instant('open_until').notNull(),
    /** In the hour before it opened. */
    trials: integer('trials').notNull(),
    declines: integer('declines').notNull(),
  },
  (t) => [primaryKey({ columns: [t.merchantId, t.mode] })],
);

/**
 * Cards that shoppers let a merchant's customer reference keep. The number is in `vault_cards`; here is what may be
 * shown, what was agreed, and the first payment that later ones refer to.
 */
export const savedCards = pgTable(
  'saved_cards',
  {
    merchantId: merchantId(),
    id: text('id').notNull(),
    mode: mode(),
    customerReference: text('customer_reference').notNull(),
    cardId: text('card_id').notNull(),
    /** Of the number: the same card is kept once for a reference. */
    fingerprint: bytes('fingerprint').notNull(),
    brand: text('brand').$type<Brand>().notNull(),
    last4: text('last4').notNull(),
    expMonth: integer('exp_month').notNull(),
    expYear: integer('exp_year').notNull(),
    cardholderName: text('cardholder_name').notNull(),
    /** Every agreement there was, oldest first. */
    consents: jsonb('consents').$type<SavedConsent[]>().notNull(),
    /** The payment of the newest agreement: what the network is referred to. */
    paymentId: text('payment_id').notNull(),
    firstRrn: text('first_rrn').notNull(),
    firstDsTransId: text('first_ds_trans_id'),
    firstEci: text('first_eci'),
    createdAt: instant('created_at').notNull(),
    /** The last moment of its month has passed, in Japan. */
    expiresAt: instant('expires_at').notNull(),
    deletedAt: instant('deleted_at'),
    deletedBy: text('deleted_by').$type<'shopper' | 'merchant'>(),
  },
  (t) => [
    primaryKey({ columns: [t.merchantId, t.id] }),
    uniqueIndex('saved_cards_one_of_a_number')
      .on(t.merchantId, t.mode, t.customerReference, t.fingerprint)
      .where(sql`deleted_at is null`),
    index('saved_cards_expiry').on(t.merchantId, t.mode, t.expiresAt),
  ],
);

export type SavedConsent = CardConsent & { sessionId: string };

// ── the world outside, remembered ────────────────────────────────────────────────────────────────────────────

/** Card ranges as the Directory Servers announce them (PRes). A number is compared with bounds of its own length. */
export const cardRanges = pgTable(
  'card_ranges',
  {
    mode: mode(),
    brand: text('brand').$type<Brand>().notNull(),
    rangeStart: text('range_start').notNull(),
    rangeEnd: text('range_end').notNull(),
    acsStart: text('acs_start').notNull(),
    acsEnd: text('acs_end').notNull(),
    dsStart: text('ds_start').notNull(),
    dsEnd: text('ds_end').notNull(),
    methodUrl: text('method_url'),
  },
  (t) => [primaryKey({ columns: [t.mode, t.brand, t.rangeStart] })],
);

export const cardRangeLoads = pgTable(
  'card_range_loads',
  {
    mode: mode(),
    brand: text('brand').$type<Brand>().notNull(),
    serialNumber: text('serial_number'),
    loadedAt: instant('loaded_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.mode, t.brand] })],
);

// ── whether our pages are what we built ──────────────────────────────────────────────────────────────────────

/** Breaches of a page's policy that browsers told us of: alike ones of a day in one row, nothing of what was typed. */
export const pageReports = pgTable(
  'page_reports',
  {
    day: date('day').notNull(),
    /** Of everything below that says what it is. */
    hash: text('hash').notNull(),
    /** The kind of page, never its address: `/p/{token}`. */
    page: text('page').notNull(),
    directive: text('directive').notNull(),
    /** Origin or keyword. */
    blocked: text('blocked').notNull(),
    /** Where it happened: a file of ours with its line, or an origin. */
    source: text('source').notNull(),
    count: integer('count').notNull(),
    firstAt: instant('first_at').notNull(),
    lastAt: instant('last_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.day, t.hash] })],
);

export interface PageFinding {
  /** A page by name, or a file by its address. */
  where: string;
  code:
    | 'not_reached'
    | 'status_changed'
    | 'header_missing'
    | 'header_changed'
    | 'header_added'
    | 'part_missing'
    | 'part_added'
    | 'text_changed'
    | 'file_changed'
    | 'baseline_invalid';
  /** What it is about: a header, a tag. */
  what: string;
  expected: string | null;
  found: string | null;
}

/** Checks of the pages as a browser receives them: the evidence that they were made (PCI DSS 11.6.1). */
export const pageChecks = pgTable('page_checks', {
  id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  checkedAt: instant('checked_at').notNull(),
  /** Where the pages were fetched. */
  url: text('url').notNull(),
  findings: jsonb('findings').$type<PageFinding[]>().notNull(),
});

// ── what is to do ────────────────────────────────────────────────────────────────────────────────────────────

/** What a mail says, as it held when it was owed. */
export interface MailFacts {
  /** Null where it is not about an order. */
  orderId: string | null;
  /** Yen. */
  amount: number | null;
  method: string | null;
  /** Chain or bank. */
  choice: string | null;
  /** Of a number, by the centre's words for its parts. */
  parts: Record<string, string> | null;
  /** RFC 3339. */
  payBy: string | null;
  /** The one link in it. */
  link: string | null;
  /** Of an endpoint that fails. */
  endpoint: string | null;
  /** To a user of the console. What the link is made of when the mail leaves opens nothing on its own. */
  user?: { login: string; link: { kind: 'invitation' | 'reset'; seed: string; until: string } | null };
  /** Of a payment request; not there in mails of anything else. */
  request?: RequestFacts;
}

/** The merchant's own words in a mail about a payment request, and whom they are for. */
export interface RequestFacts {
  name: string | null;
  description: string | null;
  subject: string | null;
  message: string | null;
}

/** Every mail that is owed, and what became of it. Deleted after 90 days: it holds an address. */
export const mails = pgTable(
  'mails',
  {
    merchantId: merchantId(),
    id: text('id').notNull(),
    mode: mode(),
    kind: text('kind').$type<MailKind>().notNull(),
    /** What makes it this mail: the same thing told twice makes one. */
    subject: text('subject').notNull(),
    recipient: text('recipient').notNull(),
    language: text('language').$type<Language>().notNull(),
    facts: jsonb('facts').$type<MailFacts>().notNull(),
    /** What it is about, to see whether it still holds. */
    sessionId: text('session_id'),
    requestId: text('request_id'),
    /** The same on every try. */
    messageId: text('message_id').notNull(),
    status: text('status').$type<'queued' | 'sent' | 'bounced' | 'failed' | 'dropped'>().notNull(),
    tries: integer('tries').notNull().default(0),
    /** What the mail server said last. */
    answer: text('answer'),
    createdAt: instant('created_at').notNull(),
    sentAt: instant('sent_at'),
  },
  (t) => [
    primaryKey({ columns: [t.merchantId, t.id] }),
    unique('mails_subject').on(t.merchantId, t.kind, t.subject, t.recipient),
    index('mails_session').on(t.merchantId, t.sessionId),
    index('mails_old').on(t.createdAt),
  ],
);

/**
 * `quick`: only the database. `acquirer`, `settling`: waits for the acquirer, for the first time or again. `centre`: for
 * the voucher centre. `merchants`: for their endpoints. `mail`, `bulk`: for the mail server, the second at a set rate.
 */
export type Lane = 'quick' | 'acquirer' | 'settling' | 'centre' | 'merchants' | 'mail' | 'bulk';

/** When the next of something may happen that happens at a set rate, in all processes together. */
export const paces = pgTable('paces', {
  name: text('name').primaryKey(),
  nextAt: instant('next_at').notNull(),
});

/** The outbox: enqueued in the transaction that owes the work, leased by a worker, deleted when done. */
export const jobs = pgTable(
  'jobs',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    merchantId: text('merchant_id'),
    mode: text('mode').$type<Mode>(),
    name: text('name').notNull(),
    /** At most one waiting job of a name has this key. */
    key: text('key').notNull(),
    payload: jsonb('payload').$type<Record<string, string>>().notNull(),
    /** Work that waits for others has a lane of its own. */
    lane: text('lane').$type<Lane>().notNull().default('quick'),
    runAt: instant('run_at').notNull(),
    /** Whose clock `run_at` follows: a test merchant's clock moves the `merchant` ones. */
    clock: text('clock').$type<'merchant' | 'wall'>().notNull(),
    tries: integer('tries').notNull().default(0),
    leasedUntil: instant('leased_until'),
    lastError: text('last_error'),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [
    unique('jobs_key').on(t.name, t.key),
    index('jobs_due').on(t.lane, t.runAt),
    index('jobs_merchant').on(t.merchantId, t.mode),
  ],
);
