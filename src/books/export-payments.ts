import { note } from '../audit/note.ts';
import type { Deps } from '../deps.ts';
import { toShiftJis } from '../lib/shift-jis.ts';
import type { Merchant } from '../merchants/merchant.ts';
import { type FoundPayment, findPayments, type PaymentSearch } from './find-payments.ts';

export const CHARSETS = ['utf-8', 'shift_jis'] as const;
export type Charset = (typeof CHARSETS)[number];

/** A column: what stands above it, and what of a payment it holds. Numbers stay numbers. */
export interface Column {
  title: string;
  of(found: FoundPayment): string | number | null;
}

/** Rows that are read at a time: what an export holds in memory, however long it is. */
const BATCH = 1_000;

/**
 * All that a search finds as CSV (RFC 4180), newest first: read as fast as it is taken, and recorded in the audit log
 * before the first byte leaves.
 */
export async function exportPayments(
  deps: Deps,
  merchant: Merchant,
  search: PaymentSearch,
  { columns, charset }: { columns: Column[]; charset: Charset },
): Promise<ReadableStream<Uint8Array>> {
  await note(deps, merchant, { action: 'payment.exported', details: { ...filtersOf(search), charset } });
  const encode = charset === 'shift_jis' ? toShiftJis : (text: string) => new TextEncoder().encode(text);
  let cursor: string | null = null;
  let begun = false;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (!begun) {
          begun = true;
          // Spreadsheets take a file for UTF-8 only by its mark.
          const mark = charset === 'utf-8' ? '\ufeff' : '';
          controller.enqueue(encode(mark + lineOf(columns.map(({ title }) => title))));
          return;
        }
        const page = await findPayments(deps, merchant, search, { cursor, limit: BATCH });
        cursor = page.nextCursor;
        const lines = page.data.map((found) => lineOf(columns.map((column) => column.of(found))));
        if (lines.length > 0) controller.enqueue(encode(lines.join('')));
        if (cursor === null) controller.close();
      },
    },
    { highWaterMark: 1 },
  );
}

/** What was asked for, without what may be a shopper's name. */
function filtersOf(search: PaymentSearch): Record<string, string | number | boolean | null> {
  const { text, least, most, statuses, methods, from, until, attention } = search;
  return {
    text: text !== null,
    least,
    most,
    statuses: statuses.join(' '),
    methods: methods.join(' '),
    from: from?.toISOString() ?? null,
    until: until?.toISOString() ?? null,
    attention,
  };
}

export function lineOf(cells: (string | number | null)[]): string {
  return `${cells.map(cellOf).join(',')}\r\n`;
}

/** What begins like a formula is computed by spreadsheets: an apostrophe makes it text (OWASP, CSV injection). */
const FORMULA = /^[\s]*[=+\-@＝＋－＠\t\r]/;

function cellOf(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return `"${safe.replaceAll('"', '""')}"`;
}
