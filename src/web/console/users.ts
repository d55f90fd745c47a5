import type { Deps } from '../../deps.ts';
import { FRAME_TEXTS } from '../../i18n/console/frame.ts';
import { USERS_TEXTS } from '../../i18n/console/users.ts';
import { formatTime } from '../../i18n/format.ts';
import {
  changeRole,
  disable,
  enable,
  invite,
  inviteAgain,
  type NewUser,
  type Person,
  peopleOf,
  personOf,
  resetFactors,
} from '../../users/people.ts';
import { ROLES } from '../../users/policy.ts';
import type { Field } from './ask.ts';
import { type ConsoleAnswer, type ConsoleCall, type ConsoleRoute, page, redirect } from './route.ts';

type Texts = (typeof USERS_TEXTS)['ja'] | (typeof USERS_TEXTS)['en'];
type Said = { text: string; bad: boolean } | null;

interface ShownPerson {
  href: string;
  name: string;
  login: string;
  email: string;
  role: string;
  status: string;
  chip: 'good' | 'waiting' | 'over' | 'bad';
  factors: string;
  last: string;
  self: boolean;
}

export interface UsersData {
  t: Texts;
  said: Said;
  people: ShownPerson[];
  mayWrite: boolean;
}

interface RoleChoice {
  role: string;
  text: string;
  hint: string;
  chosen: boolean;
}

export interface InviteData {
  t: Texts;
  fields: Field[];
  roles: RoleChoice[];
  language: 'ja' | 'en';
}

export interface PersonData {
  t: Texts;
  said: Said;
  person: ShownPerson;
  since: string;
  /** Null where the user may only look, or looks at themselves. */
  acts: { roles: RoleChoice[]; status: Person['status']; hasFactors: boolean } | null;
}

const HOME = '/console/users';

export const userRoutes: ConsoleRoute[] = [
  { method: 'get', path: HOME, permission: 'users.read', run: list },
  {
    method: 'get',
    path: `${HOME}/new`,
    permission: 'users.write',
    run: async (_deps, call) => inviteForm(call, {}),
  },
  { method: 'post', path: HOME, permission: 'users.write', run: create },
  { method: 'get', path: `${HOME}/:id`, permission: 'users.read', run: show },
  act('role', async (deps, call, person) => {
    const role = ROLES.find((known) => known === call.form.get('role'));
    return role === undefined || (await changeRole(deps, call.merchant, person, role)) ? 'role' : null;
  }),
  act('disable', async (deps, call, person) =>
    (await disable(deps, call.merchant, person)) ? 'disabled' : null,
  ),
  act('enable', async (deps, call, person) => {
    if (person.status === 'disabled') await enable(deps, call.merchant, person);
    return 'enabled';
  }),
  act('invitation', async (deps, call, person) => {
    if (person.status === 'invited') await inviteAgain(deps, call.merchant, person);
    return 'invited';
  }),
  act('factors', async (deps, call, person) => {
    await resetFactors(deps, call.merchant, person);
    return 'factors';
  }),
];

type Done = keyof Texts['done'];

/** Something done to another user; null: it would leave no owner. Nobody acts on themselves here. */
function act(
  name: string,
  work: (deps: Deps, call: ConsoleCall, person: Person) => Promise<Done | null>,
): ConsoleRoute {
  return {
    method: 'post',
    path: `${HOME}/:id/${name}`,
    permission: 'users.write',
    run: async (deps, call) => {
      const person = await personOf(deps, call.merchant.merchantId, call.params.id ?? '');
      const at = `${HOME}/${person.id}`;
      if (person.id === call.user.id) return redirect(at);
      const done = await work(deps, call, person);
      return redirect(`${at}?done=${done ?? 'last-owner'}`);
    },
  };
}

async function list(deps: Deps, call: ConsoleCall): Promise<ConsoleAnswer> {
  const t = USERS_TEXTS[call.language];
  const people = await peopleOf(deps, call.merchant.merchantId);
  const shown = people.map((person) => shownPerson(deps, call, person));
  const data = { t, said: saidOf(call), people: shown, mayWrite: call.may('users.write') };
  return page('users', { title: t.title, place: 'users', data });
}

