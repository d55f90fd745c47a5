import { html } from 'hono/html';
import { type Cart, linesOf, PRODUCTS, type Product, totalOf, writeCart } from '../catalogue.ts';
import { drawShelf } from '../drawings.ts';
import type { Options } from '../orders.ts';
import type { Shop } from '../shop.ts';
import { type Language, yen } from '../texts.ts';
import { type Html, inEachLanguage, layout } from './layout.ts';

export interface HomeState {
  language: Language;
  cart: Cart;
  options: Options;
  shop: Pick<Shop, 'pattern' | 'sister'>;
}

/** One form around everything, so that shelf, cart and options travel together without a cookie or a script. */
export function homePage(state: HomeState): Html {
  const { language, cart, options } = state;
  const ja = language === 'ja';
  const query = { cart: writeCart(cart), ...options };
  const frame = { language, title: ja ? '毎日の食卓に' : 'For every day', hrefs: inEachLanguage('/', query) };
  return layout(
    frame,
    html`<section class="hero">
<div><h1>${ja ? html`土と火と、<br>毎日の食卓。` : html`Clay, fire,<br>and supper.`}</h1>
<p>${
      ja
        ? '京都の小さな窯元から、三つだけ。長く使うほど好きになる、普段づかいの器です。'
        : 'Three things from a small kiln in Kyoto, made to be used every day and liked more every year.'
    }</p></div>
${drawShelf()}</section>
<form method="post" action="/checkout">
<input type="hidden" name="lang" value="${language}"><input type="hidden" name="cart" value="${writeCart(cart)}">
<section class="products" aria-label="${ja ? '品物' : 'Products'}">${PRODUCTS.map((product) => card(product, language))}</section>
${cart.size === 0 ? '' : cartPanel(state)}
<ul class="promises">${promises(ja, state.shop.pattern).map(([title, text]) => html`<li><b>${title}</b>${text}</li>`)}</ul>
${developerPanel(state)}
</form>`,
  );
}

function card(product: Product, language: Language): Html {
  const ja = language === 'ja';
  return html`<article class="product"><div class="tile">${product.draw()}</div>
<h2>${product.name[language]}</h2>
<p class="note">${product.note[language]}</p>
<p class="facts"><span>${product.detail[language]}</span><b>${yen(product.price)}<small>${ja ? ' 税込' : ' incl. tax'}</small></b></p>
<div class="buttons"><button class="primary" name="buy" value="${product.id}">${ja ? '今すぐ購入' : 'Buy now'}</button>
<button class="secondary" formmethod="get" formaction="/" name="add" value="${product.id}">${ja ? 'カートに入れる' : 'Add to cart'}</button></div>
</article>`;
}

function cartPanel({ cart, language }: HomeState): Html {
  const ja = language === 'ja';
  const step = (name: 'add' | 'less', id: string, sign: string, label: string) =>
    html`<button formmethod="get" formaction="/" name="${name}" value="${id}" aria-label="${label}">${sign}</button>`;
  return html`<section class="cart" id="cart" aria-labelledby="cart-title"><h2 id="cart-title">${ja ? 'カート' : 'Your cart'}</h2>
<ul>${linesOf(cart).map(
    ({
      product,
      quantity,
      total,
    }) => html`<li><div class="thumb">${product.draw()}</div><span class="what">${product.name[language]}</span>
<span class="steps">${step('less', product.id, '−', ja ? 'ひとつ減らす' : 'One less')}<output>${quantity}</output>${step('add', product.id, '+', ja ? 'ひとつ増やす' : 'One more')}</span>
<b>${yen(total)}</b></li>`,
  )}</ul>
<dl><div><dt>${ja ? '送料' : 'Delivery'}</dt><dd>${ja ? '無料' : 'Free'}</dd></div>
<div><dt>${ja ? 'お届け先' : 'Deliver to'}</dt><dd>${ja ? '山田 花子 様' : 'Hanako Yamada'}</dd></div>
<div class="sum"><dt>${ja ? '合計(税込)' : 'Total'}</dt><dd>${yen(totalOf(cart))}</dd></div></dl>
<button class="primary large" name="buy" value="cart">${ja ? 'ご購入手続きへ' : 'Buy'}</button></section>`;
}

