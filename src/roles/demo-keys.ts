import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const DemoKeys = z.object({
  KEY_ENCRYPTION_KEY: z.string(),
  SIGNING_KEY_TEST: z.string(),
  SIGNING_KEY_LIVE: z.string(),
});

/**
 * Keys for a machine that was given none: drawn once and kept in DATA_DIR/keys.json (mode 0600), as
 * environment variables. Of several processes that start at once one writes the file and all read it.
 */
export function demoKeys(dataDir: string): z.infer<typeof DemoKeys> {
  const file = join(dataDir, 'keys.json');
  if (!existsSync(file)) {
    const draw = () => randomBytes(32).toString('base64');
    const keys = { KEY_ENCRYPTION_KEY: draw(), SIGNING_KEY_TEST: draw(), SIGNING_KEY_LIVE: draw() };
    const unfinished = `${file}.${randomBytes(4).toString('hex')}`;
    writeFileSync(unfinished, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 });
    try {
      linkSync(unfinished, file);
    } catch (error) {
      if (!existsSync(file)) throw error;
    } finally {
      rmSync(unfinished, { force: true });
    }
  }
  return DemoKeys.parse(JSON.parse(readFileSync(file, 'utf8')));
}
