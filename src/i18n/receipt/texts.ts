import type { Message } from '../texts.ts';

/** The words of receipts. The document is Japanese; its words stand beside it in the shopper's language where that is another. */
export interface ReceiptTexts {
  /** On the page of a session that was paid. */
  link: string;
  /** What stands before a value, or heads a column. */
  labels: Record<
    | 'receipt'
    | 'qualifiedReceipt'
    | 'return'
    | 'qualifiedReturn'
    | 'reissue'
    | 'number'
    | 'issuedOn'
    | 'received'
    | 'returned'
    | 'item'
    | 'quantity'
    | 'itemAmount'
    | 'rate'
    | 'rateAmount'
    | 'rateTax'
    | 'notTaxed'
    | 'paidOn'
    | 'returnedOn'
    | 'method'
    | 'order'
    | 'payment'
    | 'issuer'
    | 'registration'
    | 'returnedSince',
    string
  >;
  cardUse: string;
  cardEnding: (brand: string, last4: string) => string;
  sentences: {
    /** 但し書き. `purpose` null = goods. */
    purpose: (purpose: string | null) => string;
    /** The same of a document for a refund. */
    returnPurpose: (purpose: string | null) => string;
    received: string;
    returned: string;
    /** Below 再発行: which one this is, and when the first was issued. */
    copy: (number: number, firstDay: string) => string;
  };
  /** Small, below the document. */
  notes: Record<
    | 'reducedRate'
    | 'includesTax'
    | 'electronic'
    | 'japanTime'
    | 'test'
    /** Why it is no qualified invoice. */
    | 'noRates'
    | 'part'
    | 'partReturned'
    | 'duplicate',
    string
  >;
  page: {
    ask: Message;
    addressee: string;
    addresseeHint: string;
    faults: Record<'missing' | 'too_long' | 'digits', string>;
    issue: string;
    print: string;
    printHint: string;
    documents: string;
    /** A document in the list. */
    original: string;
    reissued: string;
    again: string;
    againHint: string;
    issueAgain: string;
    returns: string;
    returnOf: (amount: string, day: string) => string;
    issueReturn: string;
    notYet: Message;
    never: Message;
    notFound: Message;
    noMore: Message;
  };
}
