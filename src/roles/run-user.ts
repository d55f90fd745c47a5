import { z } from 'zod';
import type { Config } from '../config.ts';
import { openDatabase } from '../db/client.ts';
import type { Deps } from '../deps.ts';
import { wallClock } from '../lib/clock.ts';
import { findMerchant, SERVICE } from '../merchants/merchant.ts';
import type { Scene } from '../users/change.ts';
import { findUser } from '../users/log-in.ts';
import type { UserRow } from '../users/logins.ts';
import { enable, invite, inviteAgain, peopleOf, resetFactors } from '../users/people.ts';
import { type IssuedLink, linkOf } from '../users/tokens.ts';
import { openClosers } from './closers.ts';
import { locateDatabase } from './locate-database.ts';

type UserDeps = Pick<Deps, 'db' | 'clock' | 'config'>;

/** 0 done; 1 failed; 2 asked wrongly. */
const DONE = 0;
const FAILED = 1;
const ASKED_WRONGLY = 2;

const USAGE = `user list ID                       who may log in to the merchant's console
user owner ID LOGIN NAME EMAIL     makes an owner; prints a link to begin with, for 72 hours and one use
user invite ID LOGIN               prints a new link for somebody who has not taken theirs up
user factors ID LOGIN              removes a lost second factor: the next login sets up a new one
user enable ID LOGIN               lets somebody in again who was disabled
`;

type OnUser = (deps: UserDeps, scene: Scene, user: UserRow) => Promise<string>;

const ON_USER: Record<string, OnUser> = {
  invite: async (deps, scene, user) => {
    if (user.status !== 'invited') throw new Refused(`${user.login} has taken the invitation up.`);
    return told(deps, user.merchantId, await inviteAgain(deps, scene, user, 'hand'));
  },
  factors: async (deps, scene, user) => {
    await resetFactors(deps, scene, user);
    return `${user.login} sets up a new second factor at the next login.`;
  },
  enable: async (deps, scene, user) => {
    await enable(deps, scene, user);
    return `${user.login} may log in.`;
  },
};

/** `user …`: what the bank's operators do for a merchant's people (docs/users.md). Answers the exit code. */
export async function runUser(args: string[], readConfig: () => Promise<Config>): Promise<number> {
  const [name = '', id = '', ...rest] = args;
  const takes = name === 'list' ? 0 : name === 'owner' ? 3 : Object.hasOwn(ON_USER, name) ? 1 : -1;
  if (id === '' || takes !== rest.length) return ended(USAGE, ASKED_WRONGLY);
  const closers = openClosers();
  try {
    const config = await locateDatabase(await readConfig(), closers);
    const { db, close } = openDatabase(config.databaseUrl, 2);
    closers.add(close);
    const deps: UserDeps = { db, clock: wallClock, config };
    if ((await findMerchant(deps, id, 'live')) === null) throw new Refused(`There is no merchant ${id}.`);
    const scene: Scene = { merchantId: id, mode: 'live', acting: SERVICE };
    process.stdout.write(`${await run(deps, scene, name, rest)}\n`);
    return DONE;
  } catch (error) {
    if (error instanceof Refused) return ended(`${error.message}\n`, FAILED);
    if (error instanceof z.ZodError) return ended(faultsOf(error), ASKED_WRONGLY);
    throw error;
  } finally {
    await closers.closeAll();
  }
}

/** What an operator is told instead of a stack. */
class Refused extends Error {}

async function run(deps: UserDeps, scene: Scene, name: string, rest: string[]): Promise<string> {
  const [login = '', fullName, email] = rest;
  if (name === 'list') {
    const people = await peopleOf(deps, scene.merchantId);
    return people
      .map((user) => [user.login, user.role, user.status, user.email, user.name].join('  '))
      .join('\n');
  }
  if (name === 'owner') {
    const input = NewOwner.parse({ login, name: fullName, email });
    const made = await invite(deps, scene, { ...input, role: 'owner', language: 'ja' }, 'hand');
    if (made === null) throw new Refused(`There is a user ${input.login} already.`);
    return told(deps, scene.merchantId, made.link);
  }
  const user = await findUser(deps, scene.merchantId, login.toLowerCase());
  const work = ON_USER[name];
  if (user === null || work === undefined) throw new Refused(`There is no user ${login}.`);
  return work(deps, scene, user);
}

const NewOwner = z.object({
  login: z
    .string()
    .toLowerCase()
    .regex(/^[a-z0-9][a-z0-9._-]{2,39}$/, 'LOGIN must be 3 to 40 letters, digits and . _ -'),
  name: z.string().trim().min(1, 'NAME must not be empty').max(100),
  email: z.email('EMAIL must be an address'),
});

/** The link is told here alone, and to whoever it is for by a way of the operator's own. */
function told({ config }: UserDeps, merchantId: string, { kind, seed, expiresAt }: IssuedLink): string {
  return `${linkOf(config, merchantId, kind, seed)}\nworks once, until ${expiresAt.toISOString()}`;
}

function faultsOf(error: z.ZodError): string {
  return error.issues.map(({ message }) => `${message}\n`).join('');
}

function ended(text: string, code: number): number {
  process.stderr.write(text);
  return code;
}
