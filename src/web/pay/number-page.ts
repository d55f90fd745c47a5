import { formatMoney, formatTime } from '../../i18n/format.ts';
import type { Texts } from '../../i18n/texts.ts';
import type { Method } from '../../methods/method.ts';
import { choiceOf, methodOf, numberParts } from '../../methods/methods.ts';
import type { NumberRow, Visit } from '../../payments/snapshot.ts';
import { type SlipDrawing, slipDrawing } from './slip.ts';

/** A number that was issued, as the shopper needs it at the store or the ATM. */
export interface NumberView {
  method: Method['id'];
  /** Chain, where the method has some. */
  chain: { id: string; name: string } | null;
  /** `value` in groups for reading, `digits` for copying. */
  parts: { label: string; value: string; digits: string }[];
  amount: string;
  payBy: string;
  /** What the terminal prints. */
  printed: string;
  slip: SlipDrawing | null;
}

/** The number that the session was completed with, or null. */
export function numberView(visit: Visit, t: Texts): NumberView | null {
  const row = visit.numbers.findLast(({ parts }) => parts !== null);
  const method = row === undefined ? null : methodOf(row.method);
  if (row === undefined || method === null || row.parts === null) return null;
  const choice = choiceOf(method, row.choice);
  const { parts, payer } = row;
  return {
    method: method.id,
    chain: choice === null ? null : { id: choice.id, name: choice.name[t.lang] },
    parts: numberParts(method, choice).map(({ key, label, groups }) => {
      const digits = parts[key] ?? '';
      return { label: label[t.lang], digits, value: grouped(digits, groups) };
    }),
    amount: formatMoney(t.lang, row.amount),
    payBy: payByText(visit, row, t),
    printed: `${payer.name1}${payer.name2 === '' ? '' : `\u3000${payer.name2}`}`,
    slip: row.barcode === null ? null : slipDrawing(row.barcode),
  };
}

export function payByText({ merchant }: Visit, { payBy }: NumberRow, t: Texts, nested = false): string {
  return formatTime(t.lang, payBy, merchant.clock.now(), nested);
}

/** Digits in the groups in which they are read; what is left stands in the last. */
function grouped(digits: string, groups: readonly number[]): string {
  const shown: string[] = [];
  let rest = digits;
  for (const size of groups) {
    if (rest === '') break;
    shown.push(rest.slice(0, size));
    rest = rest.slice(size);
  }
  return rest === '' ? shown.join(' ') : [...shown, rest].join(' ');
}
