import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { checkValueOf, combineShares, drawShares, readShare, wipe, writeShare } from '../vault/kek-shares.ts';
import { kekIdOf } from '../vault/key-provider.ts';

/** `keys generate-kek SHARE_1 SHARE_2`: nothing secret is printed, no file is overwritten, each is of mode 0600. */
export function generateKek([first = '', second = '']: string[]): number {
  const { kekId, checkValue, shares } = drawShares();
  create(first, writeShare(shares[0], 1));
  create(second, writeShare(shares[1], 2));
  wipe(...shares);
  process.stdout.write(`${kekId}  check value ${checkValue}\n`);
  process.stdout.write(`share 1 is in ${first}, share 2 in ${second}: one for each custodian\n`);
  return 0;
}

/** `keys combine-kek SHARE_1 SHARE_2 FILE`: the new key becomes the first line, the one before the second. */
export function combineKek([first = '', second = '', file = '']: string[]): number {
  const shares = [readShare(readFileSync(first, 'utf8')), readShare(readFileSync(second, 'utf8'))] as const;
  const kek = combineShares(...shares);
  wipe(...shares);
  const bytes = kek.export();
  const before = existsSync(file) ? readFileSync(file, 'utf8').split(/\s+/)[0] : '';
  const unfinished = `${file}.new`;
  create(unfinished, `${bytes.toString('base64')}\n${before ? `${before}\n` : ''}`);
  bytes.fill(0);
  renameSync(unfinished, file);
  process.stdout.write(`${kekIdOf(kek)}  check value ${checkValueOf(kek)}\n`);
  process.stdout.write(`it is the first key of ${file}${before ? '; the one before is the second' : ''}\n`);
  return 0;
}

/** Throws when there is such a file. */
function create(path: string, text: string): void {
  const file = openSync(path, 'wx', 0o600);
  try {
    writeSync(file, text);
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
}
