import type { Config } from '../../config.ts';
import type { Language, Message, Texts } from '../../i18n/texts.ts';
import { unreachable } from '../../lib/unreachable.ts';
import type { SignedReturn } from '../../notify/returns.ts';
import type { Visit } from '../../payments/snapshot.ts';
import { writeCReq } from '../../threeds/challenge.ts';
import { writeMethodData } from '../../threeds/method.ts';
import { type PageTemplate, render, type Templates } from '../render.ts';
import type { PageKind } from '../security.ts';
import { type Asset, asset } from '../static.ts';
import { bankName, numberView } from './number-page.ts';
import { type Frame, frame, type Place, summaryOf } from './page.ts';
import {
  endedMessage,
  type FormPage,
  type FormState,
  formPage,
  isLongAgo,
  toneOf,
  waitingMessage,
} from './pages.ts';
import { receiptOf } from './receipt-rows.ts';
import { type Outcome, type View, viewVersion } from './select-view.ts';

/** A page, ready to be sent. */
export interface Composed {
  html: string;
  kind: PageKind;
  status: number;
  language: Language;
  /** The merchant's picture, which the page's policy must allow. */
  logo: string | null;
}

type Of<Kind extends View['kind']> = View & { kind: Kind };

/** A view with what had to be signed or sealed for it. */
export type ReadyView =
  | (Of<'form'> & FormState)
  | (Of<'preparing'> & FormState)
  | (Of<'challenge'> & { fullPageData: string; framedData: string })
  | Of<'bank'>
  | Of<'waiting'>
  | (Of<'ended'> & { result: SignedReturn; stays: boolean; thanks?: string | null });

/** The page for a view. Pure: the same state makes the same page. */
export function compose(view: ReadyView, visit: Visit, place: Place, config: Config): Composed {
  const base = frame(place, visit.merchant, config);
  switch (view.kind) {
    case 'form':
      return composeForm(base, view, visit, place);
    case 'preparing':
      return composePreparing(base, view, visit, place, config);
    case 'challenge':
      return composeChallenge(base, view, visit, place);
    case 'bank':
      return composeBank(base, view, visit, place);
    case 'waiting':
      return composeWaiting(base, view, visit, place);
    case 'ended':
      return composeEnded(base, view, visit);
    default:
      return unreachable(view);
  }
}

/** A page that has no session: nothing was found, or something went wrong. */
export function composeMessage(
  place: Place,
  config: Config,
  choose: (t: Texts) => Message,
  { status, link, reference }: { status: number; link: boolean; reference: string | null },
): Composed {
  const base = frame(place, null, config);
  const message = choose(base.t);
  const target = link ? { href: `${base.path}${base.query}`, text: base.t.backToPage } : null;
  const page = { ...base, title: message.title, message, link: target, reference };
  return composed('pay/message', page, 'plain', status);
}

function composed<Name extends PageTemplate>(
  template: Name,
  page: Templates[Name],
  kind: PageKind,
  status = 200,
): Composed {
  const logo = page.shop?.logo ?? null;
  return { html: render(template, page), kind, status, language: page.t.lang, logo };
}

function composeForm(
  base: Frame,
  view: ReadyView & { kind: 'form' },
  visit: Visit,
  { language }: Place,
): Composed {
  const faulty = Object.keys(view.faults).length > 0;
  const form = formPage(base, summaryOf(visit, language), visit, view);
  const page = {
    ...form,
    title: faulty ? base.t.form.errorTitle : base.t.form.title,
    styles: [asset('pay.css')],
    scripts: [...base.scripts, ...scriptsOf(form)],
  };
  return composed('pay/form', page, 'card', faulty ? 422 : 200);
}

