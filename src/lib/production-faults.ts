/** What may be asked of a text variable of the environment. */
type Variables = Readonly<Partial<Record<Name, string | undefined>>>;
type Name =
  | (typeof REQUIRED)[number]
  | (typeof KEYS)[number]
  | keyof typeof TEST_OF
  | 'TEST_DS_URL'
  | 'TEST_VOUCHER_URL'
  | 'TEST_ACQUIRER'
  | 'KEY_ENCRYPTION_KEY_FILE'
  | 'KILL_AT';

const REQUIRED = [
  'PUBLIC_URL',
  'DATABASE_URL',
  'SMTP_URL',
  'KEY_ENCRYPTION_KEY',
  'SIGNING_KEY_TEST',
  'SIGNING_KEY_LIVE',
  'LIVE_DS_URL',
  'LIVE_ACQUIRER',
] as const;

/** What production refuses to start with: what is missing, a demo value, or points where no live network is. */
export function productionFaults(env: Variables): string[] {
  const inFile = env.KEY_ENCRYPTION_KEY_FILE !== undefined;
  const faults: string[] = REQUIRED.filter(
    (name) => env[name] === undefined && !(name === 'KEY_ENCRYPTION_KEY' && inFile),
  ).map((name) => `${name}: is missing`);
  if (inFile && (env.KEY_ENCRYPTION_KEY ?? env.KEY_ENCRYPTION_KEY_PREVIOUS) !== undefined) {
    faults.push('KEY_ENCRYPTION_KEY_FILE: is instead of KEY_ENCRYPTION_KEY and KEY_ENCRYPTION_KEY_PREVIOUS');
  }
  if (env.PUBLIC_URL?.startsWith('http:')) faults.push('PUBLIC_URL: must be https in production');
  if (env.KILL_AT !== undefined) faults.push('KILL_AT: is for tests, not for production');
  for (const name of ['LIVE_DS_URL', 'LIVE_ACQUIRER', 'LIVE_VOUCHER_URL'] as const) {
    const value = env[name];
    if (value === undefined) continue;
    if (value === env[TEST_OF[name]]) {
      faults.push(`${name}: is the same as the test network`);
    }
    if (/(^|\/\/)(localhost|127\.|\[?::1)/i.test(value)) faults.push(`${name}: points at loopback`);
  }
  for (const name of KEYS) {
    const value = env[name];
    if (value !== undefined && isWeakKey(value)) faults.push(`${name}: is a demo value, make a random one`);
  }
  if (env.SIGNING_KEY_TEST !== undefined && env.SIGNING_KEY_TEST === env.SIGNING_KEY_LIVE) {
    faults.push('SIGNING_KEY_LIVE: must differ from SIGNING_KEY_TEST');
  }
  return faults;
}

const TEST_OF = {
  LIVE_DS_URL: 'TEST_DS_URL',
  LIVE_ACQUIRER: 'TEST_ACQUIRER',
  LIVE_VOUCHER_URL: 'TEST_VOUCHER_URL',
} as const;

const KEYS = [
  'KEY_ENCRYPTION_KEY',
  'KEY_ENCRYPTION_KEY_PREVIOUS',
  'SIGNING_KEY_TEST',
  'SIGNING_KEY_LIVE',
  'TEST_VOUCHER_KEY',
  'LIVE_VOUCHER_KEY',
] as const;

/** What `main` takes out of its environment once it is read: children and crash reports do not get it. */
export const SECRET_VARIABLES: readonly string[] = [
  ...KEYS,
  'SMTP_URL',
  'TEST_DS_CLIENT_KEY',
  'TEST_RESULTS_KEY',
  'LIVE_DS_CLIENT_KEY',
  'LIVE_RESULTS_KEY',
  'SIMULATOR_DS_KEY',
];

/** A key of few different bytes was typed, not drawn. */
function isWeakKey(text: string): boolean {
  return new Set(Buffer.from(text, 'base64')).size < 16;
}
