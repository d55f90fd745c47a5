/** The brackets of 印紙税法, 別表第一, 17号の1: up to this amount, this much. Beyond the last, `HIGHEST`. */
const BRACKETS = [
  [1_000_000, 200],
  [2_000_000, 400],
  [3_000_000, 600],
  [5_000_000, 1_000],
  [10_000_000, 2_000],
  [20_000_000, 4_000],
  [30_000_000, 6_000],
  [50_000_000, 10_000],
  [100_000_000, 20_000],
  [200_000_000, 40_000],
  [300_000_000, 60_000],
  [500_000_000, 100_000],
  [1_000_000_000, 150_000],
] as const;
const HIGHEST = 200_000;
/** Below this amount a receipt is free. */
const DUTIABLE_FROM = 50_000;

export interface StampedReceipt {
  medium: 'paper' | 'electronic';
  /** Yen, tax included. */
  amount: number;
  /** Consumption tax that stands on it by itself: it does not count. */
  taxShown: number;
  /** クレジットカード利用 is stated: no money was received against it. */
  cardUseStated: boolean;
}

/** The revenue stamp (収入印紙) that a receipt needs, in yen. What is issued as data needs none. */
export function stampDuty({ medium, amount, taxShown, cardUseStated }: StampedReceipt): number {
  const counted = amount - taxShown;
  if (medium === 'electronic' || cardUseStated || counted < DUTIABLE_FROM) return 0;
  return BRACKETS.find(([most]) => counted <= most)?.[1] ?? HIGHEST;
}