function scriptsOf({ methods, paymentTypes }: FormPage): Asset[] {
  const byCard = methods.some(({ flow }) => flow === 'card');
  return [
    ...(byCard ? [asset('card.js')] : []),
    ...(byCard && paymentTypes.length > 0 ? [asset('plan.js')] : []),
    ...(methods.some(({ fields }) => fields.length > 0) ? [asset('method.js')] : []),
  ];
}

function composePreparing(
  base: Frame,
  { attemptId, method, askEmail, kept, faults }: ReadyView & { kind: 'preparing' },
  visit: Visit,
  { language }: Place,
  config: Config,
): Composed {
  const notification = `${config.publicUrl}/3ds/method-notification`;
  const { preparing, askingEmail } = base.t.threeDs;
  const message = askEmail ? askingEmail : preparing;
  const page = {
    ...base,
    title: faults.email === undefined ? message.title : base.t.form.errorTitle,
    message,
    summary: summaryOf(visit, language),
    attemptId,
    askEmail,
    kept,
    fault: faults.email ?? null,
    method:
      method === null
        ? null
        : {
            url: method.url,
            data: writeMethodData(method.transId, notification),
            timeoutMs: config.methodTimeoutMs,
          },
  };
  return composed('pay/preparing', page, 'three_ds', faults.email === undefined ? 200 : 422);
}

function composeChallenge(
  base: Frame,
  view: ReadyView & { kind: 'challenge' },
  visit: Visit,
  { language }: Place,
): Composed {
  const { attemptId, acsUrl, version, transId, acsTransId, cardholderInfo, fullPageData, framedData } = view;
  const page = {
    ...base,
    title: base.t.threeDs.challenge.title,
    summary: summaryOf(visit, language),
    attemptId,
    acsUrl,
    // Full screen: the frame is as wide as the shopper's window allows, and a reload must ask for the same size.
    creq: writeCReq({ version, transId, acsTransId, windowSize: '05' }),
    fullPageData,
    framedData,
    version: viewVersion(visit),
    fromIssuer: cardholderInfo,
  };
  return composed('pay/challenge', page, 'three_ds');
}

function composeBank(base: Frame, view: Of<'bank'>, visit: Visit, { language }: Place): Composed {
  const { attemptId, url } = view;
  const version = viewVersion(visit);
  const page = {
    ...base,
    title: base.t.bank.title,
    summary: summaryOf(visit, language),
    attemptId,
    bank: bankName(visit, base.t),
    url,
    version,
  };
  return composed('pay/bank', page, 'plain');
}

function composeWaiting(base: Frame, view: Of<'waiting'>, visit: Visit, { language }: Place): Composed {
  const message = waitingMessage(base, view);
  const page = {
    ...base,
    title: message.title,
    summary: summaryOf(visit, language),
    message,
    version: viewVersion(visit),
    abandonable: view.for === 'issuer' ? view.attemptId : null,
    refresh: { seconds: 2, url: `${base.path}${base.query}` },
  };
  return composed('pay/waiting', page, 'plain');
}

const THANKED: readonly Outcome[] = ['paid', 'accepted', 'numberIssued'];

function composeEnded(base: Frame, view: ReadyView & { kind: 'ended' }, visit: Visit): Composed {
  const { outcome, result } = view;
  const message = endedMessage(base, visit, outcome);
  const number = outcome === 'numberIssued' ? numberView(visit, base.t) : null;
  const stays = view.stays || (number !== null && isLongAgo(visit));
  const page = {
    ...base,
    title: message.title,
    outcome,
    tone: toneOf(outcome),
    message,
    thanks: THANKED.includes(outcome) ? (view.thanks ?? null) : null,
    receipt: receiptOf(base, visit, outcome),
    number,
    ...(number === null
      ? {}
      : {
          styles: [...base.styles, asset('number.css')],
          scripts: [...base.scripts, asset('number.js')],
        }),
    result,
    stays,
    refresh: result.method === 'get' && !stays ? { seconds: 5, url: `${base.path}/return` } : null,
  };
  return composed('pay/ended', page, 'return');
}
