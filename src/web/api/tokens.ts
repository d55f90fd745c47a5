import { type Fault, Problem } from '../../lib/problem.ts';
import type { Merchant } from '../../merchants/merchant.ts';
import { type CardFault, type CardFaults, type CardFields, parseCard } from '../../vault/parse-card.ts';
import { createToken, presentToken } from '../../vault/tokens.ts';
import { parse, validationFailed } from './parse.ts';
import type { ApiRoute } from './route.ts';
import { TokenBody } from './schemas.ts';

/** Takes no Idempotency-Key: what is remembered of a request would be a memory of a card number. */
export const tokenRoutes: ApiRoute[] = [
  {
    method: 'post',
    path: '/v1/tokens',
    operationId: 'createToken',
    summary: 'Turn a card into a token for one use within 15 minutes; callable from any origin',
    tag: 'tokens',
    key: 'publishable',
    permission: 'tokens.create',
    body: 'TokenBody',
    answers: [{ status: 201, description: 'The token', schema: 'Token' }],
    problems: [],
    run: async (deps, { merchant, body, origin }) => {
      refuseForeign(merchant, origin, deps.config.publicUrl);
      const { card } = parse(TokenBody, body);
      const { exp_month, exp_year, ...rest } = card;
      const now = merchant.clock.now();
      const parsed = parseCard({ ...rest, exp: { exp_month, exp_year } }, { mode: merchant.mode, now });
      if (!parsed.ok) throw validationFailed(toFaults(parsed.faults));
      const { merchantId, mode } = merchant;
      const token = await createToken(deps, { merchantId, mode, card: parsed.card, now });
      return { status: 201, body: presentToken(token) };
    },
  },
];

/**
 * A merchant that has registered its origins is at home there alone, and in our own card fields: no other page may use
 * its key in a browser. Programs send no origin; a key that is public cannot keep them out.
 */
function refuseForeign({ settings }: Merchant, origin: string | null, publicUrl: string): void {
  const { allowedOrigins } = settings;
  if (origin === null || allowedOrigins.length === 0 || origin === new URL(publicUrl).origin) return;
  if (allowedOrigins.includes(origin)) return;
  throw new Problem(
    'key_not_allowed',
    'This page is not on one of the origins that the merchant registered.',
  );
}

const FIELDS = {
  number: 'number',
  exp: 'exp_month',
  csc: 'csc',
  name: 'name',
} as const satisfies Record<keyof CardFields, string>;

const DETAILS = {
  missing: 'is required',
  invalid: 'is not valid',
  invalid_characters: 'has characters that do not belong there',
  wrong_length: 'has the wrong length',
  unknown_brand: 'belongs to no brand that is accepted here',
  check_digit: 'has a typing error: its check digit is wrong',
  expired: 'has passed: the card has expired',
  not_a_test_card: 'is not a test card: test mode takes only those of the documentation',
  test_card: 'is a test card: live mode takes real cards only',
} as const satisfies Record<CardFault, string>;

function toFaults(faults: CardFaults): Fault[] {
  return (['number', 'exp', 'csc', 'name'] as const).flatMap((field) => {
    const fault = faults[field];
    if (fault === undefined) return [];
    const code = fault === 'missing' ? 'required' : fault;
    return [{ pointer: `#/card/${FIELDS[field]}`, code, detail: DETAILS[fault] }];
  });
}
