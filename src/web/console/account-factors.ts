import type { Deps } from '../../deps.ts';
import { ACCOUNT_TEXTS } from '../../i18n/console/account.ts';
import { LOGIN_TEXTS } from '../../i18n/console/login.ts';
import {
  changePassword,
  dropPasskey,
  keepPasskey,
  newRecoveryCodes,
  renamePasskey,
} from '../../users/account.ts';
import { deviceOf } from '../../users/device.ts';
import { replaceTotp } from '../../users/enrol.ts';
import { offerPasskey, readNewPasskey } from '../../users/passkeys.ts';
import type { PasswordFault } from '../../users/password.ts';
import { type AccountTexts, confirmed } from './account.ts';
import type { AskData, Field } from './ask.ts';
import { newPasswordField } from './letters.ts';
import { type ConsoleAnswer, type ConsoleCall, type ConsoleRoute, page, redirect } from './route.ts';
import { codesPage, enrolPage } from './second.ts';

export interface PasskeyData {
  t: AccountTexts;
  options: string;
  failed: string | null;
  failedText: string;
  /** Where the browser runs no scripts. */
  needs: string;
  name: Field;
}

const HOME = '/console/account';
const own = { permission: 'account.own' } as const;

/** What asks for the password once more. */
export const factorRoutes: ConsoleRoute[] = [
  ...both('/password', (deps, call) => passwordForm(deps, call), changeIt),
  ...both(
    '/totp',
    (deps, call) => appForm(deps, call, null),
    async (deps, call) => {
      const right = await replaceTotp(deps, call.merchant, call, call.form.get('code') ?? '');
      return right
        ? redirect(`${HOME}?done=totp`)
        : appForm(deps, call, LOGIN_TEXTS[call.language].enrol.wrong);
    },
  ),
  ...both('/passkeys', (deps, call) => passkeyForm(deps, call, null), addIt),
  post('/passkeys/name', async (deps, call) => {
    const name = nameOf(call);
    if (name !== '') await renamePasskey(deps, call.merchant, call.user, call.form.get('id') ?? '', name);
    return redirect(`${HOME}?done=renamed`);
  }),
  post('/passkeys/remove', async (deps, call) => {
    const done = await dropPasskey(deps, call.merchant, call.user, call.form.get('id') ?? '');
    return redirect(`${HOME}?done=${done}`);
  }),
  post('/recovery', async (deps, call) => {
    const codes = await newRecoveryCodes(deps, call.merchant, call.user);
    return codesPage(LOGIN_TEXTS[call.language], codes, HOME);
  }),
];

type Work = (deps: Deps, call: ConsoleCall) => Promise<ConsoleAnswer>;

function both(path: string, show: Work, take: Work): ConsoleRoute[] {
  const at = `${HOME}${path}`;
  return [
    { method: 'get', path: at, ...own, run: confirmed(at, show) },
    { method: 'post', path: at, ...own, run: confirmed(at, take) },
  ];
}

/** A button of the account page: after the password one is back there, to press it again. */
function post(path: string, take: Work): ConsoleRoute {
  return { method: 'post', path: `${HOME}${path}`, ...own, run: confirmed(HOME, take) };
}

async function passwordForm(
  _deps: Deps,
  { language, user }: ConsoleCall,
  fault: PasswordFault | null = null,
): Promise<ConsoleAnswer> {
  const t = ACCOUNT_TEXTS[language];
  const username = `${user.merchantId}/${user.login}`;
  const data: AskData = {
    said: null,
    lead: t.password.text,
    facts: [],
    action: `${HOME}/password`,
    hidden: {},
    fields: [
      { name: 'username', label: t.profile.login, value: username, autocomplete: 'username', readonly: true },
      newPasswordField(language, t.password.label, fault),
    ],
    go: t.password.go,
    links: [{ text: t.confirm.back, href: HOME }],
  };
  const status = fault === null ? 200 : 422;
  return page('ask', { title: t.password.title, place: 'account', data, status });
}

async function changeIt(deps: Deps, call: ConsoleCall): Promise<ConsoleAnswer> {
  const done = await changePassword(deps, call.merchant, call, call.form.get('password') ?? '');
  if ('fault' in done) return passwordForm(deps, call, done.fault);
  return { ...redirect(`${HOME}?done=password`), capability: done.capability };
}

function appForm(deps: Deps, call: ConsoleCall, fault: string | null): Promise<ConsoleAnswer> {
  const t = LOGIN_TEXTS[call.language];
  const { lead } = ACCOUNT_TEXTS[call.language].totp;
  return enrolPage(deps, call, { t, fault, lead, action: `${HOME}/totp`, next: '', passkey: null });
}

async function passkeyForm(deps: Deps, call: ConsoleCall, failed: string | null): Promise<ConsoleAnswer> {
  const t = ACCOUNT_TEXTS[call.language];
  const { passkeyFailed, passkeyNeeds: needs } = LOGIN_TEXTS[call.language].second;
  const { name: label, nameHint: hint } = t.passkeys;
  const data: PasskeyData = {
    t,
    options: await offerPasskey(deps, call),
    failed,
    failedText: passkeyFailed,
    needs,
    name: { name: 'name', label, hint, value: nameOf(call) || deviceOf(call.login.userAgent) },
  };
  const status = failed === null ? 200 : 422;
  return page('passkey', {
    title: t.passkeys.addTitle,
    place: 'account',
    data,
    modules: ['passkey.js'],
    status,
  });
}

async function addIt(deps: Deps, call: ConsoleCall): Promise<ConsoleAnswer> {
  const made = await readNewPasskey(deps, call, call.form.get('response') ?? '');
  if (made === null) {
    const again = { ...call, login: { ...call.login, challenge: null } };
    return passkeyForm(deps, again, LOGIN_TEXTS[call.language].second.passkeyFailed);
  }
  const name = nameOf(call) || deviceOf(call.login.userAgent) || 'Passkey';
  await keepPasskey(deps, call.merchant, call.user, { ...made, name });
  return redirect(`${HOME}?done=passkey`);
}

function nameOf({ form }: ConsoleCall): string {
  return (form.get('name') ?? '').trim().slice(0, 60);
}