function promises(ja: boolean, pattern: Shop['pattern']): [string, string][] {
  const link = pattern === 'link';
  return ja
    ? [
        ['送料無料', '全国どこへでも、二日以内に発送します。'],
        ['割れたときは', '届いた器に傷があれば、新しいものとお取り替えします。'],
        [
          '安全なお支払い',
          link
            ? 'カード番号は当店を通らず、決済会社の画面で入力いただきます。'
            : 'カード番号は当店を通らず、入力欄から決済会社へ直接送られます。',
        ],
      ]
    : [
        ['Free delivery', 'Anywhere in Japan, sent within two days.'],
        ['Broken on the way?', 'We replace whatever does not arrive whole.'],
        [
          'Safe payment',
          link
            ? 'Your card number is typed at the payment service, never here.'
            : 'Your card number goes straight to the payment service, never to us.',
        ],
      ];
}

interface Choice {
  name: keyof Options;
  legend: string;
  values: [string, string][];
}

function wayIn(ja: boolean): Choice {
  return {
    name: 'way',
    legend: ja ? 'お支払い画面への入り方' : 'Way in',
    values: [
      ['api', ja ? 'API でセッションを作る' : 'Session by API'],
      ['entry', ja ? '署名付きフォーム /pay' : 'Signed form, /pay'],
    ],
  };
}

function developerPanel({ language, options, shop }: HomeState): Html {
  const ja = language === 'ja';
  const link = shop.pattern === 'link';
  const choices: Choice[] = [
    ...(link ? [wayIn(ja)] : []),
    {
      name: 'return_method',
      legend: ja ? 'お店への戻り方' : 'Way back',
      values: [
        ['post', 'POST'],
        ['get', 'GET'],
      ],
    },
    {
      name: 'capture',
      legend: ja ? '売上' : 'Capture',
      values: [
        ['automatic', ja ? '自動(同時売上)' : 'Automatic'],
        ['manual', ja ? '手動(与信のみ)' : 'Manual'],
      ],
    },
    plans(ja),
  ];
  const usual = { way: link ? 'api' : 'token', return_method: 'post', capture: 'automatic', plans: 'one' };
  const changed = JSON.stringify({ ...usual, ...options }) !== JSON.stringify(usual);
  return html`<details class="developers"${changed ? html` open` : ''}><summary>${ja ? '開発者の方へ' : 'For developers'}</summary>
<p>${
    ja
      ? `このお店は PayResort+ の加盟店の見本です(${link ? 'demo/shop' : 'demo/token-shop'})。次のお買い物の進め方を選べます。`
      : `This shop is a sample merchant (${link ? 'demo/shop' : 'demo/token-shop'}). Choose how the next purchase goes.`
  }</p>
<p><a href="${shop.sister}/?lang=${language}">${link ? tokenSister(ja) : linkSister(ja)}</a></p>
<div class="choices">${choices.map(
    ({ name, legend, values }) =>
      html`<fieldset><legend>${legend}</legend>${values.map(
        ([value, label]) =>
          html`<label><input type="radio" name="${name}" value="${value}"${options[name] === value ? html` checked` : ''}>${label}</label>`,
      )}</fieldset>`,
  )}</div>
${testCards(ja)}</details>`;
}

function plans(ja: boolean): Choice {
  return {
    name: 'plans',
    legend: ja ? 'お支払い回数' : 'Payment plans',
    values: [
      ['one', ja ? '1回払いのみ' : 'One payment'],
      ['all', ja ? '分割・リボ・ボーナスも' : 'Instalments, revolving, bonus too'],
    ],
  };
}

function tokenSister(ja: boolean): string {
  return ja
    ? '同じお店のトークン型: カードをお店の画面で入力する'
    : 'The same shop, with card fields on its own page';
}

function linkSister(ja: boolean): string {
  return ja ? '同じお店のリンク型: 決済会社の画面で支払う' : 'The same shop, paying on the service’s page';
}

export function testCards(ja: boolean): Html {
  return html`<dl class="cards">${CARDS.map(([number, ja_, en]) => html`<div><dt><code>${number}</code></dt><dd>${ja ? ja_ : en}</dd></div>`)}</dl>
<p>${ja ? '有効期限は先の年月、セキュリティコードは任意の数字です。' : 'Any future expiry, any security code.'}</p>`;
}

const CARDS = [
  ['4000 0000 0000 0002', '承認', 'approved'],
  ['4000 0001 0000 0001', 'ワンタイムコード 123456', 'one-time code 123456'],
  ['4000 0002 0000 0000', '本人認証に失敗', 'authentication fails'],
  ['4000 0000 5100 0000', '残高不足', 'insufficient funds'],
] as const;
