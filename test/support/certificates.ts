import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DAY, plus, wallClock } from '../../src/lib/clock.ts';
import { makeTestCa } from '../../src/lib/test-ca.ts';
import type { TlsFiles } from '../../src/lib/tls.ts';

export interface IssueOptions {
  hosts?: string[];
  /** From now; negative for one that has ended. */
  days?: number;
}

/** An authority of one test, and what it issues, as files. */
export function testAuthority(name = 'Test CA') {
  const folder = mkdtempSync(join(tmpdir(), 'certificates-'));
  const lasting = (days: number) => ({
    notBefore: plus(wallClock.now(), -100 * DAY),
    notAfter: plus(wallClock.now(), days * DAY),
  });
  const ca = makeTestCa({ name, ...lasting(365) });
  const caFile = join(folder, 'ca.crt');
  writeFileSync(caFile, ca.cert);
  const write = (
    as: string,
    { hosts = ['localhost', '127.0.0.1'], days = 90 }: IssueOptions = {},
  ): TlsFiles => {
    const files = { cert: join(folder, `${as}.crt`), key: join(folder, `${as}.key`), ca: [caFile] };
    const { cert, key } = ca.issue({ name: as, hosts, ...lasting(days) });
    writeFileSync(files.cert, cert);
    writeFileSync(files.key, key);
    return files;
  };
  return { folder, caFile, write };
}
