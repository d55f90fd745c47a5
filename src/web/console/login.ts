import type { Deps } from '../../deps.ts';
import { LOGIN_TEXTS } from '../../i18n/console/login.ts';
import { passPassword } from '../../users/log-in.ts';
import { endLogin } from '../../users/logins.ts';
import type { AskData, Field } from './ask.ts';
import { type OutsideCall, type OutsideRoute, wayOf } from './outside.ts';
import { type ConsoleAnswer, page, redirect } from './route.ts';

/** The first factor: merchant ID, user, password. */
export const loginRoutes: OutsideRoute[] = [
  {
    method: 'get',
    path: '/console/login',
    run: async (deps, call) => {
      const stage = call.known?.login.stage;
      if (stage === 'complete') return redirect(wayOf(stage, call.next));
      return askLogin(deps, call, { said: doneOf(call) });
    },
  },
  { method: 'post', path: '/console/login', run: logIn },
];

async function logIn(deps: Deps, call: OutsideCall): Promise<ConsoleAnswer> {
  const t = LOGIN_TEXTS[call.language];
  const { merchantId, login } = readWho(call.form);
  const password = call.form.get('password') ?? '';
  if (merchantId.startsWith('D1')) return pointToOlder(deps, call, merchantId);
  const faults = {
    login_id: merchantId === '' ? t.missing : /^A1\d{8}$/.test(merchantId) ? undefined : t.notOurs,
    password: password === '' ? t.missing : undefined,
  };
  if (faults.login_id ?? faults.password) return askLogin(deps, call, { faults, status: 422 });
  const passed = await passPassword(deps, call.knock, { merchantId, login, password });
  if (passed.kind === 'busy') return askLogin(deps, call, { said: bad(t.busy), status: 429 });
  if (passed.kind === 'refused') return askLogin(deps, call, { said: bad(t.refused), status: 422 });
  if (call.known !== null) await endLogin(deps, call.known.user, call.known.login.id);
  return { ...redirect(wayOf(passed.stage, call.next)), capability: passed.capability };
}

/**
 * Merchant ID and user from two fields, or both from the first one as `A100000001/hanako`, which is what password
 * managers keep. Who has one field filled in has it read as the merchant ID.
 */
export function readWho(form: URLSearchParams): { merchantId: string; login: string | null } {
  const clean = (name: string) => (form.get(name) ?? '').normalize('NFKC').trim();
  const user = clean('user');
  const [merchantId = '', login = ''] = (clean('login_id') || user).split(/[/\s]+/);
  const named = login || (user.startsWith(merchantId) ? '' : user);
  return { merchantId: merchantId.toUpperCase(), login: named === '' ? null : named.toLowerCase() };
}

function askLogin(
  deps: Deps,
  { language, form, query, next }: OutsideCall,
  more: { said?: AskData['said']; faults?: Record<string, string | undefined>; status?: number },
): ConsoleAnswer {
  const t = LOGIN_TEXTS[language];
  const typed = (name: string) => form.get(name) ?? query.get(name) ?? '';
  const older = deps.config.olderServiceUrl;
  const data: AskData = {
    said: more.said ?? null,
    lead: null,
    facts: [],
    action: '/console/login',
    hidden: next === '' ? {} : { next },
    fields: [
      ...whoFields(language, typed, more.faults),
      { ...passwordField(t.login.password), fault: more.faults?.password },
    ],
    go: t.login.go,
    links: [
      { text: t.login.forgot, href: '/console/forgot' },
      ...(older === null ? [] : [{ text: t.login.older, href: older }]),
    ],
  };
  return page('ask', { title: t.login.title, place: 'home', data, status: more.status });
}

/** The fields that say who; the browser's own memory fills in the first one. */
export function whoFields(
  language: OutsideCall['language'],
  typed: (name: string) => string,
  faults: Record<string, string | undefined> = {},
): Field[] {
  const t = LOGIN_TEXTS[language].login;
  const { merchant: label, merchantHint: hint, user, userHint } = t;
  const value = typed('login_id');
  return [
    { name: 'login_id', label, hint, value, autocomplete: 'username', fault: faults.login_id, plain: true },
    { name: 'user', label: user, hint: userHint, value: typed('user'), plain: true },
  ];
}

function passwordField(label: string): Field {
  return { name: 'password', type: 'password', label, value: '', autocomplete: 'current-password' };
}

function pointToOlder({ config }: Deps, { language }: OutsideCall, id: string): ConsoleAnswer {
  const t = LOGIN_TEXTS[language].olderService;
  const older = config.olderServiceUrl;
  const shown = /^D1\d{8}$/.test(id) ? id : 'D1…';
  const data = {
    text: older === null ? `${t.text(shown)} ${t.noAddress}` : t.text(shown),
    action: older === null ? { text: t.back, href: '/console/login' } : { text: t.go, href: older },
  };
  return page('message', { title: t.title, place: 'home', data });
}

function doneOf({ language, query }: OutsideCall): AskData['said'] {
  const done = query.get('done');
  const t = LOGIN_TEXTS[language].done;
  return done === 'out' || done === 'reset' || done === 'ended' ? { text: t[done], bad: false } : null;
}

function bad(text: string): AskData['said'] {
  return { text, bad: true };
}
