import type { Deps } from '../../deps.ts';
import { ACCOUNT_TEXTS } from '../../i18n/console/account.ts';
import { formatTime } from '../../i18n/format.ts';
import { changeProfile, confirm, endOthers, isConfirmed } from '../../users/account.ts';
import { deviceOf } from '../../users/device.ts';
import { loginsOf } from '../../users/logins.ts';
import { passkeysOf } from '../../users/passkeys.ts';
import { recoveryCodesLeft } from '../../users/recovery.ts';
import type { AskData } from './ask.ts';
import { safePath, withNext } from './outside.ts';
import { type ConsoleAnswer, type ConsoleCall, type ConsoleRoute, page, redirect } from './route.ts';

export type AccountTexts = (typeof ACCOUNT_TEXTS)['ja'] | (typeof ACCOUNT_TEXTS)['en'];

export interface AccountData {
  t: AccountTexts;
  said: { text: string; bad: boolean } | null;
  loginId: string;
  email: string;
  name: { value: string; fault: string | undefined };
  language: 'ja' | 'en';
  totp: boolean;
  passkeys: { id: string; name: string; used: string }[];
  codesLeft: number;
  sessions: { id: string; device: string; address: string; seen: string; here: boolean }[];
}

const HOME = '/console/account';
const own = { permission: 'account.own' } as const;

export const accountRoutes: ConsoleRoute[] = [
  { method: 'get', path: HOME, ...own, run: (deps, call) => account(deps, call) },
  {
    method: 'post',
    path: `${HOME}/profile`,
    ...own,
    run: async (deps, call) => {
      const name = (call.form.get('name') ?? '').trim();
      const language = call.form.get('language') === 'en' ? 'en' : 'ja';
      if (name === '' || name.length > 100)
        return account(deps, call, ACCOUNT_TEXTS[call.language].profile.fault);
      await changeProfile(deps, call.merchant, call.user, { name, language });
      return redirect(`${HOME}?done=profile`);
    },
  },
  { method: 'get', path: `${HOME}/confirm`, ...own, run: async (_deps, call) => askPassword(call, false) },
  {
    method: 'post',
    path: `${HOME}/confirm`,
    ...own,
    run: async (deps, call) => {
      const right = await confirm(deps, call.merchant, call, call.form.get('password') ?? '');
      if (!right) return askPassword(call, true);
      return redirect(safePath(call.form.get('next') ?? '') || HOME);
    },
  },
  {
    method: 'post',
    path: `${HOME}/sessions/end`,
    ...own,
    run: async (deps, call) => {
      await endOthers(deps, call.merchant, call, call.form.get('login'));
      return redirect(`${HOME}?done=ended`);
    },
  },
];

/** What changes factors asks for the password first, and then goes on where it was. */
export function confirmed(
  to: string,
  run: (deps: Deps, call: ConsoleCall) => Promise<ConsoleAnswer>,
): ConsoleRoute['run'] {
  return async (deps, call) =>
    isConfirmed(call.login, deps) ? run(deps, call) : redirect(withNext(`${HOME}/confirm`, to));
}

function askPassword({ language, query, form }: ConsoleCall, wrong: boolean): ConsoleAnswer {
  const t = ACCOUNT_TEXTS[language].confirm;
  const next = safePath(form.get('next') ?? query.get('next') ?? '');
  const data: AskData = {
    said: wrong ? { text: t.wrong, bad: true } : null,
    lead: t.lead,
    facts: [],
    action: `${HOME}/confirm`,
    hidden: { next },
    fields: [
      {
        name: 'password',
        type: 'password',
        label: t.label,
        value: '',
        autocomplete: 'current-password',
        first: true,
      },
    ],
    go: t.go,
    links: [{ text: t.back, href: HOME }],
  };
  return page('ask', { title: t.title, place: 'account', data, status: wrong ? 422 : 200 });
}

async function account(deps: Deps, call: ConsoleCall, fault?: string): Promise<ConsoleAnswer> {
  const { user, login, language, query, form } = call;
  const t = ACCOUNT_TEXTS[language];
  const at = (time: Date) => formatTime(language, time, deps.clock.now());
  const [keys, codesLeft, sessions] = await Promise.all([
    passkeysOf(deps, user),
    recoveryCodesLeft(deps.db, user),
    loginsOf(deps, user),
  ]);
  const done = query.get('done') ?? '';
  const text = Object.entries(t.done).find(([code]) => code === done)?.[1];
  const data: AccountData = {
    t,
    said:
      done === 'last'
        ? { text: t.passkeys.last, bad: true }
        : text === undefined
          ? null
          : { text, bad: false },
    loginId: `${user.merchantId}/${user.login}`,
    email: user.email,
    name: { value: form.get('name') ?? user.name, fault },
    language: user.language,
    totp: user.totpSecretId !== null,
    passkeys: keys.map(({ id, name, lastUsedAt }) => ({
      id,
      name,
      used: lastUsedAt === null ? t.passkeys.never : at(lastUsedAt),
    })),
    codesLeft,
    sessions: sessions.map((each) => ({
      id: each.id,
      device: deviceOf(each.userAgent) || t.sessions.unknown,
      address: each.ip ?? '',
      seen: at(each.seenAt),
      here: each.id === login.id,
    })),
  };
  const status = fault === undefined ? 200 : 422;
  return page('account', { title: t.title, place: 'account', data, status });
}