async function show(deps: Deps, call: ConsoleCall): Promise<ConsoleAnswer> {
  const t = USERS_TEXTS[call.language];
  const person = await personOf(deps, call.merchant.merchantId, call.params.id ?? '');
  const acts = call.may('users.write') && person.id !== call.user.id;
  const hasFactors = person.totpSecretId !== null || person.passkeys > 0;
  const data: PersonData = {
    t,
    said: saidOf(call),
    person: shownPerson(deps, call, person),
    since: formatTime(call.language, person.createdAt, deps.clock.now()),
    acts: acts ? { roles: rolesOf(call, person.role), status: person.status, hasFactors } : null,
  };
  return page('user', { title: person.name, place: 'users', data });
}

const LOGIN = /^[a-z0-9][a-z0-9._-]{2,39}$/;
const EMAIL = /^[^\s@<>",;:]{1,64}@[^\s@<>",;:]+\.[^\s@<>",;:]{2,}$/;

async function create(deps: Deps, call: ConsoleCall): Promise<ConsoleAnswer> {
  const t = USERS_TEXTS[call.language];
  const typed = (name: string) => (call.form.get(name) ?? '').normalize('NFKC').trim();
  const input: NewUser = {
    name: (call.form.get('name') ?? '').trim(),
    email: typed('email'),
    login: typed('user').toLowerCase(),
    role: ROLES.find((role) => role === typed('role')) ?? 'operator',
    language: typed('language') === 'en' ? 'en' : 'ja',
  };
  const faults: Record<string, string> = {
    ...(input.name === '' || input.name.length > 100 ? { name: t.faults.name } : {}),
    ...(EMAIL.test(input.email) && input.email.length <= 254 ? {} : { email: t.faults.email }),
    ...(LOGIN.test(input.login) ? {} : { user: t.faults.login }),
  };
  if (Object.keys(faults).length > 0) return inviteForm(call, faults);
  const made = await invite(deps, call.merchant, input);
  return made === null ? inviteForm(call, { user: t.faults.taken }) : redirect(`${HOME}?done=invited`);
}

function inviteForm(call: ConsoleCall, faults: Record<string, string>): ConsoleAnswer {
  const t = USERS_TEXTS[call.language];
  const value = (name: string) => call.form.get(name) ?? '';
  const data: InviteData = {
    t,
    fields: [
      { name: 'name', label: t.invite.name, value: value('name'), fault: faults.name },
      { name: 'email', type: 'email', label: t.invite.email, value: value('email'), fault: faults.email },
      {
        name: 'user',
        label: t.invite.login,
        hint: t.invite.loginHint,
        value: value('user'),
        fault: faults.user,
        plain: true,
      },
    ],
    roles: rolesOf(call, value('role') || 'operator'),
    language:
      value('language') === 'en' || (value('language') === '' && call.language === 'en') ? 'en' : 'ja',
  };
  const status = Object.keys(faults).length > 0 ? 422 : 200;
  return page('user-new', { title: t.invite.title, place: 'users', data, status });
}

function rolesOf({ language }: ConsoleCall, chosen: string): RoleChoice[] {
  const { roles } = FRAME_TEXTS[language];
  const { roleHints } = USERS_TEXTS[language];
  return ROLES.map((role) => ({ role, text: roles[role], hint: roleHints[role], chosen: role === chosen }));
}

function shownPerson(deps: Deps, { language, user }: ConsoleCall, person: Person): ShownPerson {
  const t = USERS_TEXTS[language];
  const now = deps.clock.now();
  const locked = person.lockedUntil !== null && person.lockedUntil > now;
  const factors = [
    ...(person.totpSecretId === null ? [] : [t.factors.totp]),
    ...(person.passkeys === 0 ? [] : [t.factors.passkeys(String(person.passkeys))]),
  ];
  const chips = { active: 'good', invited: 'waiting', disabled: 'over' } as const;
  return {
    href: `${HOME}/${person.id}`,
    name: person.name,
    login: person.login,
    email: person.email,
    role: FRAME_TEXTS[language].roles[person.role],
    status: locked ? t.locked : t.status[person.status],
    chip: locked ? 'bad' : chips[person.status],
    factors: factors.join(', ') || t.factors.none,
    last: person.lastLoginAt === null ? t.never : formatTime(language, person.lastLoginAt, now),
    self: person.id === user.id,
  };
}

function saidOf({ language, query }: ConsoleCall): Said {
  const t = USERS_TEXTS[language];
  const done = query.get('done') ?? '';
  if (done === 'last-owner') return { text: t.lastOwner, bad: true };
  const text = Object.entries(t.done).find(([code]) => code === done)?.[1];
  return text === undefined ? null : { text, bad: false };
}
