import { eventually } from './eventually.ts';
import { type Form, formsOf } from './html.ts';
import { recorded } from './transcript.ts';

/** A shopper without a browser: follows forms as a browser with or without JavaScript would post them. */
export interface Page {
  url: string;
  status: number;
  html: string;
  forms: Form[];
}

export interface CardData {
  number: string;
  exp?: string;
  csc?: string;
  name?: string;
  payment_type?: string;
  email?: string;
  /** What is ticked. */
  save?: '1';
  charge?: '1';
}

export interface Choice {
  /** Whether the browser's data are filled in, as our script does. */
  javascript: boolean;
  /** What to answer at the ACS. */
  otp?: string | 'cancel' | 'leave';
  /** The shopper's address, where the service trusts its proxy. */
  from?: string;
}

const BROWSER = { js: '1', java: '0', lang: 'ja', depth: '24', width: '390', height: '844', tz: '-540' };
const HEADERS = { 'User-Agent': 'Mozilla/5.0 (test shopper)', 'Accept-Language': 'ja', Accept: 'text/html' };

export async function open(url: string, from?: string): Promise<Page> {
  const response = await fetch(url, { headers: headersOf(from), redirect: 'follow' });
  return pageOf(response);
}

function headersOf(from: string | undefined): Record<string, string> {
  return from === undefined ? HEADERS : { ...HEADERS, 'X-Forwarded-For': from };
}

export async function submit(form: Form, values: Record<string, string> = {}, from?: string): Promise<Page> {
  const body = new URLSearchParams({ ...form.fields, ...values });
  const response = await fetch(form.action, {
    method: 'POST',
    headers: { ...headersOf(from), 'Content-Type': 'application/x-www-form-urlencoded' },
    body,
    redirect: 'follow',
  });
  return pageOf(response);
}

/** Types a card on the session's page and goes as far as `choice` says. Returns the last page met. */
export async function pay(sessionUrl: string, card: CardData, choice: Choice): Promise<Page> {
  const first = await open(sessionUrl, choice.from);
  const form = formTo(first, '/pay');
  if (form === null) throw new Error(`no card form at ${sessionUrl}: ${first.status}`);
  const page = await submit(
    form,
    {
      method: 'card',
      exp: '12/30',
      csc: '123',
      name: 'TARO YAMADA',
      ...(form.names.includes('email') ? { email: 'taro@example.com' } : {}),
      ...card,
      ...(choice.javascript ? BROWSER : {}),
    },
    choice.from,
  );
  return goOn(page, choice);
}

/** Chooses a way to pay elsewhere on the session's page; `choice` is the chain or the bank. */
export async function choose(
  sessionUrl: string,
  method: string,
  choice: string | null = null,
  values: Record<string, string> = {},
): Promise<Page> {
  const form = formTo(await open(sessionUrl), '/pay');
  if (form === null) throw new Error(`no form at ${sessionUrl}`);
  const chosen = form.names.find((name) => name === `${method}_chain` || name === `${method}_bank`);
  return submit(form, {
    method,
    ...(chosen === undefined || choice === null ? {} : { [chosen]: choice }),
    [`${method}_name`]: '山田 太郎',
    [`${method}_kana`]: 'ヤマダ タロウ',
    [`${method}_phone`]: '09012345678',
    ...values,
  });
}

/** From wherever the attempt stands: the 3DS Method, the challenge. Ends at a page with neither. */
export async function goOn(page: Page, choice: Choice): Promise<Page> {
  const waiting = formTo(page, '/continue');
  if (waiting !== null) {
    if (choice.javascript) await runMethod(page);
    return goOn(await submit(waiting, choice.javascript ? BROWSER : {}, choice.from), choice);
  }
  const challenge = page.forms.find(({ names }) => names.includes('creq'));
  if (challenge === undefined || choice.otp === 'leave') return page;
  return answerChallenge(await submit(challenge), choice.otp ?? '123456');
}

/** What the ACS's script does in the hidden frame: tells our notification URL that it has seen the browser. */
async function runMethod({ html }: Page): Promise<void> {
  const data = /data-method-data="([^"]+)"/.exec(html)?.[1];
  if (data === undefined) return;
  const { threeDSServerTransID, threeDSMethodNotificationURL } = JSON.parse(
    Buffer.from(data, 'base64').toString(),
  );
  const done = Buffer.from(JSON.stringify({ threeDSServerTransID })).toString('base64url');
  await submit({
    action: threeDSMethodNotificationURL,
    method: 'post',
    fields: { threeDSMethodData: done },
    names: [],
  });
}

/** At the ACS: the code, as often as it is asked for, or *cancel*; then the CRes back to us. */
async function answerChallenge(acs: Page, otp: string): Promise<Page> {
  const back = acs.forms.find(({ names }) => names.includes('cres'));
  if (back !== undefined) return submit(back);
  const form = acs.forms.find(({ names }) => names.some((name) => /otp|code/i.test(name)));
  if (otp === 'cancel') {
    const cancel =
      acs.forms.find(({ names, fields }) => /cancel/i.test(JSON.stringify({ names, fields }))) ??
      acs.forms[1];
    if (cancel === undefined) throw new Error('the ACS offers no cancel');
    return answerChallenge(await submit(cancel), otp);
  }
  if (form === undefined) throw new Error(`no code form at the ACS: ${acs.status} ${acs.html.slice(0, 300)}`);
  const field = form.names.find((name) => /otp|code/i.test(name)) ?? 'otp';
  return answerChallenge(await submit(form, { [field]: otp }), otp);
}

/** The signed result on an ended session's page, once it is there. */
export async function signedResult(sessionUrl: string): Promise<Form> {
  return eventually('the return form', async () => {
    const page = await open(sessionUrl);
    return page.forms.find(({ names }) => names.includes('signature') && names.includes('payload'));
  });
}

export function formTo(page: Page, ending: string): Form | null {
  return page.forms.find(({ action }) => new URL(action).pathname.endsWith(ending)) ?? null;
}

async function pageOf(response: Response): Promise<Page> {
  const html = await recorded(response);
  return { url: response.url, status: response.status, html, forms: formsOf(html, response.url) };
}
