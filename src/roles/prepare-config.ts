import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Config, readConfig } from '../config.ts';
import { demoKeys } from './demo-keys.ts';
import { anyPort, choosePorts } from './ports.ts';

export type Role =
  | 'all'
  | 'serve'
  | 'web'
  | 'worker'
  | 'migrate'
  | 'simulator'
  | 'keys'
  | 'integrity'
  | 'certificates'
  | 'mail'
  | 'audit'
  | 'user'
  | 'merchant';
type Variables = Record<string, string | undefined>;

/**
 * The configuration of this process. Outside production what is missing is filled in: keys and, for one
 * machine, ports, both kept in DATA_DIR. Throws `ConfigError` with every fault.
 */
export async function prepareConfig(role: Role, environment: Variables): Promise<Config> {
  const given = readConfig(environment);
  if (given.production) return given;
  const dataDir = resolve(given.dataDir);
  mkdirSync(dataDir, { recursive: true });
  const needsKeys = role !== 'simulator' && role !== 'migrate' && role !== 'certificates';
  const keys = needsKeys && given.keys === null ? demoKeys(dataDir) : {};
  const ports = await portsFor(role, given.port, environment, dataDir);
  return readConfig({ ...keys, ...present(environment), ...ports, DATA_DIR: dataDir });
}

async function portsFor(
  role: Role,
  port: number,
  environment: Variables,
  dataDir: string,
): Promise<Variables> {
  if (role === 'all') return choosePorts(port, environment, dataDir);
  return role === 'web' && port === 0 ? { PORT: String(await anyPort()) } : {};
}

function present(environment: Variables): Variables {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
}
