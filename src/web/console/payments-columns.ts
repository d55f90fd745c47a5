import type { Column } from '../../books/export-payments.ts';
import type { FoundPayment } from '../../books/find-payments.ts';
import { CAUSES_TEXTS } from '../../i18n/console/causes.ts';
import { PAYMENTS_TEXTS } from '../../i18n/console/payments.ts';
import { BRAND_NAMES } from '../../lib/card.ts';
import { methodName, stamp } from './payments-words.ts';
import type { ConsoleLanguage } from './route.ts';

/** The columns of an export, in the language that its reader's software expects. */
export function exportColumns(language: ConsoleLanguage): Column[] {
  const t = PAYMENTS_TEXTS[language];
  const at = (of: (found: FoundPayment) => Date | null) => (found: FoundPayment) => {
    const moment = of(found);
    return moment === null ? null : stamp(moment, true).text;
  };
  const cells: Record<keyof typeof t.columns, Column['of']> = {
    id: ({ payment }) => payment.id,
    order: ({ payment }) => payment.orderId,
    status: ({ payment }) => t.statuses[payment.status],
    method: ({ payment }) => methodName(language, payment.method),
    brand: ({ attempt }) => (attempt?.brand ? BRAND_NAMES[attempt.brand] : null),
    last4: ({ attempt }) => attempt?.last4 ?? null,
    amount: ({ payment }) => payment.amount,
    captured: ({ payment }) => payment.amountCaptured,
    refunded: ({ payment }) => payment.amountRefunded,
    created: at(({ payment }) => payment.createdAt),
    authorized: at(({ payment }) => payment.authorizedAt),
    captureAt: at(({ payment }) => payment.capturedAt),
    captureBefore: at(({ payment }) => payment.captureBefore),
    late: ({ payment }) => (payment.late ? t.yes : null),
    duplicate: ({ payment }) => (payment.duplicate ? t.yes : null),
    failure: ({ attempt }) => (attempt?.failure ? CAUSES_TEXTS[language].failures[attempt.failure][0] : null),
    name: ({ session, attempt }) => session.customer.name ?? attempt?.cardholderName ?? null,
    email: ({ session, attempt }) => session.customer.email ?? attempt?.email ?? null,
    description: ({ session }) => session.description,
  };
  return Object.entries(cells).map(([name, of]) => ({ title: t.columns[name as keyof typeof cells], of }));
}
