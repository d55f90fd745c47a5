import { STYLE } from './acs-style.ts';
import { type Language, TEXTS } from './acs-texts.ts';
import type { Authentication } from './authentications.ts';

/** The pages of the simulated bank. Each is a function of the nonce that its policy allows. */
export type Page = (nonce: string) => string;

export interface ChallengeView {
  authentication: Authentication;
  language: Language;
  triesLeft: number;
  failed: boolean;
}

/** The challenge: who is paid, how much, with which card, and a field for the code. */
export function challengePage({ authentication, language, triesLeft, failed }: ChallengeView): Page {
  const texts = TEXTS[language];
  const other = language === 'ja' ? 'en' : 'ja';
  const action = `/acs/challenge/${authentication.acsTransId}`;
  const rows = [
    row(texts.merchant, escapeHtml(authentication.merchantName)),
    row(texts.amount, escapeHtml(amountOf(authentication, language)), 'sum'),
    row(texts.card, `${BRAND_NAMES[authentication.brand]} •••• ${escapeHtml(authentication.last4)}`),
  ];
  const error = failed ? `<p class="error" id="error" role="alert">${texts.wrong(triesLeft)}</p>` : '';
  const marks = failed
    ? 'aria-invalid="true" aria-describedby="error hint" autofocus'
    : 'aria-describedby="hint"';
  return layout(
    language,
    texts.title,
    `<h1>${texts.title}</h1>
<p class="quiet lead">${texts.lead}</p>
<dl>${rows.join('')}</dl>
<form method="post" action="${action}">
${hidden({ lang: language })}
<label for="otp">${texts.code}</label>
<input id="otp" name="otp" inputmode="numeric" autocomplete="one-time-code" maxlength="12" required ${marks}>
${error}
<p class="hint" id="hint">${texts.hint}</p>
<button class="go" type="submit">${texts.confirm}</button>
</form>
<form method="post" action="${action}">
${hidden({ lang: language, action: 'cancel' })}
<button class="leave" type="submit">${texts.cancel}</button>
</form>
<footer><span>${texts.foot}</span><a href="${action}?lang=${other}" lang="${other}" hreflang="${other}">${texts.other}</a></footer>`,
  );
}

/** Brings the CRes (or an Erro) to the 3DS Server through the browser: by itself, or by its button. */
export function returnPage(view: { language: Language; url: string; fields: Record<string, string> }): Page {
  const texts = TEXTS[view.language];
  const body = `<form method="post" action="${escapeHtml(view.url)}" id="go">${hidden(view.fields)}
<h1>${texts.returning}</h1>
<p class="quiet">${texts.returningLead}</p>
<button class="go" type="submit">${texts.go}</button>
</form>`;
  return layout(view.language, texts.returning, body, {
    script: 'document.getElementById("go").submit()',
  });
}

/** The 3DS Method's page, in a hidden frame: says that it is done. */
export function methodPage(view: { url: string; data: string }): Page {
  const fields = hidden({ threeDSMethodData: view.data });
  return (nonce) => `<!doctype html><html lang="en"><meta charset="utf-8"><title>3DS Method</title>
<form method="post" action="${escapeHtml(view.url)}" id="go">${fields}</form>
<script nonce="${nonce}">document.getElementById("go").submit()</script></html>`;
}

/** A page that only says something. */
export function messagePage(language: Language, text: 'unknown' | 'method_silent'): Page {
  const texts = TEXTS[language];
  return layout(language, texts[text], `<h1>${texts[text]}</h1><p class="quiet">${texts[`${text}Lead`]}</p>`);
}

const LOGO = `<svg width="30" height="30" viewBox="0 0 30 30" aria-hidden="true">
<path d="M15 2 27 8.5v2H3v-2z" fill="#d8b25c"/><path d="M6 13h3v9H6Zm7.5 0h3v9h-3zM21 13h3v9h-3z" fill="#fff"/>
<path d="M3 24h24v3H3z" fill="#d8b25c"/></svg>`;

/** A page of the simulated bank; `service` is what the bank does here. */
export function layout(
  language: Language,
  title: string,
  body: string,
  { script = '', service = TEXTS[language].service }: { script?: string; service?: string } = {},
): Page {
  const texts = TEXTS[language];
  return (nonce) => `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} | ${texts.bank}</title>
<style nonce="${nonce}">${STYLE}</style>
</head>
<body>
<header class="bar"><div>${LOGO}<b>${texts.bank}</b><span>${service}</span></div></header>
<main>
${body}
</main>
${script === '' ? '' : `<script nonce="${nonce}">${script}</script>`}
</body>
</html>
`;
}

const BRAND_NAMES = {
  visa: 'Visa',
  mastercard: 'Mastercard',
  jcb: 'JCB',
  amex: 'American Express',
  diners: 'Diners Club',
} as const satisfies Record<Authentication['brand'], string>;

export function row(name: string, value: string, style = ''): string {
  return `<div><dt>${name}</dt><dd${style === '' ? '' : ` class="${style}"`}>${value}</dd></div>`;
}

export function hidden(fields: Record<string, string>): string {
  return Object.entries(fields)
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`)
    .join('');
}

/** Minor units and exponent as people write them; a currency other than yen by its ISO number. */
function amountOf({ amount, exponent, currency }: Authentication, language: Language): string {
  const figures = (amount / 10 ** exponent).toLocaleString('en-US', { minimumFractionDigits: exponent });
  if (currency !== '392') return `${figures} (${currency})`;
  return language === 'ja' ? `${figures}円` : `¥${figures}`;
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
