import { type Context, Hono } from 'hono';
import type { Deps } from '../../deps.ts';
import { chooseLanguage, TEXTS } from '../../i18n/language.ts';
import type { Texts } from '../../i18n/texts.ts';
import { type Fault, PROBLEMS, Problem } from '../../lib/problem.ts';
import { isFresh } from '../../lib/sign.ts';
import type { Merchant } from '../../merchants/merchant.ts';
import { unixSeconds } from '../../notify/sign-event.ts';
import { type Entered, enter, findEntered } from '../../payments/enter.ts';
import { pageUrl } from '../../payments/present.ts';
import { readForm } from '../body.ts';
import { plainPage } from '../plain-page.ts';
import { unexpected } from '../problem.ts';
import type { RequestEnv } from '../request-id.ts';
import { payloadHash, readEntry, readPayload, type SignedEntry, verifyEntry } from './read-entry.ts';

/**
 * `/pay`, for carts that only build a link or a form (contract, section 3). A cross-site POST by design: what proves
 * where it comes from is its signature, and there are no cookies.
 */
export function entryRoutes(deps: Deps): Hono<RequestEnv> {
  const app = new Hono<RequestEnv>();
  app.on(['GET', 'POST'], '/pay', async (c) => {
    try {
      const entered = await openEntry(deps, readEntry(await parametersOf(c)));
      if (entered.kind !== 'session') throw refused('entry_id_reused');
      const Location = pageUrl(deps, entered.snapshot);
      const headers = { Location, 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' };
      return new Response(null, { status: 303, headers });
    } catch (error) {
      return errorPage(c, deps, error);
    }
  });
  app.all('/pay', (c) => {
    const problem = new Problem('method_not_allowed', 'Use GET or POST.');
    return errorPage(c, deps, problem, { Allow: 'GET, HEAD, POST' });
  });
  return app;
}

async function parametersOf(c: Context): Promise<URLSearchParams> {
  if (c.req.method !== 'POST') return new URL(c.req.url).searchParams;
  return readForm(c);
}

/** A known id leads to its session, whatever its age; a new one must be fresh. By the wall clock, in both modes. */
async function openEntry(deps: Deps, entry: SignedEntry): Promise<Entered> {
  const merchant: Merchant | null = await verifyEntry(deps, entry);
  if (merchant === null) throw refused('signature_invalid');
  const nonce = { nonce: entry.id, payloadHash: payloadHash(entry) };
  const known = await findEntered(deps, merchant, nonce);
  if (known.kind !== 'unknown') return known;
  const now = Number(unixSeconds(deps.clock.now()));
  if (!isFresh(entry.timestamp, now)) throw refused('timestamp_out_of_range');
  return enter(deps, merchant, nonce, readPayload(deps, merchant, entry));
}

/** What only an entry can meet. */
const REFUSALS = {
  signature_invalid: {
    status: 403,
    detail:
      'The signature does not match. Sign id.timestamp.payload with the entry secret, byte for byte as sent.',
  },
  timestamp_out_of_range: {
    status: 403,
    detail: 'The timestamp is more than 300 seconds off. Sign when the shopper leaves; check the clock.',
  },
  entry_id_reused: {
    status: 409,
    detail: 'This id was used with another payload. Use a new random id for every entry.',
  },
} as const;

type RefusalCode = keyof typeof REFUSALS;

class Refusal extends Error {
  readonly code: RefusalCode;

  constructor(code: RefusalCode) {
    super(code);
    this.code = code;
  }
}

function refused(code: RefusalCode): Refusal {
  return new Refusal(code);
}

function errorPage(
  c: Context<RequestEnv>,
  deps: Deps,
  error: unknown,
  headers: Record<string, string> = {},
): Response {
  const reference = c.var.requestId;
  const { status, ...told } = tell(deps, error, reference);
  const acceptLanguage = c.req.header('Accept-Language');
  const t = TEXTS[chooseLanguage({ chosen: undefined, locale: 'auto', acceptLanguage })];
  return plainPage(
    'entry/error',
    { ...told, t, message: t.entry[told.text], reference },
    {
      status,
      headers: {
        'Cache-Control': 'no-store',
        'Content-Language': t.lang,
        Vary: 'Accept-Language',
        ...headers,
      },
    },
  );
}

interface Told {
  status: number;
  code: string;
  detail: string;
  faults: Fault[];
  text: keyof Texts['entry'];
}

function tell(deps: Deps, error: unknown, requestId: string): Told {
  if (error instanceof Refusal) {
    const text = error.code === 'timestamp_out_of_range' ? 'stale' : 'refused';
    return { code: error.code, ...REFUSALS[error.code], faults: [], text };
  }
  const problem = error instanceof Problem ? error : unexpected(deps, error, requestId);
  const { code, detail, faults = [] } = problem;
  return { status: PROBLEMS[code].status, code, detail, faults, text: textOf(problem) };
}

function textOf({ code }: Problem): Told['text'] {
  if (code === 'order_already_paid') return 'paid';
  if (code === 'order_in_progress') return 'inProgress';
  return code === 'internal' ? 'ours' : 'refused';
}
