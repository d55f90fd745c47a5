import type { z } from 'zod';
import type { Config } from '../../config.ts';
import type { Fault } from '../../lib/problem.ts';
import { type Merchant, offeredBy } from '../../merchants/merchant.ts';
import { METHODS, usable } from '../../methods/methods.ts';
import type { CreateSessionInput } from '../../payments/create-session.ts';
import type { TokenPaymentInput } from '../../payments/pay.ts';
import { field, toPointer } from '../body.ts';
import { check, validationFailed } from './parse.ts';
import { choiceFaults, choiceOf, paymentTypeFaults } from './payment-type-input.ts';
import { savedCardFaults } from './saved-card-input.ts';
import { Amount, LineItems, Methods, PaymentBody, SessionBody } from './schemas.ts';

/** What the rules of a session depend on besides its body. */
export interface SessionContext {
  merchant: Merchant;
  config: Pick<Config, 'production'>;
}

/** Reads the body of `POST /v1/sessions` (also the payload of `/pay`). Throws `validation_failed` with every fault. */
export function readSession(body: unknown, context: SessionContext): CreateSessionInput {
  const checked = check(SessionBody, body);
  const faults = [...(checked.ok ? [] : checked.faults), ...contextFaults(body, context)];
  if (!checked.ok || faults.length > 0) throw validationFailed(faults);
  return toInput(checked.value, context);
}

/** Reads the body of `POST /v1/payments`: a token and a session of which card is a method. */
export function readTokenPayment(body: unknown, context: SessionContext): TokenPaymentInput {
  const checked = check(PaymentBody, body);
  const faults = [
    ...(checked.ok ? [] : checked.faults),
    ...contextFaults(body, context),
    ...cardFaults(body, context),
    ...choiceFaults(body, context.merchant),
  ];
  if (!checked.ok || faults.length > 0) throw validationFailed(faults);
  const { token, card } = checked.value;
  return { ...toInput(checked.value, context), token, ...choiceOf(card) };
}

function toInput(body: z.output<typeof SessionBody>, { merchant }: SessionContext): CreateSessionInput {
  return {
    orderId: body.order_id,
    amount: body.amount,
    currency: body.currency,
    description: body.description ?? null,
    lineItems: body.line_items ?? null,
    methods: usable(body.methods ?? offeredBy(merchant.settings), body),
    capture: body.capture,
    returnUrl: new URL(body.return_url).href,
    cancelUrl: body.cancel_url == null ? null : new URL(body.cancel_url).href,
    returnMethod: body.return_method,
    customer: body.customer,
    risk: body.risk ?? null,
    locale: body.locale,
    expiresIn: body.expires_in,
    numberExpiresDays: body.number_expires_days,
    maxAttempts: body.max_attempts,
    card: body.card,
    metadata: body.metadata,
  };
}

/** Faults that a schema cannot see. A field with a fault of its own is left to its schema. */
function contextFaults(body: unknown, context: SessionContext): Fault[] {
  return [
    ...sumFaults(body),
    ...methodFaults(body, context.merchant),
    ...urlFaults(body, 'return_url', context),
    ...urlFaults(body, 'cancel_url', context),
    ...paymentTypeFaults(body, context.merchant),
    ...savedCardFaults(body),
  ];
}

export function sumFaults(body: unknown): Fault[] {
  const items = LineItems.safeParse(field(body, 'line_items'));
  const amount = Amount.safeParse(field(body, 'amount'));
  if (!items.success || !amount.success) return [];
  const sum = items.data.reduce((total, item) => total + item.quantity * item.unit_amount, 0);
  if (sum === amount.data) return [];
  return [
    {
      pointer: '#/line_items',
      code: 'sum_mismatch',
      detail: `sum to ${sum}: must sum to amount, ${amount.data}`,
    },
  ];
}

