import { normaliseDigits } from '../lib/card.ts';
import { challengePage, messagePage, methodPage, returnPage } from './acs-pages.ts';
import { type Language, languageOf } from './acs-texts.ts';
import type { Authentication, ChallengeResult } from './authentications.ts';
import { type HttpReply, type HttpRequest, html, originOf } from './http.ts';
import { reportResult } from './results.ts';
import { decodeBase64Url, encodeBase64Url, erroFor, parseJson, readMessage } from './threeds-messages.ts';
import { type Elements, elementsOf } from './threeds-rules.ts';
import type { ThreeDsWorld } from './world.ts';

/**
 * The issuer's Access Control Server in the browser: EMV 3-D Secure Protocol and Core Functions
 * Specification, 3DS Method (5.8.1) and challenge (3.1 steps 10 to 20; Req 220 to 227). The pages work
 * without JavaScript.
 */
export interface Acs {
  /** An ARes asked for a challenge: from now on the first CReq is waited for. */
  begin(authentication: Authentication): void;
  /** Answers `/acs/…`; null where the address is not the ACS's. */
  handle(request: HttpRequest): Promise<HttpReply | null>;
}

const TEST_CODE = '123456';
const TRIES = 3;

interface State {
  world: ThreeDsWorld;
  timers: Map<string, NodeJS.Timeout>;
  /** Results on their way, so that a second click waits for the first. */
  reports: Map<string, Promise<void>>;
}

export function openAcs(world: ThreeDsWorld): Acs {
  const state: State = { world, timers: new Map(), reports: new Map() };
  return {
    begin: (authentication) => startTimer(state, authentication, world.times.firstChallengeMs, '05'),
    handle: (request) => route(state, request),
  };
}

async function route(state: State, request: HttpRequest): Promise<HttpReply | null> {
  const { pathname } = request.url;
  if (pathname.startsWith('/acs/down')) return { silence: 'cut' };
  if (pathname === '/acs/method') return runMethod(request);
  if (pathname === '/acs/method/silent') return html(messagePage('en', 'method_silent'), 'none');
  const form = new URLSearchParams(request.method === 'POST' ? request.body : request.url.search);
  if (pathname === '/acs/challenge') return openChallenge(state, request, form);
  const id = /^\/acs\/challenge\/([0-9a-f-]{36})$/i.exec(pathname)?.[1];
  if (id === undefined) return null;
  const authentication = state.world.authentications.byAcsTransId(id);
  if (!authentication?.challenge) return html(messagePage(languageOf(request, ''), 'unknown'), 'none', 404);
  if (request.method === 'POST') return takeAnswer(state, authentication, form);
  return showChallenge(state, authentication, languageOf(request, authentication.language));
}

/** The 3DS Method: looks at the browser and tells the 3DS Server through a form of its own. */
function runMethod(request: HttpRequest): HttpReply {
  const form = new URLSearchParams(request.method === 'POST' ? request.body : request.url.search);
  const data = elementsOf(parseJson(decodeBase64Url(form.get('threeDSMethodData') ?? '')));
  const { threeDSServerTransID, threeDSMethodNotificationURL: url } = data;
  if (typeof threeDSServerTransID !== 'string' || typeof url !== 'string' || originOf(url) === 'none') {
    return html(messagePage('en', 'unknown'), 'none', 400);
  }
  return html(methodPage({ url, data: encodeBase64Url({ threeDSServerTransID }) }), originOf(url));
}

/** The first CReq, or the same one again after a reload. */
async function openChallenge(state: State, request: HttpRequest, form: URLSearchParams): Promise<HttpReply> {
  const { message, fault } = readMessage(decodeBase64Url(form.get('creq') ?? ''), ['CReq']);
  const authentication = state.world.authentications.byAcsTransId(String(message.acsTransID ?? ''));
  const language = languageOf(request, authentication?.language ?? '');
  if (!authentication?.challenge || authentication.scenario === '14') {
    return html(messagePage(language, 'unknown'), 'none', 404);
  }
  const detail = fault?.errorDetail ?? requestFault(message, authentication);
  if (detail !== null) {
    const erro = erroFor(message, 'A', { errorCode: fault?.errorCode ?? '203', errorDetail: detail });
    state.world.log.warn({ detail }, 'acs answers Erro');
    return returnTo(authentication, language, { erro: encodeBase64Url(erro) });
  }
  if (!authentication.challenge.begun) {
    const sessionData = form.get('threeDSSessionData');
    state.world.authentications.change(authentication, { begun: true, sessionData });
    state.world.log.info({ acsTransId: authentication.acsTransId }, 'acs challenge begins');
  }
  return showChallenge(state, authentication, language);
}

