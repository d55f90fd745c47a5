import type { Config } from '../../config.ts';
import { RECEIPT_TEXTS } from '../../i18n/receipt/receipt-texts.ts';
import type { ReceiptTexts } from '../../i18n/receipt/texts.ts';
import type { AddresseeFault } from '../../receipts/addressee.ts';
import type { Issue, Receipt } from '../../receipts/find-receipt.ts';
import { alike, MOST_ISSUES, serialOf } from '../../receipts/issue.ts';
import type { Composed } from '../pay/compose.ts';
import { type Frame, frame, type Place } from '../pay/page.ts';
import { render } from '../render.ts';
import { asset } from '../static.ts';
import { dayIn, type Sheet, sheetOf, yen } from './sheet.ts';

/** Before the first document: it asks whom the receipt is for. */
export interface AskPage extends Frame {
  words: ReceiptTexts['page'];
  amount: string;
  form: AddresseeForm;
}

/** A document, and what else there is to do about it. */
export interface DocumentPage extends Frame {
  words: ReceiptTexts['page'];
  sheet: Sheet;
  documents: { href: string; text: string; current: boolean }[];
  /** Refunds that have no document yet. */
  returns: { text: string; fields: Record<string, string> }[];
  /** Null once there are as many documents as there may be. */
  again: AddresseeForm | null;
}

export interface AddresseeForm {
  action: string;
  fields: Record<string, string>;
  value: string;
  fault: { code: AddresseeFault; text: string } | null;
}

/** What was typed and could not be taken. */
export interface Refused {
  fault: AddresseeFault;
  typed: string;
}

type Stand = { receipt: Receipt; place: Place; config: Config; refused: Refused | null };

export function composeAsk(stand: Stand): Composed {
  const { receipt, place } = stand;
  const base = frameOf(stand);
  const words = RECEIPT_TEXTS[place.language].page;
  const page: AskPage = {
    ...base,
    title: words.ask.title,
    words,
    amount: yen(receipt.payment.amountCaptured),
    form: addresseeForm(stand, base, receipt.session.customer.name ?? '', null),
  };
  return composed(stand, base, render('receipts/ask', page));
}

export function composeDocument(stand: Stand, issue: Issue): Composed {
  const { receipt, place } = stand;
  const base = frameOf(stand);
  const { page: words } = RECEIPT_TEXTS[place.language];
  const sheet = sheetOf(issue, receipt, place.language);
  const page: DocumentPage = {
    ...base,
    title: `${sheet.title.ja} ${serialOf(issue)}`,
    words,
    sheet,
    documents: receipt.issues.map((each) => ({
      href: `${place.path}/${each.number}${base.query}`,
      text: describe(each, receipt, place),
      current: each === issue,
    })),
    returns: returnsOf(stand, issue),
    again:
      receipt.issues.length >= MOST_ISSUES
        ? null
        : addresseeForm(stand, base, issue.addressee, issue.refundId),
  };
  return composed(stand, base, render('receipts/document', page));
}

function frameOf({ receipt, place, config }: Stand): Frame {
  const base = frame(place, receipt.merchant, config);
  return { ...base, styles: [...base.styles, asset('receipt.css')], scripts: [asset('receipt.js')] };
}

function composed({ place, refused }: Stand, { shop }: Frame, html: string): Composed {
  const status = refused === null ? 200 : 422;
  return { html, kind: 'plain', status, language: place.language, logo: shop?.logo ?? null };
}

function addresseeForm(
  { receipt, place, refused }: Stand,
  { query }: Frame,
  known: string,
  refundId: string | null,
): AddresseeForm {
  const { faults } = RECEIPT_TEXTS[place.language].page;
  return {
    action: `${place.path}${query}`,
    fields: { number: String(receipt.issues.length + 1), ...(refundId === null ? {} : { refund: refundId }) },
    value: refused === null ? known.slice(0, 100) : refused.typed,
    fault: refused === null ? null : { code: refused.fault, text: faults[refused.fault] },
  };
}

/** `領収書 R-XXXX-1、山田太郎、2026年11月23日、原本` in the page's language. */
function describe(issue: Issue, { issues }: Receipt, { language }: Place): string {
  const { labels, page } = RECEIPT_TEXTS[language];
  const qualified = issue.content.plainBecause === null;
  const name = issue.kind === 'receipt' ? labels.receipt : qualified ? labels.qualifiedReturn : labels.return;
  const [first] = alike(issue, issues);
  const copy = first === issue ? page.original : page.reissued;
  return [name, serialOf(issue), issue.addressee, dayIn(language, issue.issuedAt), copy].join(' · ');
}

/** A document about a refund goes to whom this one went. */
function returnsOf({ receipt, place }: Stand, issue: Issue): DocumentPage['returns'] {
  const { returnOf } = RECEIPT_TEXTS[place.language].page;
  const number = String(receipt.issues.length + 1);
  if (receipt.issues.length >= MOST_ISSUES) return [];
  return receipt.refunds
    .filter(({ id }) => !receipt.issues.some(({ refundId }) => refundId === id))
    .map(({ id, amount, settledAt, createdAt }) => ({
      text: returnOf(yen(amount), dayIn(place.language, settledAt ?? createdAt)),
      fields: { number, addressee: issue.addressee, refund: id },
    }));
}
