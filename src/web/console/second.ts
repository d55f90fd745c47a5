import type { Deps } from '../../deps.ts';
import { LOGIN_TEXTS } from '../../i18n/console/login.ts';
import { type Qr, qr } from '../../lib/qr.ts';
import { deviceOf } from '../../users/device.ts';
import { type Enrolled, enrol, enrolTotp } from '../../users/enrol.ts';
import type { Login } from '../../users/logins.ts';
import {
  addPasskey,
  askForPasskey,
  offerPasskey,
  passPasskey,
  readNewPasskey,
} from '../../users/passkeys.ts';
import { passCode, type SecondFactor } from '../../users/second-factor.ts';
import { pendingTotp } from '../../users/totp.ts';
import type { Field } from './ask.ts';
import { atStage, type OutsideCall, type OutsideRoute, wayOf } from './outside.ts';
import { type ConsoleAnswer, page, redirect } from './route.ts';

type Texts = (typeof LOGIN_TEXTS)['ja'] | (typeof LOGIN_TEXTS)['en'];

export interface SecondData {
  t: Texts;
  fault: string | null;
  next: string;
  /** Options for the browser; null for a user without passkeys. */
  passkey: string | null;
  /** Null for a user without an app. */
  code: Field | null;
  recovery: Field;
}

export interface EnrolData {
  t: Texts;
  fault: string | null;
  lead: string;
  action: string;
  next: string;
  qr: Qr;
  uri: string;
  /** In groups of four, to type. */
  secret: string;
  code: Field;
  /** Options for the browser; null where a passkey is added elsewhere. */
  passkey: string | null;
}

export interface CodesData {
  t: Texts;
  codes: string[];
  to: string;
}

/** The second factor, and its enrolment for who has none. */
export const secondRoutes: OutsideRoute[] = [
  { method: 'get', path: '/console/login/code', run: (deps, call) => second(deps, call, null) },
  {
    method: 'post',
    path: '/console/login/code',
    run: (deps, call) =>
      second(deps, call, (known, scene) =>
        passCode(deps, scene, known, call.form.get('code') || call.form.get('recovery') || ''),
      ),
  },
  {
    method: 'post',
    path: '/console/login/passkey',
    run: (deps, call) =>
      second(deps, call, (known, scene) => passPasskey(deps, scene, known, call.form.get('response') ?? '')),
  },
  { method: 'get', path: '/console/login/enrol', run: (deps, call) => enrolment(deps, call, null) },
  {
    method: 'post',
    path: '/console/login/enrol',
    run: (deps, call) =>
      enrolment(deps, call, (known, scene) => enrolTotp(deps, scene, known, call.form.get('code') ?? '')),
  },
  {
    method: 'post',
    path: '/console/login/enrol/passkey',
    run: (deps, call) =>
      enrolment(deps, call, async (known, scene) => {
        const made = await readNewPasskey(deps, known, call.form.get('response') ?? '');
        if (made === null) return null;
        const named = { ...made, name: deviceOf(call.knock.userAgent) || 'Passkey' };
        return enrol(
          deps,
          scene,
          known,
          (tx) => addPasskey(tx, known.user, named, deps.clock.now()),
          'passkey',
        );
      }),
  },
];

type Scene = Parameters<typeof passCode>[1];

async function second(
  deps: Deps,
  call: OutsideCall,
  pass: ((known: Login, scene: Scene) => Promise<SecondFactor>) | null,
): Promise<ConsoleAnswer> {
  const at = await atStage(deps, call, 'password');
  if ('kind' in at) return at;
  const capability = pass === null ? null : await pass(at.known, at.scene);
  if (capability !== null) return { ...redirect(wayOf('complete', call.next)), capability };
  const t = LOGIN_TEXTS[call.language];
  // What was wrong has used the challenge up: the page asks with a new one.
  const known = pass === null ? at.known : { ...at.known, login: { ...at.known.login, challenge: null } };
  const data: SecondData = {
    t,
    fault: pass === null ? null : t.second.refused,
    next: call.next,
    passkey: await askForPasskey(deps, known),
    code: known.user.totpSecretId === null ? null : codeField(t.second.code, t.second.codeHint),
    recovery: {
      name: 'recovery',
      label: t.second.recovery,
      hint: t.second.recoveryHint,
      value: '',
      plain: true,
    },
  };
  return page('second', {
    title: t.second.title,
    place: 'home',
    data,
    modules: ['passkey.js'],
    status: pass === null ? 200 : 422,
  });
}

async function enrolment(
  deps: Deps,
  call: OutsideCall,
  take: ((known: Login, scene: Scene) => Promise<Enrolled | null>) | null,
): Promise<ConsoleAnswer> {
  const at = await atStage(deps, call, 'enrolling');
  if ('kind' in at) return at;
  const t = LOGIN_TEXTS[call.language];
  const enrolled = take === null ? null : await take(at.known, at.scene);
  if (enrolled !== null) {
    const { codes, capability } = enrolled;
    return { ...codesPage(t, codes, wayOf('complete', call.next)), capability };
  }
  const passkeyFailed = take !== null && call.form.has('response');
  const known = passkeyFailed ? { ...at.known, login: { ...at.known.login, challenge: null } } : at.known;
  return enrolPage(deps, known, {
    t,
    fault: take === null ? null : passkeyFailed ? t.second.passkeyFailed : t.enrol.wrong,
    lead: t.enrol.lead,
    action: '/console/login/enrol',
    next: call.next,
    passkey: await offerPasskey(deps, known),
  });
}

/** The page that sets an app up, before the first login and later. */
export async function enrolPage(
  deps: Deps,
  known: Login,
  rest: Pick<EnrolData, 't' | 'fault' | 'lead' | 'action' | 'next' | 'passkey'>,
): Promise<ConsoleAnswer> {
  const { uri, secret } = await pendingTotp(deps, known);
  const { enrol: texts, second } = rest.t;
  const data: EnrolData = {
    ...rest,
    qr: qr(uri),
    uri,
    secret: secret.replace(/(.{4})(?=.)/g, '$1 '),
    code: codeField(texts.code, second.codeHint),
  };
  return page('enrol', {
    title: texts.title,
    place: 'account',
    data,
    modules: rest.passkey === null ? [] : ['passkey.js'],
    status: rest.fault === null ? 200 : 422,
  });
}

/** New recovery codes, in the answer to the form that made them and nowhere again. */
export function codesPage(t: Texts, codes: string[], to: string): ConsoleAnswer & { kind: 'page' } {
  return page('codes', { title: t.codes.title, place: 'account', data: { t, codes, to } });
}

function codeField(label: string, hint: string): Field {
  return {
    name: 'code',
    label,
    hint,
    value: '',
    autocomplete: 'one-time-code',
    inputmode: 'numeric',
    first: true,
  };
}
