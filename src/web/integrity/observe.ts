import { createHash } from 'node:crypto';
import { SAMPLES, type SampleName } from './check-token.ts';
import { loadedFiles } from './parts.ts';

/** What a browser gets: of each page its status, headers that matter and text, of each file its hash. */
export interface Observation {
  pages: Record<SampleName, SeenPage>;
  files: Record<string, SeenFile>;
}

export interface SeenPage {
  status: number;
  headers: Record<string, string>;
  /** With `{token}` where its own token stood. */
  html: string;
}

export interface SeenFile {
  status: number;
  headers: Record<string, string>;
  /** As an `integrity` attribute has it. */
  integrity: string;
}

/** Fetches a path as a browser does. */
export type Get = (path: string) => Promise<Response>;

/** Those that protect a page, and those by which one that stands between could weaken it. */
const HEADERS = [
  'access-control-allow-credentials',
  'access-control-allow-origin',
  'cache-control',
  'clear-site-data',
  'content-security-policy',
  'content-security-policy-report-only',
  'content-type',
  'cross-origin-embedder-policy',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
  'document-policy',
  'integrity-policy',
  'link',
  'location',
  'nel',
  'origin-agent-cluster',
  'permissions-policy',
  'refresh',
  'referrer-policy',
  'report-to',
  'reporting-endpoints',
  'service-worker-allowed',
  'set-cookie',
  'sourcemap',
  'strict-transport-security',
  'x-content-type-options',
  'x-frame-options',
  'x-permitted-cross-domain-policies',
] as const;

/** Merchants' pages load it: it is looked at like our own. */
const SHOPS_LOAD = '/js/token.js';

/** Looks at every kind of page, then at `files`, or else at all that the pages load. */
export async function observe(
  get: Get,
  tokenFor: (sample: SampleName) => Promise<string>,
  files: string[] | null = null,
): Promise<Observation> {
  const seen: [SampleName, SeenPage][] = [];
  for (const sample of SAMPLES) seen.push([sample, await seePage(get, sample, await tokenFor(sample))]);
  const pages = Object.fromEntries(seen) as Record<SampleName, SeenPage>;
  const loaded = seen.flatMap(([, { html }]) => loadedFiles(html));
  const seenFiles: Record<string, SeenFile> = {};
  for (const path of files ?? new Set([...loaded, SHOPS_LOAD])) seenFiles[path] = await seeFile(get, path);
  return { pages, files: seenFiles };
}

async function seePage(get: Get, sample: SampleName, token: string): Promise<SeenPage> {
  const path = sample === 'fields' ? `/fields/card?key=pk_live_${token}` : `/p/${token}`;
  const response = await get(path);
  const html = await response.text();
  return { status: response.status, headers: headersOf(response), html: html.replaceAll(token, '{token}') };
}

async function seeFile(get: Get, path: string): Promise<SeenFile> {
  const response = await get(path);
  const digest = createHash('sha384').update(Buffer.from(await response.arrayBuffer()));
  return {
    status: response.status,
    headers: headersOf(response),
    integrity: `sha384-${digest.digest('base64')}`,
  };
}

function headersOf({ headers }: Response): Record<string, string> {
  const present = HEADERS.flatMap((name) => {
    const value = headers.get(name);
    return value === null ? [] : [[name, value]];
  });
  return Object.fromEntries(present);
}
