import { escapeHtml, hidden, layout, type Page, row } from './acs-pages.ts';
import { type Language, languageOf } from './acs-texts.ts';
import { type Centre, pay, placeOf } from './centre.ts';
import type { CentreNumber } from './centre-book.ts';
import { type HttpReply, type HttpRequest, html } from './http.ts';

const TEXTS = {
  en: {
    service: 'Register and ATM',
    title: 'Pay with a number',
    lead: 'Any number of any chain, Pay-easy customer number, or the 44 digits of a slip.',
    number: 'Number',
    find: 'Look it up',
    none: 'No such number.',
    shop: 'Shop',
    order: 'Order',
    amount: 'Amount',
    state: 'State',
    paid: (times: number) => (times === 1 ? 'paid once' : `paid ${times} times`),
    pay: 'Pay',
    again: 'Pay all the same',
    open: 'Waiting to be paid',
    other: '日本語',
    foot: 'A simulated register for tests. No real money moves.',
  },
  ja: {
    service: 'レジ・ATM',
    title: '番号でのお支払い',
    lead: 'コンビニの各番号、Pay-easyのお客様番号、払込票の44けたのどれでも使えます。',
    number: '番号',
    find: '照会する',
    none: '該当する番号がありません。',
    shop: 'お支払い先',
    order: 'ご注文番号',
    amount: '金額',
    state: '状態',
    paid: (times: number) => `支払い済み(${times}回)`,
    pay: '支払う',
    again: 'それでも支払う',
    open: 'お支払い待ち',
    other: 'English',
    foot: 'テスト用の架空のレジです。実際のお金は動きません。',
  },
} as const;

const LISTED = 20;

/** Where somebody who tries the product plays the shopper at the store: `/register`. Null for other addresses. */
export function handleRegister(centre: Centre, request: HttpRequest): HttpReply | null {
  if (request.url.pathname !== '/register') return null;
  const posted = new URLSearchParams(request.method === 'POST' ? request.body : '');
  const language = languageOf(request, '');
  const reference = posted.get('reference');
  if (reference !== null) {
    const number = centre.book.find(reference);
    if (number !== null && number.asked !== null) pay(centre, number, placeOf(number));
    const location = `/register?lang=${language}&reference=${encodeURIComponent(reference)}`;
    return { status: 303, headers: { location } };
  }
  return html(registerPage(centre, language, request.url.searchParams), 'none');
}

function registerPage(centre: Centre, language: Language, query: URLSearchParams): Page {
  const texts = TEXTS[language];
  const other = language === 'ja' ? 'en' : 'ja';
  const typed = (query.get('number') ?? '').normalize('NFKC').replace(/\D/g, '');
  const number = centre.book.find(query.get('reference') ?? '') ?? centre.book.lookUp(typed);
  const waiting = centre.book
    .all()
    .filter((each) => each.status === 'issued' && each.asked !== null && !isPaid(centre, each))
    .slice(-LISTED)
    .reverse();
  const list = waiting.map(
    ({ reference, asked }) =>
      `<div><dt><a href="/register?lang=${language}&amp;reference=${reference}">${escapeHtml(asked?.order_id ?? '')}</a></dt>
<dd>${(asked?.amount ?? 0).toLocaleString('en-US')}</dd></div>`,
  );
  return layout(
    language,
    texts.title,
    `<h1>${texts.title}</h1>
<p class="quiet lead">${texts.lead}</p>
<form method="get" action="/register">${hidden({ lang: language })}
<label for="number">${texts.number}</label>
<input id="number" name="number" inputmode="numeric" maxlength="60" required>
<button class="${number === null ? 'go' : 'leave'}" type="submit">${texts.find}</button></form>
${typed !== '' && number === null ? `<p class="error" role="alert">${texts.none}</p>` : ''}
${number === null ? '' : found(centre, language, number)}
${list.length === 0 ? '' : `<h2>${texts.open}</h2><dl>${list.join('')}</dl>`}
<footer><span>${texts.foot}</span><a href="/register?lang=${other}" lang="${other}" hreflang="${other}">${texts.other}</a></footer>`,
    { service: texts.service },
  );
}

function found(centre: Centre, language: Language, number: CentreNumber): string {
  const texts = TEXTS[language];
  const { asked, status, reference } = number;
  const times = centre.book.deposits(number).length;
  const rows = [
    row(texts.shop, escapeHtml(asked?.merchant_id ?? '')),
    row(texts.order, escapeHtml(asked?.order_id ?? '')),
    row(texts.amount, (asked?.amount ?? 0).toLocaleString('en-US'), 'sum'),
    row(texts.state, times === 0 ? status : texts.paid(times)),
  ];
  return `<dl>${rows.join('')}</dl>
<form method="post" action="/register">${hidden({ lang: language, reference })}
<button class="go" type="submit">${times === 0 && status === 'issued' ? texts.pay : texts.again}</button></form>`;
}

function isPaid({ book }: Centre, number: CentreNumber): boolean {
  return book.deposits(number).length > 0;
}
