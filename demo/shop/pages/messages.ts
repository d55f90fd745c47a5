import { html } from 'hono/html';
import type { Language } from '../texts.ts';
import { REFUSALS } from '../texts.ts';
import type { Refusal } from '../verify.ts';
import { type Html, layout } from './layout.ts';

/** A result that we do not believe. */
export function refusedPage(refusal: Refusal, language: Language): Html {
  const ja = language === 'ja';
  return message(
    language,
    ja ? 'この結果は受け付けられません' : 'This result is refused',
    html`<p>${REFUSALS[refusal][language]}</p>
<p>${
      ja
        ? 'ご注文の内容は何も変わっていません。お心当たりがないときは、お買い物の画面からやり直してください。'
        : 'Nothing about any order has changed. If you did nothing unusual, please start again from the shop.'
    }</p><p class="quiet"><code>${refusal}</code></p>`,
  );
}

export function unavailablePage(language: Language): Html {
  const ja = language === 'ja';
  return message(
    language,
    ja ? 'ただいま確認できません' : 'We cannot check that just now',
    html`<p>${
      ja
        ? '決済サービスにつながりません。請求の有無は変わりません。少し待ってから、この画面を読み込み直してください。'
        : 'The payment service cannot be reached. Nothing is lost: please reload this page in a moment.'
    }</p>`,
  );
}

export function missingPage(language: Language): Html {
  const ja = language === 'ja';
  return message(
    language,
    ja ? 'ページがありません' : 'There is no such page',
    html`<p>${ja ? '住所が変わったか、ご注文が見つかりません。' : 'It has moved, or the order is not ours.'}</p>`,
  );
}

function message(language: Language, title: string, text: Html): Html {
  const hrefs = { ja: '/?lang=ja', en: '/?lang=en' };
  return layout(
    { language, title, hrefs, narrow: true },
    html`<section class="message"><h1>${title}</h1>${text}
<p><a class="button secondary" href="/?lang=${language}">${language === 'ja' ? 'お店に戻る' : 'Back to the shop'}</a></p></section>`,
  );
}
