import { html } from 'hono/html';
import type { EntryForm } from '../entry.ts';
import type { Order } from '../orders.ts';
import type { Language } from '../texts.ts';
import { type Html, inEachLanguage, layout } from './layout.ts';
import { itemsTable } from './order.ts';

/** The last page before paying, with the signed form: it goes straight to the payment service, across sites. */
export function entryPage(order: Order, form: EntryForm, language: Language): Html {
  const ja = language === 'ja';
  const title = ja ? 'ご注文内容の確認' : 'Confirm your order';
  const fields = Object.entries(form.fields);
  return layout(
    { language, title, hrefs: inEachLanguage(`/orders/${order.key}/entry`), narrow: true },
    html`<section class="order"><h1>${title}</h1>
<p class="quiet">${ja ? 'ご注文番号' : 'Order'} ${order.id}</p>
${itemsTable(order, language)}
<form method="post" action="${form.action}">
${fields.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<button class="primary large">${ja ? 'お支払いへ進む' : 'Continue to payment'}</button>
</form></section>
<details class="developers"><summary>${ja ? 'このフォームが送るもの' : 'What this form sends'}</summary>
<p><code>POST ${form.action}</code></p>
<dl class="fields">${fields.map(([name, value]) => html`<div><dt><code>${name}</code></dt><dd><pre tabindex="0">${value}</pre></dd></div>`)}</dl></details>`,
  );
}
