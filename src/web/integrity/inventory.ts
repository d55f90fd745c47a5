import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ROOT } from '../../lib/root.ts';
import { TOKEN_SCRIPTS } from '../fields/script.ts';
import { servedFiles } from '../static.ts';

/**
 * `views/inventory.json`: every script and style sheet of the payment pages, why it is there, and its hash as it is
 * served (PCI DSS 6.4.3). It is written by people; a test fails as soon as a file differs from it or is not in it.
 */
const Entry = z.strictObject({
  file: z.string(),
  /** Why the page needs it. Empty = not authorised. */
  purpose: z.string(),
  /** Kinds of page that load it (`check-token.ts`), or `shop`: merchants' own pages. */
  pages: z.array(z.string()),
  integrity: z.string(),
});
export type InventoryEntry = z.infer<typeof Entry>;

const FILE = join(ROOT, 'views/inventory.json');

export function readInventory(): InventoryEntry[] {
  return z.array(Entry).parse(JSON.parse(readFileSync(FILE, 'utf8')));
}

/** Where the inventory and the files differ, a line each. Empty when it is whole and true. */
export function inventoryFaults(listed: InventoryEntry[] = readInventory(), served = allServed()): string[] {
  const byFile = new Map(listed.map((entry) => [entry.file, entry]));
  const faults = served.flatMap(({ file, integrity }) => {
    const entry = byFile.get(file);
    if (entry === undefined) return [`${file}: is served and not in the inventory`];
    if (entry.integrity !== integrity) return [`${file}: was changed, it is now ${integrity}`];
    return entry.purpose.length < 10 ? [`${file}: has no purpose`] : [];
  });
  const gone = listed.filter(({ file }) => !served.some((each) => each.file === file));
  return [...faults, ...gone.map(({ file }) => `${file}: is in the inventory and not served any more`)];
}

/** Takes over the hashes of the files as they are; purposes stay, and are left empty where there is none yet. */
export function writeInventory(): void {
  const byFile = new Map(readInventory().map((entry) => [entry.file, entry]));
  const entries = allServed().map(({ file, integrity }) => {
    const { purpose = '', pages = [] } = byFile.get(file) ?? {};
    return { file, purpose, pages, integrity };
  });
  writeFileSync(FILE, `${JSON.stringify(entries, null, 2)}\n`);
}

function allServed(): { file: string; integrity: string }[] {
  const released = TOKEN_SCRIPTS.map(({ href, integrity }) => ({ file: `views${href}`, integrity }));
  return [...servedFiles(), ...released].sort((a, b) => (a.file < b.file ? -1 : 1));
}
