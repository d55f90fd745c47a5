import { html } from 'hono/html';
import { drawMark } from '../drawings.ts';
import { STYLE_HREF } from '../style.ts';
import { LANGUAGES, type Language } from '../texts.ts';

export type Html = ReturnType<typeof html>;

export interface Frame {
  language: Language;
  title: string;
  /** Where the same page is in each language. */
  hrefs: Record<Language, string>;
  /** Seconds after which the page asks again. */
  refresh?: number;
  narrow?: boolean;
}

export const SHOP_NAME: Record<Language, string> = { ja: 'うつわと道具 こはる', en: 'Koharu' };
const TAGLINE: Record<Language, string> = { ja: '京都・今熊野', en: 'Pots & kitchen tools, Kyoto' };
const NAMES: Record<Language, string> = { ja: '日本語', en: 'English' };

export function layout(frame: Frame, main: Html): Html {
  const { language, title, hrefs } = frame;
  const refresh =
    frame.refresh === undefined ? '' : html`<meta http-equiv="refresh" content="${frame.refresh}">`;
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} | ${SHOP_NAME[language]}</title>
${refresh}
<link rel="icon" href="/mark.svg" type="image/svg+xml">
<link rel="stylesheet" href="${STYLE_HREF}">
</head>
<body>
<header class="top">
<a class="brand" href="/?lang=${language}">${drawMark()}<span><b>${SHOP_NAME[language]}</b><small>${TAGLINE[language]}</small></span></a>
<nav class="languages" aria-label="${language === 'ja' ? '言語' : 'Language'}">${LANGUAGES.map((each) =>
    each === language
      ? html`<span lang="${each}" aria-current="true">${NAMES[each]}</span>`
      : html`<a lang="${each}" hreflang="${each}" href="${hrefs[each]}">${NAMES[each]}</a>`,
  )}</nav>
</header>
<main class="${frame.narrow ? 'narrow' : 'wide'}">
${main}
</main>
<footer>
<p>${
    language === 'ja'
      ? 'このお店は PayResort+ のデモです。品物は届きません。テスト用のカードだけが使えます。'
      : 'A demonstration of PayResort+. Nothing is shipped, and only test cards are accepted.'
  }</p>
<p><small>© うつわと道具 こはる</small></p>
</footer>
</body>
</html>`;
}

/** Both addresses of a page that takes its language from the query. */
export function inEachLanguage(path: string, query: Record<string, string> = {}): Record<Language, string> {
  const at = (lang: Language) => `${path}?${new URLSearchParams({ ...query, lang })}`;
  return { ja: at('ja'), en: at('en') };
}
