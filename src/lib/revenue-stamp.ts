/**
 * 収入印紙: the stamp duty on a paper receipt of sales money (document type 17-1 of the Stamp Tax Act). Receipts that only
 * ever were data, such as ours, are no documents in its sense, and one that says it was paid by card is not taxed.
 */
export interface ReceiptPaper {
  medium: 'paper' | 'electronic';
  /** Whether the receipt itself says クレジットカード利用. */
  cardStated: boolean;
  /** In yen, with tax. */
  amount: number;
  /** What of it is tax, where the receipt shows that; it does not count then. */
  taxShown?: number;
}

/** The duty in yen; 0 for none. */
export function revenueStamp({ medium, cardStated, amount, taxShown = 0 }: ReceiptPaper): number {
  if (medium === 'electronic' || cardStated || amount - taxShown < STAMPED_FROM) return 0;
  return BANDS.find(({ upTo }) => amount - taxShown <= upTo)?.duty ?? HIGHEST;
}

/** A konbini's slip carries a flag from here on: the clerk puts a stamp on the receipt. */
export const STAMPED_FROM = 50_000;

const BANDS = [
  { upTo: 1_000_000, duty: 200 },
  { upTo: 2_000_000, duty: 400 },
  { upTo: 3_000_000, duty: 600 },
  { upTo: 5_000_000, duty: 1_000 },
  { upTo: 10_000_000, duty: 2_000 },
  { upTo: 20_000_000, duty: 4_000 },
  { upTo: 30_000_000, duty: 6_000 },
  { upTo: 50_000_000, duty: 10_000 },
  { upTo: 100_000_000, duty: 20_000 },
  { upTo: 200_000_000, duty: 40_000 },
  { upTo: 300_000_000, duty: 60_000 },
  { upTo: 500_000_000, duty: 100_000 },
  { upTo: 1_000_000_000, duty: 150_000 },
];
const HIGHEST = 200_000;
