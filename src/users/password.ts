import { hash, verify } from '@node-rs/argon2';
import type { UserRow } from './logins.ts';

/** PCI DSS 8.3.6 and 8.3.7; Argon2id with the figures OWASP names (19 MiB, 2 passes), which are the library's. */
export const SHORTEST = 12;
const LONGEST = 200;

export type PasswordFault = 'short' | 'long' | 'plain' | 'common' | 'own_name' | 'used_before';

export function hashPassword(password: string): Promise<string> {
  return hash(normal(password));
}

/** Whether it is the password of this hash. Without a hash it takes as long, and is wrong. */
export async function isPassword(known: string | null, password: string): Promise<boolean> {
  nobodys ??= hashPassword('nobody has this password');
  const right = await verify(known ?? (await nobodys), normal(password).slice(0, LONGEST));
  return right && known !== null;
}

let nobodys: Promise<string> | undefined;

type Owner = Pick<UserRow, 'merchantId' | 'login' | 'name' | 'passwordHash' | 'formerPasswordHashes'>;

/** What is wrong with a new password; null when nothing is. */
export async function passwordFault(user: Owner, password: string): Promise<PasswordFault | null> {
  const text = normal(password);
  if (text.length < SHORTEST) return 'short';
  if (text.length > LONGEST) return 'long';
  if (!/\p{L}/u.test(text) || !/\p{N}/u.test(text)) return 'plain';
  const low = text.toLowerCase();
  const own = [user.merchantId, user.login, ...user.name.split(/\s+/)].map((each) => each.toLowerCase());
  if (own.some((each) => each.length > 3 && low.includes(each))) return 'own_name';
  if (isCommon(low)) return 'common';
  const before = [user.passwordHash, ...user.formerPasswordHashes];
  for (const known of before) if (known !== null && (await isPassword(known, text))) return 'used_before';
  return null;
}

/** The columns of a user with this new password: the last four cannot come back. */
export async function newPassword(user: Owner, password: string) {
  const former = [user.passwordHash, ...user.formerPasswordHashes].filter((each) => each !== null);
  return { passwordHash: await hashPassword(password), formerPasswordHashes: former.slice(0, 4) };
}

/** However a keyboard composes its letters (RFC 8265, 4.2). */
function normal(password: string): string {
  return password.normalize('NFC');
}

/** What lists of stolen passwords are full of, as it stands when digits are read as the letters that they replace. */
const COMMON = `
  password passwort passw pass qwerty qwertz azerty asdfgh asdf zxcvbn zxcv qazwsx wsxedc abcdefghijkl abcdefgh abcdef abcd
  abc letmein welcome admin administrator root login user guest test master dragon monkey football baseball sunshine princess
  iloveyou trustno superman batman pokemon nintendo starwars whatever hello secret changeme default summer winter spring autumn
  payment payresort resort merchant console company sakura tokyo osaka japan nippon pasuwado aishiteru doraemon naruto totoro
  january february march april june july august september october november december monday friday iphone google samsung apple`;
const LETTERS: Record<string, string> = {
  '0': 'o',
  '1': 'l',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};

function isCommon(text: string): boolean {
  const words = new RegExp(`^(${COMMON.trim().split(/\s+/).join('|')})+$`);
  const read = text.replace(/[0134578@$!]/g, (sign) => LETTERS[sign] ?? sign);
  const bare = [text, read, read.replaceAll('l', 'i')].map((each) => each.replace(/[^a-z]/g, ''));
  const ends = text.replace(/^[^a-z]+|[^a-z]+$/g, '');
  const endsRead = ends.replace(/[0134578@$!]/g, (sign) => LETTERS[sign] ?? sign);
  return new Set(text).size < 5 || [...bare, endsRead].some((each) => words.test(each));
}
