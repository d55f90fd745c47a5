import { html } from 'hono/html';
import type { Order } from '../shop/orders.ts';
import { testCards } from '../shop/pages/home.ts';
import { type Html, inEachLanguage, layout } from '../shop/pages/layout.ts';
import { itemsTable } from '../shop/pages/order.ts';
import { choices } from '../shop/plans.ts';
import { type Language, NOTICES, type Notice, yen } from '../shop/texts.ts';
import { SCRIPT_HREF } from './script.ts';

export interface CheckoutView {
  order: Order;
  language: Language;
  notice: Notice | null;
  /** Where PayResort+ is, our publishable key there, and where customers without JavaScript pay. */
  service: string;
  publishableKey: string;
  sister: string;
}

/** The checkout: what is bought, and the card fields. */
export function checkoutPage(view: CheckoutView): Html {
  const { order, language, notice, service, publishableKey, sister } = view;
  const ja = language === 'ja';
  const title = ja ? 'お支払い' : 'Payment';
  const label = ja ? `${yen(order.amount)} を支払う` : `Pay ${yen(order.amount)}`;
  return layout(
    { language, title, hrefs: inEachLanguage(`/orders/${order.key}/card`), narrow: true },
    html`<section class="order"><h1>${title}</h1>
<p class="quiet">${ja ? 'ご注文番号' : 'Order'} ${order.id}</p>
${notice === null ? '' : html`<p class="notice" role="status">${NOTICES[notice][language]}</p>`}
${itemsTable(order, language)}
<form id="checkout" method="post" action="/orders/${order.key}/token">
<div id="card" data-key="${publishableKey}"></div>
${order.options.plans === 'all' ? planField(language) : ''}
<p class="notice" id="problem" role="alert" hidden></p>
<input type="hidden" name="token" value="">
<button class="primary large" data-label="${label}" data-busy="${ja ? '送信しています…' : 'Sending…'}">${label}</button>
</form>
<noscript><p class="notice">${
      ja
        ? 'この画面でのお支払いには JavaScript が必要です。'
        : 'Paying on this page needs JavaScript. Without it, please use '
    } <a href="${sister}/?lang=${language}">${ja ? '決済会社の画面でのお支払い' : 'the payment service’s own page'}</a></p></noscript>
</section>
<details class="developers"><summary>${ja ? '開発者の方へ' : 'For developers'}</summary>
<p>${
      ja
        ? 'カードの入力欄は PayResort+ の枠(iframe)です。この画面のスクリプトからは読めません。お店のサーバーに届くのはトークンだけです(docs/token.md)。'
        : 'The card fields are a frame of PayResort+’s, which no script of this page can read. Our server gets a token (docs/token.md).'
    }</p>
${testCards(ja)}</details>
<script src="${service}/js/token.js" defer></script><script src="${SCRIPT_HREF}" defer></script>`,
  );
}

function planField(language: Language): Html {
  const label = language === 'ja' ? 'お支払い回数' : 'Payment plan';
  return html`<p class="plan"><label>${label} <select name="plan">${choices(language).map(
    ({ word, text }) => html`<option value="${word}">${text}</option>`,
  )}</select></label></p>`;
}
