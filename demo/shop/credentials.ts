import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

/** What a merchant gets from PayResort+ when it signs up; here from a file that the demo writes. */
const CredentialsShape = z.object({
  base_url: z.url(),
  merchant_id: z.string(),
  secret_key: z.string().regex(/^sk_(test|live)_/),
  publishable_key: z.string().regex(/^pk_(test|live)_/),
  entry_secret: z.string().startsWith('esec_'),
  webhook_secret: z.string().startsWith('whsec_'),
});
export type Credentials = z.infer<typeof CredentialsShape>;

/** Waits until the file is there and whole. */
export async function readCredentials(path: string, stopped: AbortSignal): Promise<Credentials> {
  while (!existsSync(path)) await sleep(100, null, { signal: stopped });
  return CredentialsShape.parse(JSON.parse(readFileSync(path, 'utf8')));
}

export function modeOf({ secret_key }: Credentials): 'test' | 'live' {
  return secret_key.startsWith('sk_live_') ? 'live' : 'test';
}
