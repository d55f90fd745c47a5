import { join } from 'node:path';
import { Eta } from 'eta';
import { formatMoney } from '../i18n/format.ts';
import { MAIL_TEXTS } from '../i18n/mail/mail-texts.ts';
import type { MailTexts } from '../i18n/mail/texts.ts';
import { formatDeadline } from '../i18n/number/number-texts.ts';
import { ROOT } from '../lib/root.ts';
import { type Merchant, shopNameOf } from '../merchants/merchant.ts';
import { choiceOf, inGroups, methodOf, numberParts } from '../methods/methods.ts';
import type { Message } from './port.ts';
import type { MailRow } from './send.ts';

/** What both templates, `views/mail/html` and `views/mail/text`, are given as `it`. */
interface MailPage {
  language: MailRow['language'];
  subject: string;
  shop: string;
  heading: string;
  /** The merchant's own words, with whom they speak to. */
  letter: string[];
  text: string;
  /** What is typed at the store or the ATM. */
  numbers: Row[];
  rows: Row[];
  action: { text: string; href: string } | null;
  foot: string;
  /** Where to ask whether it is genuine; not a link. */
  check: string | null;
  /** Null in live mode. */
  test: string | null;
}

interface Row {
  label: string;
  value: string;
}

/** `<%=` escapes and is the only way for data into a mail; plain text needs no escaping. */
const html = new Eta({ views: join(ROOT, 'views'), cache: true, autoEscape: true, autoTrim: [false, 'nl'] });
const plain = new Eta({
  views: join(ROOT, 'views'),
  cache: true,
  autoEscape: false,
  autoTrim: [false, 'nl'],
});

/** Of a mail's row: what its words depend on. */
export type ComposedOf = Pick<MailRow, 'kind' | 'language' | 'facts' | 'mode'>;

/** A mail's words, in its language: HTML and plain text say the same. */
export function composeMail(
  merchant: Merchant,
  mail: ComposedOf,
  publicUrl: string,
): Pick<Message, 'fromName' | 'subject' | 'html' | 'text'> {
  const texts = MAIL_TEXTS[mail.language];
  const page = pageOf(merchant, mail, texts, publicUrl);
  return {
    fromName: texts.from(oneLine(shopNameOf(merchant))),
    subject: page.subject,
    html: html.render('mail/html', page),
    text: plain.render('mail/text', page),
  };
}

function pageOf(
  merchant: Merchant,
  { kind, language, facts, mode }: ComposedOf,
  texts: MailTexts,
  publicUrl: string,
): MailPage {
  const { subject: usual, heading, text, action } = texts.kinds[kind];
  const shop = oneLine(shopNameOf(merchant));
  const own = ownWords(merchant, { kind, language, facts }, texts);
  const subject = own.subject === null ? usual(shop) : own.subject;
  const staff = kind.startsWith('staff_');
  const test = mode === 'test';
  return {
    language,
    subject: test ? texts.test(subject) : subject,
    shop,
    heading,
    letter: own.letter,
    text,
    numbers: numbersOf({ language, facts }),
    rows: rowsOf(merchant, { kind, language, facts }, texts),
    action: action === undefined || facts.link === null ? null : { text: action, href: facts.link },
    check: facts.request === undefined ? null : texts.foot.check(checkAddress(publicUrl)),
    foot: facts.user ? userFoot(facts.user, texts) : staff ? texts.foot.staff : texts.foot.shopper(shop),
    test: test ? texts.foot.test : null,
  };
}

function userFoot({ link }: NonNullable<MailRow['facts']['user']>, { foot }: MailTexts): string {
  return link === null ? foot.user : `${foot.user} ${foot.userLink}`;
}

function numbersOf({ language, facts }: Pick<MailRow, 'language' | 'facts'>): Row[] {
  const method = methodOf(facts.method ?? '');
  const { parts } = facts;
  if (method === null || parts === null) return [];
  return numberParts(method, choiceOf(method, facts.choice)).map(({ key, label, groups }) => ({
    label: label[language],
    value: inGroups(parts[key] ?? '', groups),
  }));
}

function rowsOf(
  merchant: Merchant,
  { kind, language, facts }: Pick<MailRow, 'kind' | 'language' | 'facts'>,
  { labels }: MailTexts,
): Row[] {
  const { amount, orderId, payBy, endpoint, user } = facts;
  const method = methodOf(facts.method ?? '');
  const choice = method === null ? null : choiceOf(method, facts.choice);
  const place = choice === null ? null : choice.name[language];
  const now = merchant.clock.now();
  const pairs: [string, string | null][] = [
    [
      kind === 'refunded' ? labels.refunded : labels.amount,
      amount === null ? null : formatMoney(language, amount),
    ],
    [labels.payBy, payBy === null ? null : formatDeadline(language, new Date(payBy), now)],
    [labels.place, payBy === null ? null : place],
    [labels.method, payBy === null || place === null ? (method?.name[language] ?? null) : null],
    [labels.about, facts.request?.description ?? null],
    [labels.shop, oneLine(shopNameOf(merchant))],
    [labels.order, orderId],
    [labels.endpoint, endpoint],
    [labels.loginId, user === undefined ? null : `${merchant.merchantId}/${user.login}`],
    [labels.until, user?.link ? formatDeadline(language, new Date(user.link.until), now) : null],
  ];
  return pairs.flatMap(([label, value]) => (value === null ? [] : [{ label, value }]));
}

/** What a merchant wrote itself stands in its requests; a reminder and a cancellation have subjects of ours. */
function ownWords(
  merchant: Merchant,
  { kind, language, facts }: Pick<MailRow, 'kind' | 'language' | 'facts'>,
  texts: MailTexts,
): { subject: string | null; letter: string[] } {
  const { request, amount, payBy, orderId } = facts;
  if (request === undefined) return { subject: null, letter: [] };
  const { name, subject, message } = request;
  const filled = (words: string) =>
    fillIn(words, {
      name: name ?? '',
      shop: shopNameOf(merchant),
      order: orderId ?? '',
      amount: amount === null ? '' : formatMoney(language, amount),
      due: payBy === null ? '' : formatDeadline(language, new Date(payBy), merchant.clock.now()),
    });
  return {
    subject: kind === 'payment_request' && subject !== null ? oneLine(filled(subject)) : null,
    letter: [
      ...(name === null || message?.includes('{name}') ? [] : [texts.dear(oneLine(name))]),
      ...(message === null || kind === 'payment_request_canceled' ? [] : filled(message).split(/\r?\n/)),
    ],
  };
}

/** `{name}` and its like become what they stand for; other braces stay. */
export function fillIn(words: string, values: Record<string, string>): string {
  return words.replace(/\{(\w+)\}/g, (mark, name: string) => values[name] ?? mark);
}

/** Without `https://`: mail programs make no link of it, and it is read as something to type. */
function checkAddress(publicUrl: string): string {
  return `${publicUrl.replace(/^https?:\/\//, '')}/r/check`;
}

/** A name goes into headers and lines: whatever ends a line becomes a space. */
function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').trim();
}
