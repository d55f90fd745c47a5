import { type Context, Hono } from 'hono';
import type { Deps } from '../../deps.ts';
import { RECEIPT_TEXTS } from '../../i18n/receipt/receipt-texts.ts';
import type { ReceiptTexts } from '../../i18n/receipt/texts.ts';
import type { Message } from '../../i18n/texts.ts';
import { readAddressee } from '../../receipts/addressee.ts';
import { findReceipt, paidOf, type Receipt } from '../../receipts/find-receipt.ts';
import { issueReceipt, MOST_ISSUES } from '../../receipts/issue.ts';
import { readForm } from '../body.ts';
import { failed, pathOf, placeOf, refused, showMessage } from '../pay/messages.ts';
import { respond, seeOther } from '../pay/respond.ts';
import type { RequestEnv } from '../request-id.ts';
import { isSameOrigin } from '../same-origin.ts';
import { composeAsk, composeDocument, type Refused } from './page.ts';

/**
 * `/receipts/{token}`: the receipt of a payment, for whoever has its address. GET shows what was issued, or asks for the
 * addressee; POST issues, and answers 303 to the document. Like the session's page it knows no cookie and no login.
 */
export function receiptRoutes(deps: Deps): Hono<RequestEnv> {
  const routes = new Hono<RequestEnv>();

  routes.get('/receipts/:token', async (c) => {
    const receipt = await findReceipt(deps, c.req.param('token'));
    return receipt === null ? notFound(c, deps) : show(c, deps, receipt, receipt.issues.length);
  });

  routes.get('/receipts/:token/:number{[1-9][0-9]?}', async (c) => {
    const receipt = await findReceipt(deps, c.req.param('token'));
    const number = Number(c.req.param('number'));
    const known = receipt?.issues.some((issue) => issue.number === number);
    return receipt === null || !known ? notFound(c, deps) : show(c, deps, receipt, number);
  });

  routes.post('/receipts/:token', async (c) => {
    const secFetchSite = c.req.header('Sec-Fetch-Site');
    const origin = c.req.header('Origin');
    if (!isSameOrigin({ secFetchSite, origin }, deps.config.publicUrl)) return refused(c, deps, 403, false);
    const form = await readForm(c);
    const receipt = await findReceipt(deps, c.req.param('token'));
    return receipt === null ? notFound(c, deps) : issue(c, deps, receipt, form);
  });

  routes.all('/receipts/*', (c) => notFound(c, deps));
  routes.onError((error, c) => failed(c, deps, error, false));
  return routes;
}

async function issue(c: Context, deps: Deps, receipt: Receipt, form: URLSearchParams): Promise<Response> {
  const number = Number(form.get('number') ?? Number.NaN);
  if (number > MOST_ISSUES) return say(c, deps, (t) => t.noMore, 409);
  const read = readAddressee(form.get('addressee') ?? '');
  if (!read.ok) return show(c, deps, receipt, receipt.issues.length, read);
  await issueReceipt(deps, receipt, { number, addressee: read.addressee, refundId: form.get('refund') });
  const chosen = placeOf(c, receipt.session);
  return seeOther(`${pathOf(c)}/${number}${chosen.chosen ? `?lang=${chosen.language}` : ''}`);
}

/** The document of this number; 0 while there is none. */
function show(
  c: Context,
  deps: Deps,
  receipt: Receipt,
  number: number,
  refused: Refused | null = null,
): Promise<Response> {
  const { payment, session, issues } = receipt;
  if (paidOf(receipt) === null) {
    const awaited = AWAITED.includes(payment.status);
    return say(c, deps, (t) => (awaited ? t.notYet : t.never), 200);
  }
  const stand = { receipt, place: placeOf(c, session), config: deps.config, refused };
  const shown = issues.find((each) => each.number === number);
  return respond(c, deps, shown === undefined ? composeAsk(stand) : composeDocument(stand, shown));
}

const AWAITED: readonly string[] = [
  'requires_method',
  'requires_action',
  'processing',
  'awaiting_payment',
  'authorized',
];

function notFound(c: Context, deps: Deps): Promise<Response> {
  return say(c, deps, (t) => t.notFound, 404);
}

function say(
  c: Context,
  deps: Deps,
  choose: (t: ReceiptTexts['page']) => Message,
  status: number,
): Promise<Response> {
  return showMessage(c, deps, (t) => choose(RECEIPT_TEXTS[t.lang].page), { status });
}
