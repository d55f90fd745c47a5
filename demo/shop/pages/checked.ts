import { html } from 'hono/html';
import { currentVisit, eventsInOrder, type KnownEvent, type Order, type Receipt } from '../orders.ts';
import { dateText, type Language } from '../texts.ts';
import { type SignedResult, signedBytes } from '../verify.ts';
import type { Html } from './layout.ts';

/** How this was checked: every event with the bytes that were signed, both checks, the times, and which way it came. */
export function checkedPanel(order: Order, language: Language): Html {
  const ja = language === 'ja';
  const events = eventsInOrder(order);
  const visit = currentVisit(order);
  return html`<details class="developers checked" id="checked"><summary>${ja ? 'この結果をどう確かめたか' : 'How this was checked'}</summary>
<p>${
    ja
      ? 'お客さまのブラウザーと PayResort+ からの通知は、同じ内容を同じ署名で運びます。当店は下のバイト列を二つの方法で確かめ、順番(sequence)が新しいものだけを採用します。クッキーは使いません。'
      : 'The browser and the notification carry the same payload under the same kind of signature. We check the bytes below in two ways, and only a higher sequence changes what we know. No cookie is involved.'
  }</p>
${visit === null ? '' : html`<dl class="facts"><div><dt>session</dt><dd><code>${visit.id}</code></dd></div><div><dt>sequence</dt><dd>${visit.sequence}</dd></div></dl>`}
${events.length === 0 ? html`<p class="quiet">${ja ? 'まだ何も届いていません。' : 'Nothing has come yet.'}</p>` : ''}
<ol class="events">${events.map((event) => eventItem(event, language))}</ol>
${forgeries(events.at(-1), language)}</details>`;
}

function eventItem(event: KnownEvent, language: Language): Html {
  const ja = language === 'ja';
  const last = event.receipts.at(-1);
  return html`<li><h3><span class="number">${event.sequence}</span><code>${event.type}</code></h3>
<p class="quiet">${event.id}　${dateText(event.timestamp, language, true)}</p>
<ul class="receipts">${event.receipts.map((receipt) => receiptItem(receipt, language))}</ul>
${
  last === undefined
    ? ''
    : html`<p class="label">${ja ? '署名されたバイト列' : 'The signed bytes'} <code>id.timestamp.payload</code></p>
<pre tabindex="0" class="bytes">${signedBytes({ ...last.result, payload: event.payload })}</pre>
<p class="label">${ja ? '署名' : 'Signatures'}</p><pre tabindex="0">${last.result.signature.split(' ').join('\n')}</pre>`
}</li>`;
}

function receiptItem({ via, at, result, proof }: Receipt, language: Language): Html {
  const ja = language === 'ja';
  const way = {
    return: ja ? 'ブラウザーが運んだ(return)' : 'brought by the browser (return)',
    notification: ja ? '通知で届いた(notification)' : 'sent to our webhook (notification)',
  };
  const signedAt = new Date(Number(result.timestamp) * 1000).toISOString();
  return html`<li><b>${way[via]}</b>
<span>${ja ? '署名' : 'signed'} ${dateText(signedAt, language, true)} → ${ja ? '受信' : 'received'} ${dateText(at, language, true)}</span>
<span class="proof"><i aria-hidden="true">✓</i> HMAC-SHA256 <code>v1</code> <code>${proof.hmacKey}</code></span>
<span class="proof"><i aria-hidden="true">✓</i> Ed25519 <code>v1a</code> <code>kid ${proof.kid}</code></span></li>`;
}

/** Copies of the newest result for the reader to send: two that must be refused, and one that changes nothing. */
function forgeries(event: KnownEvent | undefined, language: Language): Html | '' {
  const result = event?.receipts.at(-1)?.result;
  if (event === undefined || result === undefined) return '';
  const ja = language === 'ja';
  const genuine: SignedResult = { ...result, payload: event.payload };
  const copies: [string, SignedResult][] = [
    [
      ja ? '金額を1円に書き換えた写し' : 'A copy that says ¥1',
      { ...genuine, payload: genuine.payload.replace(/"amount":\d+/g, '"amount":1') },
    ],
    [
      ja ? '時刻が古い写し' : 'A copy that is too old',
      { ...genuine, timestamp: String(Number(genuine.timestamp) - 3_600) },
    ],
    [ja ? '同じものをもう一度' : 'The very same once more', genuine],
  ];
  return html`<p class="label">${ja ? '当店の受け口(/return)に送ってみる' : 'Send to our /return'}</p>
<div class="forms">${copies.map(
    ([label, fields]) =>
      html`<form method="post" action="/return">${Object.entries(fields).map(
        ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
      )}<button class="secondary">${label}</button></form>`,
  )}</div>`;
}