function requestFault(message: Elements, authentication: Authentication): string | null {
  if (message.messageVersion !== authentication.version) return 'messageVersion';
  const id = String(message.threeDSServerTransID ?? '').toLowerCase();
  if (id !== authentication.threeDsServerTransId.toLowerCase()) return 'threeDSServerTransID';
  return /^0[1-5]$/.test(String(message.challengeWindowSize)) ? null : 'challengeWindowSize';
}

async function showChallenge(
  state: State,
  authentication: Authentication,
  language: Language,
): Promise<HttpReply> {
  const { challenge } = authentication;
  if (challenge?.result) return finish(state, authentication, language, challenge.result);
  startTimer(state, authentication, state.world.times.inputMs, '04');
  const triesLeft = TRIES - (challenge?.wrongCodes ?? 0);
  return html(
    challengePage({ authentication, language, triesLeft, failed: triesLeft < TRIES }),
    originOf(authentication.notificationUrl),
  );
}

/** What the shopper did on the page. Answered by a redirect to it, so that a reload repeats nothing. */
async function takeAnswer(
  state: State,
  authentication: Authentication,
  form: URLSearchParams,
): Promise<HttpReply> {
  const { challenge, acsTransId } = authentication;
  const code = normaliseDigits(form.get('otp') ?? '');
  if (challenge && challenge.result === null) {
    if (form.get('action') === 'cancel') {
      await conclude(state, authentication, { transStatus: 'N', reason: '01', cancel: '01' });
    } else if (code === TEST_CODE) {
      await conclude(state, authentication, { transStatus: 'Y', reason: null, cancel: null });
    } else if (code !== '') {
      const wrongCodes = challenge.wrongCodes + 1;
      state.world.authentications.change(authentication, { wrongCodes });
      if (wrongCodes >= TRIES)
        await conclude(state, authentication, { transStatus: 'N', reason: '01', cancel: null });
    }
  } else if (challenge?.result) {
    await report(state, authentication, challenge.result);
  }
  const language = form.get('lang') === 'ja' ? 'ja' : 'en';
  return { status: 303, headers: { location: `/acs/challenge/${acsTransId}?lang=${language}` } };
}

async function conclude(
  state: State,
  authentication: Authentication,
  result: ChallengeResult,
): Promise<void> {
  clearTimeout(state.timers.get(authentication.acsTransId));
  state.timers.delete(authentication.acsTransId);
  state.world.authentications.change(authentication, { result });
  const { transStatus, cancel } = result;
  state.world.log.info({ acsTransId: authentication.acsTransId, transStatus, cancel }, 'acs challenge ends');
  await report(state, authentication, result);
}

/** The RReq goes first, the CRes after it. A report that a killed simulator left open is made up for here. */
async function report(state: State, authentication: Authentication, result: ChallengeResult): Promise<void> {
  if (authentication.challenge?.reported) return;
  const { acsTransId } = authentication;
  const running =
    state.reports.get(acsTransId) ??
    reportResult(state.world, authentication, result).then(() => {
      state.world.authentications.change(authentication, { reported: true });
      state.reports.delete(acsTransId);
    });
  state.reports.set(acsTransId, running);
  await running;
}

async function finish(
  state: State,
  authentication: Authentication,
  language: Language,
  result: ChallengeResult,
): Promise<HttpReply> {
  await report(state, authentication, result);
  const fault = state.world.faults.take({ message: 'CRes', last4: authentication.last4 });
  if (fault) state.world.log.info({ message: 'CRes', action: fault.action }, 'acs fault');
  if (fault?.action === 'delay') await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
  else if (fault && fault.action !== 'duplicate') return { silence: 'cut' };
  const cres = encodeBase64Url({
    messageType: 'CRes',
    messageVersion: authentication.version,
    threeDSServerTransID: authentication.threeDsServerTransId,
    acsTransID: authentication.acsTransId,
    transStatus: result.transStatus,
  });
  return returnTo(authentication, language, { cres });
}

function returnTo(
  authentication: Authentication,
  language: Language,
  fields: Record<string, string>,
): HttpReply {
  const sessionData = authentication.challenge?.sessionData ?? null;
  const all = sessionData === null ? fields : { ...fields, threeDSSessionData: sessionData };
  const { notificationUrl } = authentication;
  return html(returnPage({ language, url: notificationUrl, fields: all }), originOf(notificationUrl));
}

function startTimer(state: State, authentication: Authentication, ms: number, cancel: string): void {
  const { acsTransId } = authentication;
  clearTimeout(state.timers.get(acsTransId));
  const timer = setTimeout(() => {
    const result: ChallengeResult = { transStatus: 'N', reason: '14', cancel };
    conclude(state, authentication, result).catch(() =>
      state.world.log.error({ acsTransId }, 'acs timer failed'),
    );
  }, ms);
  state.timers.set(acsTransId, timer.unref());
}
