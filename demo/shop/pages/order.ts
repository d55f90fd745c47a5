import { html } from 'hono/html';
import { findProduct } from '../catalogue.ts';
import { currentVisit, mayPay, type Order, standingOf } from '../orders.ts';
import { planText } from '../plans.ts';
import { dateText, type Language, NOTICES, type Notice, STANDINGS, yen } from '../texts.ts';
import { checkedPanel } from './checked.ts';
import { type Html, inEachLanguage, layout } from './layout.ts';

export interface OrderView {
  order: Order;
  language: Language;
  notice: Notice | null;
}

/** What the customer comes back to, and may come back to again: a function of what is known. */
export function orderPage({ order, language, notice }: OrderView): Html {
  const ja = language === 'ja';
  const standing = standingOf(order);
  const { title, text, mark } = STANDINGS[standing];
  const waiting = standing === 'processing' || notice === 'pending';
  const frame = { language, title: title[language], hrefs: inEachLanguage(`/orders/${order.key}`) };
  return layout(
    { ...frame, narrow: true, ...(waiting ? { refresh: 3 } : {}) },
    html`<section class="order">
${notice === null ? '' : html`<p class="notice" role="status">${NOTICES[notice][language]}</p>`}
<div class="standing ${standing}"><span class="sign" aria-hidden="true">${mark}</span><div><h1>${title[language]}</h1><p>${text[language]}</p>${failure(order, language)}</div></div>
${mayPay(standing) ? payAgain(order, language) : ''}
<h2>${ja ? 'ご注文の内容' : 'Your order'}</h2>
<p class="quiet">${ja ? 'ご注文番号' : 'Order'} <b>${order.id}</b>　${dateText(order.createdAt, language)}</p>
${itemsTable(order, language)}
${paymentFacts(order, language)}
</section>
${desk(order, language)}
${receivedPanel(order, language)}
${checkedPanel(order, language)}
<p class="onward"><a class="button secondary" href="/?lang=${language}">${ja ? 'お店に戻る' : 'Back to the shop'}</a></p>`,
  );
}

export function itemsTable(order: Order, language: Language): Html {
  const ja = language === 'ja';
  return html`<table class="items"><tbody>${order.items.map(({ product: id, quantity }) => {
    const product = findProduct(id);
    if (product === null) return '';
    return html`<tr><td class="thumb">${product.draw()}</td><td>${product.name[language]}<small>${yen(product.price)} × ${quantity}</small></td><td>${yen(product.price * quantity)}</td></tr>`;
  })}</tbody><tfoot><tr><td></td><th scope="row">${ja ? '合計(税込・送料無料)' : 'Total, delivery included'}</th><td>${yen(order.amount)}</td></tr></tfoot></table>`;
}

function failure(order: Order, language: Language): Html | '' {
  const reason = currentVisit(order)?.payment?.failure;
  if (!reason || !mayPay(standingOf(order))) return '';
  return html`<p class="quiet">${language === 'ja' ? '理由' : 'Reason'}: <code>${reason.code}</code></p>`;
}

function payAgain(order: Order, language: Language): Html {
  const first = currentVisit(order)?.session == null;
  const label = {
    ja: first ? 'お支払い画面へ' : 'もう一度お支払いへ',
    en: first ? 'Go to payment' : 'Try the payment again',
  };
  return html`<form method="post" action="/orders/${order.key}/pay"><button class="primary large">${label[language]}</button></form>`;
}

function paymentFacts(order: Order, language: Language): Html | '' {
  const payment = currentVisit(order)?.payment;
  if (!payment || mayPay(standingOf(order))) return '';
  const ja = language === 'ja';
  const card =
    payment.card && `${BRANDS[payment.card.brand] ?? payment.card.brand} •••• ${payment.card.last4}`;
  const rows: [string, string | null][] = [
    [ja ? 'お支払い方法' : 'Paid with', card ?? payment.method],
    [ja ? 'お支払い回数' : 'Plan', planText(payment.card, language)],
    [ja ? 'お支払い済み' : 'Taken', payment.amount_captured > 0 ? yen(payment.amount_captured) : null],
    [ja ? '返金額' : 'Refunded', payment.amount_refunded > 0 ? yen(payment.amount_refunded) : null],
    [
      ja ? '確保の期限' : 'Reserved until',
      payment.status === 'authorized' && payment.capture_before !== null
        ? dateText(payment.capture_before, language)
        : null,
    ],
  ];
  return html`<dl class="facts">${rows.map(([term, value]) => (value === null ? '' : html`<div><dt>${term}</dt><dd>${value}</dd></div>`))}</dl>`;
}

const BRANDS: Record<string, string | undefined> = {
  visa: 'Visa',
  mastercard: 'Mastercard',
  jcb: 'JCB',
  amex: 'American Express',
  diners: 'Diners Club',
};

/** What the shopkeeper may do; shown to everyone here, because this is a demonstration. */
function desk(order: Order, language: Language): Html | '' {
  const payment = currentVisit(order)?.payment;
  if (!payment) return '';
  const ja = language === 'ja';
  const held = payment.status === 'authorized';
  const left = payment.amount_captured - payment.amount_refunded;
  const refundable = ['captured', 'partially_refunded'].includes(payment.status) && left > 0;
  if (!held && !refundable) return '';
  const forms = held
    ? [
        operation(order, 'capture', ja ? '売上を確定する' : 'Capture', amountField(payment.amount, ja)),
        operation(order, 'cancel', ja ? '与信を取り消す' : 'Cancel', ''),
      ]
    : [operation(order, 'refund', ja ? '返金する' : 'Refund', amountField(left, ja))];
  return html`<section class="desk"><h2>${ja ? 'お店の帳場' : 'The shopkeeper’s desk'}</h2>
<p class="quiet">${ja ? 'デモのため、どなたにも表示しています。' : 'Shown to everyone, because this is a demonstration.'}</p>
<div class="forms">${forms}</div></section>`;
}

/** Of an order that was paid with a token: all that our server got. */
function receivedPanel({ received }: Order, language: Language): Html | '' {
  if (received === undefined) return '';
  return html`<details class="developers"><summary>${language === 'ja' ? 'お店のサーバーに届いたもの' : 'What reached our server'}</summary>
<p>${language === 'ja' ? 'カードについて届いたのは、この一行だけです。' : 'This line is all of the card that did.'}</p><pre tabindex="0">${received}</pre></details>`;
}

function amountField(most: number, ja: boolean): Html {
  return html`<label>${ja ? '金額' : 'Amount'}<input name="amount" inputmode="numeric" pattern="[1-9][0-9]*" placeholder="${ja ? `全額 ${most}` : `all: ${most}`}" autocomplete="off"></label>`;
}

function operation(order: Order, name: string, label: string, field: Html | ''): Html {
  return html`<form method="post" action="/orders/${order.key}/${name}">${field}<button class="secondary">${label}</button></form>`;
}
