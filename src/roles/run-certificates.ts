import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Config } from '../config.ts';
import { DAY, plus, wallClock } from '../lib/clock.ts';
import { makeTestCa } from '../lib/test-ca.ts';
import { certificateInventory, urgencyOf } from '../threeds/certificates.ts';

/** 0 all good; 1 failed; 2 asked wrongly; 3 something is to be renewed or cannot be read, and was said. */
const GOOD = 0;
const ASKED_WRONGLY = 2;
const TO_RENEW = 3;

const USAGE = `certificates                what there is for the Directory Servers, and until when
certificates make-test DIR  a test authority and its certificates, for mutual TLS with the simulator
`;

/** `certificates …`: for the ways to and from the Directory Servers (docs/certificates.md). Answers the exit code. */
export async function runCertificates(args: string[], readConfig: () => Promise<Config>): Promise<number> {
  const [name, folder] = args;
  if (name === undefined) return list(await readConfig());
  if (name === 'make-test' && folder !== undefined) return makeTest(await readConfig(), resolve(folder));
  process.stderr.write(USAGE);
  return ASKED_WRONGLY;
}

function list(config: Config): number {
  const now = wallClock.now();
  const inventory = certificateInventory(config);
  let code = GOOD;
  for (const each of inventory) {
    if ('fault' in each) {
      code = TO_RENEW;
      say(`${each.name}  unreadable: ${each.fault}`);
      continue;
    }
    const { subject, issuer, serial, notAfter } = each;
    const urgency = urgencyOf(each, now);
    if (urgency !== 'good') code = TO_RENEW;
    const days = Math.floor((notAfter.getTime() - now.getTime()) / DAY);
    say(`${each.name}  ${urgency}  ${notAfter.toISOString()} (${days} days)`);
    say(`    subject: ${subject}\n    issuer:  ${issuer}\n    serial:  ${serial}`);
  }
  if (inventory.length === 0) say('No certificates are configured.');
  return code;
}

const TEST_DAYS = 365;

/** Writes the files and prints the variables that use them, as a shell reads them. */
function makeTest(config: Config, folder: string): number {
  const validity = {
    notBefore: plus(wallClock.now(), -DAY),
    notAfter: plus(wallClock.now(), TEST_DAYS * DAY),
  };
  const ca = makeTestCa({ name: 'PayResort+ test DS CA', ...validity });
  const hosts = ['localhost', '127.0.0.1'];
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = (file: string) => join(folder, file);
  writeFileSync(path('ca.crt'), ca.cert);
  for (const name of ['3ds-server', 'results', 'directory-server']) {
    const { cert, key } = ca.issue({ name: `PayResort+ test ${name}`, hosts, ...validity });
    writeFileSync(path(`${name}.crt`), cert);
    writeFileSync(path(`${name}.key`), key, { mode: 0o600 });
  }
  const [dsPort, resultsPort] = [config.port + 5, config.port + 6];
  const variables = {
    TEST_DS_URL: `https://localhost:${dsPort}/ds/{brand}`,
    TEST_DS_CLIENT_CERT: path('3ds-server.crt'),
    TEST_DS_CLIENT_KEY: path('3ds-server.key'),
    TEST_DS_CA: path('ca.crt'),
    TEST_RESULTS_URL: `https://localhost:${resultsPort}`,
    TEST_RESULTS_PORT: resultsPort,
    TEST_RESULTS_CERT: path('results.crt'),
    TEST_RESULTS_KEY: path('results.key'),
    SIMULATOR_DS_PORT: dsPort,
    SIMULATOR_DS_CERT: path('directory-server.crt'),
    SIMULATOR_DS_KEY: path('directory-server.key'),
    SIMULATOR_DS_CA: path('ca.crt'),
  };
  for (const [name, value] of Object.entries(variables)) say(`export ${name}='${value}'`);
  return GOOD;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
