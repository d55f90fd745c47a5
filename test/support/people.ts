import { generateSync } from 'otplib';
import type { Role } from '../../src/db/schema.ts';
import { users } from '../../src/db/schema.ts';
import { newId } from '../../src/lib/ids.ts';
import type { UserRow } from '../../src/users/logins.ts';
import { hashPassword } from '../../src/users/password.ts';
import { sealTotp } from '../../src/users/totp.ts';
import type { Seen } from './console.ts';
import { recorded } from './transcript.ts';
import type { TestMerchant, World } from './world.ts';

export const PASSWORD = 'tadashii-uma-denchi-1';
export const SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';

/** A user with a password, and with an app unless `totp` is false. */
export async function person(
  { deps }: World,
  { merchantId }: Pick<TestMerchant, 'merchantId'>,
  more: Partial<typeof users.$inferInsert> & { role?: Role; totp?: boolean } = {},
): Promise<UserRow> {
  const { totp = true, ...columns } = more;
  const now = deps.clock.now();
  const [user] = await deps.db
    .insert(users)
    .values({
      merchantId,
      id: newId('usr', now),
      login: `hanako-${newId('usr', now).slice(-6)}`,
      name: '髙橋 花子',
      email: `${newId('usr', now)}@shop.example`,
      role: 'operator',
      language: 'ja',
      status: 'active',
      passwordHash: await hashPassword(PASSWORD),
      totpSecretId: totp ? await sealTotp(deps, { merchantId }, SECRET, null) : null,
      createdAt: now,
      ...columns,
    })
    .returning();
  if (user === undefined) throw new Error('no user');
  return user;
}

/** What the app shows at a time, or so many seconds later. */
export function codeAt(now: Date, secret = SECRET, laterS = 0): string {
  return generateSync({ secret, epoch: Math.floor(now.getTime() / 1_000) + laterS });
}

/** A browser without a page: keeps its cookie, posts forms as our own pages do, follows nothing. */
export class Browsing {
  cookie = '';
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  get(path: string): Promise<Seen> {
    return this.#ask(path, { headers: this.#headers({}) });
  }

  post(path: string, form: Record<string, string> = {}, headers: Record<string, string> = {}): Promise<Seen> {
    const own = { 'Content-Type': 'application/x-www-form-urlencoded', 'Sec-Fetch-Site': 'same-origin' };
    return this.#ask(path, {
      method: 'POST',
      headers: this.#headers({ ...own, ...headers }),
      body: new URLSearchParams(form).toString(),
    });
  }

  async #ask(path: string, init: RequestInit): Promise<Seen> {
    const response = await this.#world.app.request(path, init);
    for (const cookie of response.headers.getSetCookie()) this.cookie = cookie.split(';')[0] ?? '';
    return { status: response.status, headers: response.headers, html: await recorded(response) };
  }

  #headers(more: Record<string, string>): Record<string, string> {
    return {
      ...(this.cookie === '' ? {} : { Cookie: this.cookie }),
      'User-Agent': 'Firefox/140 Linux',
      ...more,
    };
  }
}
