import type { Deps } from '../../deps.ts';
import { FRAME_TEXTS } from '../../i18n/console/frame.ts';
import { LOGIN_TEXTS } from '../../i18n/console/login.ts';
import { merchantOf, shopNameOf } from '../../merchants/merchant.ts';
import { sceneOf } from '../../users/log-in.ts';
import type { UserRow } from '../../users/logins.ts';
import type { PasswordFault } from '../../users/password.ts';
import { askReset, join, reset } from '../../users/take-link.ts';
import { findLink, type LinkKind } from '../../users/tokens.ts';
import { claimAddress } from '../../users/tries.ts';
import type { AskData, Field } from './ask.ts';
import { readWho, whoFields } from './login.ts';
import { type OutsideCall, type OutsideRoute, wayOf } from './outside.ts';
import { type ConsoleAnswer, page, redirect } from './route.ts';

/** What mails lead to: invitations and new passwords. GET shows a form and changes nothing. */
export const letterRoutes: OutsideRoute[] = [
  { method: 'get', path: '/console/forgot', run: askForMail },
  { method: 'post', path: '/console/forgot', run: sendMail },
  {
    method: 'get',
    path: '/console/join/:token',
    run: (deps, call) => askPassword(deps, call, 'invitation', null),
  },
  {
    method: 'post',
    path: '/console/join/:token',
    run: async (deps, call) => {
      const taken = await join(deps, call.knock, tokenOf(call), call.form.get('password') ?? '');
      if (taken.kind === 'over') return over(call, 'invitation');
      if (taken.kind === 'fault') return askPassword(deps, call, 'invitation', taken.fault);
      return { ...redirect(wayOf(taken.stage, '')), capability: taken.capability };
    },
  },
  {
    method: 'get',
    path: '/console/reset/:token',
    run: (deps, call) => askPassword(deps, call, 'reset', null),
  },
  {
    method: 'post',
    path: '/console/reset/:token',
    run: async (deps, call) => {
      const done = await reset(deps, call.knock, tokenOf(call), call.form.get('password') ?? '');
      if (done.kind === 'over') return over(call, 'reset');
      if (done.kind === 'fault') return askPassword(deps, call, 'reset', done.fault);
      return { ...redirect('/console/login?done=reset'), capability: null };
    },
  },
];

/** What is wrong with the new password of a form, in words. */
export function faultText(language: OutsideCall['language'], fault: PasswordFault): string {
  return LOGIN_TEXTS[language].passwordFaults[fault];
}

/** A field for a new password, which password managers may make and keep. */
export function newPasswordField(
  language: OutsideCall['language'],
  label: string,
  fault: PasswordFault | null,
): Field {
  return {
    name: 'password',
    type: 'password',
    label,
    hint: LOGIN_TEXTS[language].passwordHint,
    value: '',
    autocomplete: 'new-password',
    fault: fault === null ? undefined : faultText(language, fault),
  };
}

async function askForMail(_deps: Deps, { language, query, form }: OutsideCall): Promise<ConsoleAnswer> {
  const t = LOGIN_TEXTS[language].forgot;
  const sent = query.get('done') === 'sent';
  const data: AskData = {
    said: sent ? { text: t.sent, bad: false } : null,
    lead: sent ? null : t.lead,
    facts: [],
    action: '/console/forgot',
    hidden: {},
    fields: whoFields(language, (name) => form.get(name) ?? ''),
    go: t.go,
    links: [{ text: t.back, href: '/console/login' }],
  };
  return page('ask', { title: t.title, place: 'home', data });
}

/** The answer is the same for everybody, and is there before anything was looked up. */
async function sendMail(deps: Deps, { form, knock }: OutsideCall): Promise<ConsoleAnswer> {
  const who = readWho(form);
  if (/^A1\d{8}$/.test(who.merchantId) && (await claimAddress(deps, knock.address))) {
    deps.background.run(askReset(deps, knock, who));
  }
  return redirect('/console/forgot?done=sent');
}

async function askPassword(
  deps: Deps,
  call: OutsideCall,
  kind: LinkKind,
  fault: PasswordFault | null,
): Promise<ConsoleAnswer> {
  const user = await findLink(deps, kind, tokenOf(call));
  const awaited = kind === 'invitation' ? 'invited' : 'active';
  if (user === null || user.status !== awaited) return over(call, kind);
  const scene = await sceneOf(deps, user.merchantId, call.knock);
  if (scene === null) return over(call, kind);
  const t = LOGIN_TEXTS[call.language];
  const way = kind === 'invitation' ? 'join' : 'reset';
  const merchant = await merchantOf(deps, scene);
  const data: AskData = {
    said: null,
    lead: t[way].lead,
    facts: [
      { label: t.join.merchant, value: shopNameOf(merchant) },
      { label: t.join.role, value: FRAME_TEXTS[call.language].roles[user.role] },
    ],
    action: `/console/${way}/${tokenOf(call)}`,
    hidden: {},
    fields: [loginIdField(call, user), newPasswordField(call.language, t.join.password, fault)],
    go: t[way].go,
    links: [],
  };
  return page('ask', { title: t[way].title, place: 'home', data, status: fault === null ? 200 : 422 });
}

/** What a password manager is to keep beside the password, and what the login takes as it is. */
function loginIdField({ language }: OutsideCall, { merchantId, login }: UserRow): Field {
  const t = LOGIN_TEXTS[language].join;
  const value = `${merchantId}/${login}`;
  return {
    name: 'username',
    label: t.loginId,
    hint: t.loginIdHint,
    value,
    autocomplete: 'username',
    readonly: true,
  };
}

function over({ language }: OutsideCall, kind: LinkKind): ConsoleAnswer {
  const t = LOGIN_TEXTS[language].linkOver;
  const action =
    kind === 'reset'
      ? { text: t.toForgot, href: '/console/forgot' }
      : { text: t.toLogin, href: '/console/login' };
  return page('message', { title: t.title, place: 'home', data: { text: t[kind], action }, status: 404 });
}

function tokenOf({ params }: OutsideCall): string {
  return params.token ?? '';
}
