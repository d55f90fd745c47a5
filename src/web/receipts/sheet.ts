import { RECEIPT_TEXTS } from '../../i18n/receipt/receipt-texts.ts';
import type { ReceiptTexts } from '../../i18n/receipt/texts.ts';
import type { Language } from '../../i18n/texts.ts';
import { BRAND_NAMES } from '../../lib/card.ts';
import { honorificOf } from '../../receipts/addressee.ts';
import type { Issue, Receipt } from '../../receipts/find-receipt.ts';
import { alike, serialOf } from '../../receipts/issue.ts';
import { stampDuty } from '../../receipts/stamp-duty.ts';

/** Words of the document: Japanese, and the shopper's language where that is another. */
export interface Term {
  ja: string;
  also: { lang: Language; text: string } | null;
}

interface Fact {
  label: Term;
  value: string;
}

/** The document as it is printed. */
export interface Sheet {
  title: Term;
  qualified: Term | null;
  reissue: { label: Term; text: string } | null;
  /** Said where no real money was moved. */
  sample: Term | null;
  head: Fact[];
  addressee: string;
  honorific: string;
  sum: { label: Term; amount: string };
  purpose: Term;
  done: Term;
  items: { name: string; reduced: boolean; quantity: number; amount: string }[];
  rates: { rate: Term; amount: string; tax: string | null }[];
  facts: { label: Term; value: Term }[];
  refunds: Fact[];
  issuer: { name: string; address: string | null; registration: Fact | null };
  notes: Term[];
  payment: Fact;
  columns: Record<'item' | 'quantity' | 'itemAmount' | 'rate' | 'rateAmount' | 'rateTax' | 'issuer', Term>;
}

/** An issued document. The figures are those of its issue; only later refunds are read from the payment. */
export function sheetOf(issue: Issue, receipt: Receipt, language: Language): Sheet {
  const term = termsOf(language);
  const label = (name: keyof ReceiptTexts['labels']) => term((t) => t.labels[name]);
  const { content, kind, addressee, issuedAt } = issue;
  const back = kind === 'return';
  const qualified = content.plainBecause === null;
  return {
    title: label(back ? 'return' : 'receipt'),
    qualified: qualified ? label(back ? 'qualifiedReturn' : 'qualifiedReceipt') : null,
    reissue: reissueOf(issue, receipt, label),
    sample: receipt.payment.mode === 'test' ? term((t) => t.notes.test) : null,
    head: [
      { label: label('number'), value: serialOf(issue) },
      { label: label('issuedOn'), value: dayIn('ja', issuedAt) },
    ],
    addressee,
    honorific: honorificOf(addressee),
    sum: { label: label(back ? 'returned' : 'received'), amount: yen(content.amount) },
    purpose: term(({ sentences }) => (back ? sentences.returnPurpose : sentences.purpose)(content.purpose)),
    done: term((t) => (back ? t.sentences.returned : t.sentences.received)),
    items: content.items.map(({ name, quantity, amount, rate }) => ({
      name,
      quantity,
      amount: yen(amount),
      reduced: rate === REDUCED,
    })),
    rates: content.perRate.map(({ rate, amount, tax }) => ({
      rate: rate === 0 ? label('notTaxed') : same(`${rate}%${rate === REDUCED ? ' ※' : ''}`),
      amount: yen(amount),
      tax: tax === null ? null : yen(tax),
    })),
    facts: factsOf(issue, term, label),
    refunds: back ? [] : refundsOf(receipt, label),
    issuer: {
      name: content.issuer.name,
      address: content.issuer.address,
      registration: qualified
        ? { label: label('registration'), value: content.issuer.registrationNumber ?? '' }
        : null,
    },
    notes: notesOf(issue).map((note) => term((t) => t.notes[note])),
    payment: { label: label('payment'), value: receipt.payment.id },
    columns: {
      item: label('item'),
      quantity: label('quantity'),
      itemAmount: label('itemAmount'),
      rate: label('rate'),
      rateAmount: label('rateAmount'),
      rateTax: label('rateTax'),
      issuer: label('issuer'),
    },
  };
}

/** Yen as receipts have it, in every language. */
export function yen(amount: number): string {
  return `¥${YEN.format(amount)}`;
}

/** A day in Japan, always with its year. */
export function dayIn(language: Language, at: Date): string {
  return new Intl.DateTimeFormat(language, { timeZone: 'Asia/Tokyo', dateStyle: 'long' }).format(at);
}

const YEN = new Intl.NumberFormat('en-US');
const REDUCED = 8;

type Terms = (choose: (t: ReceiptTexts) => string) => Term;
type Label = (name: keyof ReceiptTexts['labels']) => Term;

function termsOf(language: Language): Terms {
  return (choose) => ({
    ja: choose(RECEIPT_TEXTS.ja),
    also: language === 'ja' ? null : { lang: language, text: choose(RECEIPT_TEXTS[language]) },
  });
}

function same(text: string): Term {
  return { ja: text, also: null };
}

function reissueOf(issue: Issue, { issues }: Receipt, label: Label): Sheet['reissue'] {
  const [first, ...others] = alike(issue, issues);
  const copy = others.findIndex(({ number }) => number === issue.number) + 2;
  if (first === undefined || first.number === issue.number) return null;
  const text = RECEIPT_TEXTS.ja.sentences.copy(copy, dayIn('ja', first.issuedAt));
  return { label: label('reissue'), text };
}

function factsOf({ content }: Issue, term: Terms, label: Label): Sheet['facts'] {
  const { card, id } = content.method;
  const day = (iso: string) => same(dayIn('ja', new Date(iso)));
  const paidBy =
    card === null
      ? same(id)
      : term((t) => `${t.cardUse}(${t.cardEnding(BRAND_NAMES[card.brand], card.last4)})`);
  const refunded =
    content.refundedAt === null ? [] : [{ label: label('returnedOn'), value: day(content.refundedAt) }];
  return [
    { label: label('paidOn'), value: day(content.paidAt) },
    ...refunded,
    { label: label('method'), value: paidBy },
    { label: label('order'), value: same(content.orderId) },
  ];
}

function refundsOf({ refunds }: Receipt, label: Label): Fact[] {
  return refunds.map(({ amount, settledAt, createdAt }) => ({
    label: label('returnedSince'),
    value: `${yen(amount)}(${dayIn('ja', settledAt ?? createdAt)})`,
  }));
}

function notesOf({ content, kind }: Issue): (keyof ReceiptTexts['notes'])[] {
  const { plainBecause, items, perRate } = content;
  const notes: (keyof ReceiptTexts['notes'])[] = [];
  if (items.some(({ rate }) => rate === REDUCED) || perRate.some(({ rate }) => rate === REDUCED))
    notes.push('reducedRate');
  if (perRate.every(({ tax }) => tax === null)) notes.push('includesTax');
  if (plainBecause === 'part') notes.push(kind === 'return' ? 'partReturned' : 'part');
  if (plainBecause === 'duplicate') notes.push('duplicate');
  if (plainBecause === 'no_rates') notes.push('noRates');
  const wouldBeStamped = kind === 'receipt' && dutyOnPaper(content) > 0;
  return wouldBeStamped ? [...notes, 'electronic', 'japanTime'] : [...notes, 'japanTime'];
}

/** Why there is no stamp on it is said only where paper would need one. */
function dutyOnPaper({ amount, perRate, method }: Issue['content']): number {
  const taxShown = perRate.reduce((sum, { tax }) => sum + (tax ?? 0), 0);
  return stampDuty({ medium: 'paper', amount, taxShown, cardUseStated: method.card !== null });
}
