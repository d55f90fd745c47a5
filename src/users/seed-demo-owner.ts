import { users } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { newId } from '../lib/ids.ts';
import { DEMO_MERCHANT, deriveDemo } from '../merchants/seed-demo.ts';
import { findUser } from './log-in.ts';
import { hashPassword } from './password.ts';
import { sealTotp } from './totp.ts';

/** What DATA_DIR/demo.json tells of the demo merchant's owner (contract, section 10). */
export interface DemoOwner {
  /** What is typed as the merchant ID; the user may stay empty, there is one owner. */
  login_id: string;
  password: string;
  /** Base32. */
  totp_secret: string;
}

/**
 * Makes the owner of the demo merchant, with password and TOTP secret of this machine's own. What somebody has changed
 * in the console since then stays changed. Never in production.
 */
export async function seedDemoOwner(deps: Deps): Promise<DemoOwner> {
  const { config, clock } = deps;
  if (config.production || config.keys === null) throw new Error('the demo owner is not for production');
  const { privateKey } = config.keys.signing.test;
  const words = textOf(deriveDemo(privateKey, 'password'), '23456789abcdefghjkmnpqrstuvwxyz');
  const owner: DemoOwner = {
    login_id: DEMO_MERCHANT,
    password: `demo-${words.slice(0, 6)}-${words.slice(6, 12)}-1`,
    totp_secret: textOf(deriveDemo(privateKey, 'totp'), 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'),
  };
  if ((await findUser(deps, DEMO_MERCHANT, 'owner')) !== null) return owner;
  const now = clock.now();
  await deps.db
    .insert(users)
    .values({
      merchantId: DEMO_MERCHANT,
      id: newId('usr', now),
      login: 'owner',
      name: '小春 花子',
      email: 'owner@koharu.example',
      role: 'owner',
      language: 'ja',
      status: 'active',
      passwordHash: await hashPassword(owner.password),
      totpSecretId: await sealTotp(deps, { merchantId: DEMO_MERCHANT }, owner.totp_secret, null),
      createdAt: now,
    })
    .onConflictDoNothing();
  return owner;
}

/** One character for each byte. */
function textOf(bytes: Uint8Array, alphabet: string): string {
  return Array.from(bytes, (byte) => alphabet.charAt(byte % alphabet.length)).join('');
}
