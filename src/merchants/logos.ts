import { createHash } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import { imageSize } from 'image-size';
import { logos } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import type { Merchant } from './merchant.ts';

export type LogoRow = typeof logos.$inferSelect;

/** What may be uploaded. Pixels of the shorter and the longer side. */
export const LOGO_LIMITS = { bytes: 256 * 1024, least: 64, most: 2_000 } as const;

const TYPES: Record<string, LogoRow['type']> = { png: 'image/png', jpg: 'image/jpeg', webp: 'image/webp' };

export type LogoFault = 'too_large' | 'not_a_picture' | 'too_small' | 'too_wide';

/** Keeps an uploaded picture; answers the path at which it is served, or what is wrong with it. */
export async function storeLogo(
  deps: Pick<Deps, 'db' | 'clock'>,
  { merchantId }: Pick<Merchant, 'merchantId'>,
  content: Buffer,
): Promise<{ path: string } | { fault: LogoFault }> {
  if (content.length > LOGO_LIMITS.bytes) return { fault: 'too_large' };
  const read = readPicture(content);
  if (read === null) return { fault: 'not_a_picture' };
  if (Math.min(read.width, read.height) < LOGO_LIMITS.least) return { fault: 'too_small' };
  if (Math.max(read.width, read.height) > LOGO_LIMITS.most) return { fault: 'too_wide' };
  const hash = createHash('sha256').update(content).digest('hex');
  const row = { merchantId, hash, type: read.type, content, createdAt: deps.clock.now() };
  await deps.db.insert(logos).values(row).onConflictDoNothing();
  return { path: `/logos/${merchantId}/${hash}` };
}

export async function findLogo(
  { db }: Pick<Deps, 'db'>,
  merchantId: string,
  hash: string,
): Promise<LogoRow | null> {
  const [row] = await db
    .select()
    .from(logos)
    .where(and(eq(logos.merchantId, merchantId), eq(logos.hash, hash)));
  return row ?? null;
}

/** Its kind is read from the bytes, whatever the upload said it was. */
function readPicture(content: Buffer): { type: LogoRow['type']; width: number; height: number } | null {
  try {
    const { type: kind = '', width, height } = imageSize(content);
    const type = TYPES[kind];
    return type === undefined ? null : { type, width, height };
  } catch {
    return null;
  }
}