export function methodFaults(body: unknown, { settings }: Pick<Merchant, 'settings'>): Fault[] {
  const given = field(body, 'methods');
  const methods = Methods.safeParse(given ?? offeredBy(settings));
  if (!methods.success) return [];
  const faults = methods.data.flatMap((method, index) =>
    settings.methods.includes(method)
      ? []
      : [
          {
            pointer: `#/methods/${index}`,
            code: 'method_not_enabled',
            detail: 'is not enabled for this merchant',
          },
        ],
  );
  const order = { amount: Amount.safeParse(field(body, 'amount')).data, capture: field(body, 'capture') };
  return faults.length > 0 ? faults : nothingLeft(methods.data, order);
}

/** Each method has its limits; of all that were asked for one must be able to take the order. */
function nothingLeft(
  ids: string[],
  { amount, capture }: { amount: number | undefined; capture: unknown },
): Fault[] {
  const manual = capture === 'manual';
  if (manual && usable(ids, { amount: 1, capture: 'manual' }).length === 0) {
    const holding = METHODS.filter(({ holds }) => holds).map(({ id }) => id);
    const detail = `none of the methods can hold money: add ${holding.join(', ')}, or capture automatically`;
    return [{ pointer: '#/capture', code: 'not_supported', detail }];
  }
  if (amount === undefined) return [];
  if (usable(ids, { amount, capture: manual ? 'manual' : 'automatic' }).length > 0) return [];
  const limits = METHODS.filter(({ id }) => ids.includes(id)).map(
    ({ id, limits: { least, most } }) => `${id} ${least}–${most}`,
  );
  const detail = `no method takes this amount: ${limits.join(', ')}`;
  return [{ pointer: '#/amount', code: 'outside_limits', detail }];
}

function cardFaults(body: unknown, { merchant }: SessionContext): Fault[] {
  const methods = Methods.safeParse(field(body, 'methods') ?? offeredBy(merchant.settings));
  if (!methods.success || methods.data.includes('card')) return [];
  return [{ pointer: '#/methods', code: 'not_supported', detail: 'must include card: a token is a card' }];
}

/** The result is carried in these; a return_url with one of them could be mistaken for a result. */
const RESULT_PARAMETERS = ['id', 'timestamp', 'signature', 'payload'];
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

function urlFaults(body: unknown, name: 'return_url' | 'cancel_url', context: SessionContext): Fault[] {
  const given = field(body, name);
  if (typeof given !== 'string' || given === '' || given.length > 1024 || /\p{Cc}/u.test(given)) return [];
  const fault = urlFault(given, context);
  return fault === null ? [] : [{ pointer: toPointer([name]), ...fault }];
}

function urlFault(text: string, { merchant, config }: SessionContext): Omit<Fault, 'pointer'> | null {
  const invalid = (detail: string) => ({ code: 'invalid_format', detail });
  if (/[\s\\]/.test(text) || !URL.canParse(text)) return invalid('must be an absolute URL, without spaces');
  const url = new URL(text);
  const loopback = !config.production && url.protocol === 'http:' && LOOPBACK.test(url.hostname);
  if (url.protocol !== 'https:' && !loopback) {
    return invalid(
      config.production ? 'must begin with https://' : 'must begin with https://, or http:// on loopback',
    );
  }
  if (url.username !== '' || url.password !== '')
    return invalid('must not contain a user name or a password');
  if (url.href.length > 1024)
    return { code: 'too_big', detail: 'must have at most 1024 characters when encoded' };
  const clash = RESULT_PARAMETERS.find((parameter) => url.searchParams.has(parameter));
  if (clash !== undefined) {
    return {
      code: 'reserved_parameter',
      detail: `must not have ${clash} in its query: the result uses that name`,
    };
  }
  const { allowedOrigins } = merchant.settings;
  if (allowedOrigins.length > 0 && !allowedOrigins.includes(url.origin)) {
    return {
      code: 'origin_not_allowed',
      detail: `must be on one of the registered origins: ${allowedOrigins.join(', ')}`,
    };
  }
  return null;
}
