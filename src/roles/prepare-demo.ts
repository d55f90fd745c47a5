import { randomBytes } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import postgres from 'postgres';
import type { Config } from '../config.ts';
import { withLock } from '../db/locks.ts';
import type { Deps } from '../deps.ts';
import { seedDemo } from '../merchants/seed-demo.ts';
import { seedDemoOwner } from '../users/seed-demo-owner.ts';

/**
 * Makes the demo merchant and writes DATA_DIR/demo.json (mode 0600), which tells its keys and every address
 * (contract, section 10). Of several processes at once one seeds, the rest find what it made.
 */
export async function prepareDemo(deps: Deps, databaseUrl: string): Promise<void> {
  const client = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  try {
    await withLock(client, 'seed', async () => {
      const credentials = await seedDemo(deps);
      const console = { url: consoleUrl(deps.config), ...(await seedDemoOwner(deps)) };
      writeDemo(deps.config, { ...addresses(deps.config), ...credentials, console, admin: null });
    });
  } finally {
    await client.end({ timeout: 5 });
  }
}

export function demoFile(config: Config): string {
  return join(config.dataDir, 'demo.json');
}

export function consoleUrl(config: Config): string {
  return `${config.publicUrl}/console`;
}

export function shopUrl(config: Config): string {
  return `http://127.0.0.1:${config.ports.shop}`;
}

export function tokenShopUrl(config: Config): string {
  return `http://127.0.0.1:${config.ports.tokenShop}`;
}

export function simulatorUrl(config: Config): string {
  return `http://127.0.0.1:${config.ports.simulator}`;
}

function addresses(config: Config): Record<string, string> {
  return {
    base_url: config.publicUrl,
    simulator_url: simulatorUrl(config),
    shop_url: shopUrl(config),
    token_shop_url: tokenShopUrl(config),
  };
}

function writeDemo(config: Config, demo: Record<string, unknown>): void {
  const unfinished = `${demoFile(config)}.${randomBytes(4).toString('hex')}`;
  writeFileSync(unfinished, `${JSON.stringify(demo, null, 2)}\n`, { mode: 0o600 });
  renameSync(unfinished, demoFile(config));
}
