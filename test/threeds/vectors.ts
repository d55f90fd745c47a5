import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../src/lib/root.ts';

/** A recorded message (`test/vectors/threeds/README.md`). */
export interface Case {
  name: string;
  version: string;
  message: Record<string, unknown>;
  /** CReqs: the Base64 text it was found in. */
  encoded?: string;
}

const FILES = ['areq', 'ares', 'creq', 'cres', 'rreq', 'rres', 'preq', 'pres', 'erro'] as const;
export type Family = (typeof FILES)[number];

export function vectors(family: Family): Case[] {
  return readVectors<{ cases: Case[] }>(`threeds/${family}.json`).cases;
}

export function vector(family: Family, name: string): Case {
  const found = vectors(family).find((each) => each.name === name);
  if (found === undefined) throw new Error(`no ${family} ${name}`);
  return found;
}

/** The type is the file's own, as its README has it. */
export function readVectors<T>(path: string): T {
  return JSON.parse(readFileSync(join(ROOT, 'test/vectors', path), 'utf8'));
}
