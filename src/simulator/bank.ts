import { escapeHtml, hidden, layout, type Page, row } from './acs-pages.ts';
import { type Language, languageOf } from './acs-texts.ts';
import { BANK_TEXTS } from './bank-texts.ts';
import { type Centre, end, pay, placeOf } from './centre.ts';
import type { CentreNumber } from './centre-book.ts';
import { type HttpReply, type HttpRequest, html, originOf } from './http.ts';

const PATH = /^\/bank\/([A-Za-z0-9_-]{1,64})$/;

/**
 * The page of a bank that the shopper is handed over to, and what can become of a shopper there: pays and comes back,
 * pays and does not, has not enough money, cancels. Works without JavaScript. Null where the address is not the bank's.
 */
export function handleBank(centre: Centre, request: HttpRequest): HttpReply | null {
  const reference = PATH.exec(request.url.pathname)?.[1];
  if (reference === undefined) return null;
  const form = new URLSearchParams(request.method === 'POST' ? request.body : '');
  const language = languageOf(request, '');
  const number = centre.book.find(reference);
  const { asked } = number ?? {};
  if (!number || asked?.service !== 'bank_link') return html(message(language, 'unknown', null), 'none', 404);
  const backUrl = asked.return_url ?? '';
  if (request.method === 'POST') return act(centre, number, form.get('action') ?? '', language, backUrl);
  const paid = centre.book.deposits(number).length > 0;
  if (paid) return html(message(language, 'paid', backUrl), originOf(backUrl));
  if (number.status !== 'issued') return html(message(language, 'over', backUrl), originOf(backUrl));
  return html(paymentPage(language, number), originOf(backUrl));
}

/** Once: a second click finds it done. */
function act(
  centre: Centre,
  number: CentreNumber,
  action: string,
  language: Language,
  backUrl: string,
): HttpReply {
  const here = `/bank/${number.reference}?lang=${language}`;
  const open = number.status === 'issued' && centre.book.deposits(number).length === 0;
  if (open && (action === 'pay' || action === 'pay_and_close')) pay(centre, number, placeOf(number));
  if (open && action === 'decline') end(centre, number, 'declined');
  if (open && action === 'cancel') end(centre, number, 'canceled');
  return { status: 303, headers: { location: action === 'pay_and_close' ? here : backUrl } };
}

function paymentPage(language: Language, { reference, asked }: CentreNumber): Page {
  const texts = BANK_TEXTS[language];
  const yen = (asked?.amount ?? 0).toLocaleString('en-US');
  const rows = [
    row(texts.payee, escapeHtml(asked?.merchant_id ?? '')),
    row(texts.order, escapeHtml(asked?.order_id ?? '')),
    row(texts.amount, language === 'ja' ? `${yen}円` : `¥${yen}`, 'sum'),
    row(texts.account, texts.accountNumber),
  ];
  const button = (action: string, text: string, style: string) =>
    `<form method="post" action="/bank/${reference}">${hidden({ lang: language, action })}
<button class="${style}" type="submit">${text}</button></form>`;
  return layout(
    language,
    texts.title,
    `<h1>${texts.title}</h1>
<p class="quiet lead">${texts.lead}</p>
<dl>${rows.join('')}</dl>
${button('pay', texts.pay, 'go')}
${button('pay_and_close', texts.payAndClose, 'leave')}
${button('decline', texts.decline, 'leave')}
${button('cancel', texts.cancel, 'leave')}
${footer(language, `/bank/${reference}`)}`,
    { service: texts.service },
  );
}

function message(language: Language, what: 'paid' | 'over' | 'unknown', backUrl: string | null): Page {
  const texts = BANK_TEXTS[language];
  const back = backUrl === null ? '' : `<p><a href="${escapeHtml(backUrl)}">${texts.back}</a></p>`;
  return layout(
    language,
    texts[what],
    `<h1>${texts[what]}</h1><p class="quiet">${texts[`${what}Lead`]}</p>${back}`,
    { service: texts.service },
  );
}

function footer(language: Language, path: string): string {
  const texts = BANK_TEXTS[language];
  const other = language === 'ja' ? 'en' : 'ja';
  return `<footer><span>${texts.foot}</span><a href="${path}?lang=${other}" lang="${other}" hreflang="${other}">${texts.other}</a></footer>`;
}
