import { REQUESTS_TEXTS, type RequestsTexts } from '../../i18n/console/requests.ts';
import { LANGUAGES, TEXTS } from '../../i18n/language.ts';
import type { Language } from '../../i18n/texts.ts';
import type { ReadFile, RowFault } from '../../requests/read-rows.ts';
import { COLUMNS } from '../../requests/read-rows.ts';
import type { PaymentRequest } from '../../requests/write.ts';
import { type Chip, maskedEmail, maskedName } from './payments-words.ts';
import type { ConsoleCall, ConsoleLanguage } from './route.ts';

export const REQUESTS = '/console/requests';

export interface Option {
  value: string;
  text: string;
  chosen: boolean;
}

const STATES = {
  draft: 'waiting',
  scheduled: 'waiting',
  sent: 'waiting',
  bounced: 'bad',
  opened: 'waiting',
  paid: 'good',
  expired: 'over',
  canceled: 'over',
} as const satisfies Record<PaymentRequest['status'], Chip['state']>;

export function requestChip(language: ConsoleLanguage, status: PaymentRequest['status']): Chip {
  return { text: REQUESTS_TEXTS[language].statuses[status], state: STATES[status] };
}

/** Whom it is for, as far as the user may know. */
export function customerOf(
  { may }: Pick<ConsoleCall, 'may'>,
  { customerName: name, email }: Pick<PaymentRequest, 'customerName' | 'email'>,
): { name: string | null; email: string | null } {
  if (may('personal_data.read')) return { name, email };
  return { name: name && maskedName(name), email: email && maskedEmail(email) };
}

export function languageOptions(chosen: string): Option[] {
  return LANGUAGES.map((value) => ({
    value,
    text: TEXTS[value].languageName,
    chosen: value === chosen,
  }));
}

export function tabsOf(t: RequestsTexts, current: 'list' | 'file' | 'templates') {
  const hrefs = { list: REQUESTS, file: `${REQUESTS}/file`, templates: `${REQUESTS}/templates` } as const;
  return (['list', 'file', 'templates'] as const).map((tab) => ({
    text: t.tabs[tab],
    href: hrefs[tab],
    current: tab === current,
  }));
}

export type Tabs = ReturnType<typeof tabsOf>;

/** A column by the name that a file of this language has. */
export function columnName(language: ConsoleLanguage, column: RowFault['column']): string {
  return COLUMNS[column][language === 'ja' ? 0 : 1];
}

/** What is wrong with the columns of a file. */
export function columnFaults(
  t: RequestsTexts,
  language: ConsoleLanguage,
  { missing, unknown, double }: ReadFile & { kind: 'columns' },
): string[] {
  const names = (columns: RowFault['column'][]) => columns.map((one) => columnName(language, one)).join(', ');
  return [
    ...(missing.length > 0 ? [t.file.missing(names(missing))] : []),
    ...(unknown.length > 0 ? [t.file.unknown(unknown.map((name) => name.slice(0, 40)).join(', '))] : []),
    ...(double.length > 0 ? [t.file.double(names(double))] : []),
  ];
}

/** Days before the due date that the console offers to remind on. */
export const REMIND_DAYS = [7, 3, 1];

export function remindDaysOf(form: URLSearchParams): number[] {
  return REMIND_DAYS.filter((days) => form.getAll('remind').includes(String(days)));
}

export function isLanguage(text: string): text is Language {
  return LANGUAGES.some((language) => language === text);
}

/** A work id of a hidden field; a new one where it is none of ours. */
export function workOf(form: URLSearchParams, prefix: string, made: string): string {
  const given = form.get('work') ?? '';
  return new RegExp(`^${prefix}_[0-9a-z]{20,64}$`).test(given) ? given : made;
}
