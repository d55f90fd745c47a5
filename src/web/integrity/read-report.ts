/**
 * Reports of browsers about breaches of a page's policy: CSP level 3 (`report-to`, application/reports+json) and
 * level 2 (`report-uri`, application/csp-report). Anybody can send anything here, and a report of a card page may quote
 * what stands on it: only known words, origins, and files of our own with their line are kept.
 */
import type { PageReport } from '../../integrity/reports.ts';
import { field } from '../body.ts';

const MOST = 20;
const KEYWORDS = /^(inline|eval|wasm-eval|data|blob|self|trusted-types-(policy|sink))$/;
const EXTENSION = /^(chrome|moz|safari-web|ms-browser)-extension/;

/** The reports of a body that was parsed as JSON; what is none is passed over. */
export function readReports(body: unknown, publicUrl: string): PageReport[] {
  const all = Array.isArray(body) ? body.slice(0, MOST) : [body];
  return all.flatMap((each) => {
    const report = field(each, 'csp-report') ?? field(each, 'body');
    const read = report === undefined ? null : readReport(report, publicUrl);
    return read === null ? [] : [read];
  });
}

function readReport(report: unknown, publicUrl: string): PageReport | null {
  const text = (...names: string[]) => {
    const value = names.map((name) => field(report, name)).find((each) => typeof each === 'string');
    return typeof value === 'string' ? value : '';
  };
  const directive = /^[a-z-]{3,40}$/.exec(
    text('effectiveDirective', 'effective-directive').split(' ')[0] ?? '',
  );
  if (directive === null) return null;
  const line = field(report, 'lineNumber') ?? field(report, 'line-number');
  return {
    page: pageOf(text('documentURL', 'document-uri'), publicUrl),
    directive: directive[0],
    blocked: blockedOf(text('blockedURL', 'blocked-uri')),
    source: sourceOf(text('sourceFile', 'source-file'), line, publicUrl),
  };
}

/** The kind of page: its address may be a capability. */
function pageOf(url: string, publicUrl: string): string {
  if (!isOurs(url, publicUrl)) return 'elsewhere';
  const [first = ''] = new URL(url).pathname.split('/').slice(1);
  if (first === 'p') return '/p/{token}';
  return first === 'fields' ? '/fields/card' : 'other';
}

function blockedOf(blocked: string): string {
  if (KEYWORDS.test(blocked)) return blocked;
  if (EXTENSION.test(blocked)) return 'extension';
  return originOf(blocked);
}

function sourceOf(file: string, line: unknown, publicUrl: string): string {
  if (EXTENSION.test(file)) return 'extension';
  const ours = isOurs(file, publicUrl)
    ? /^\/(static|js)\/[a-z0-9.-]{1,60}$/.exec(new URL(file).pathname)
    : null;
  if (ours === null) return originOf(file);
  return Number.isInteger(line) && Number(line) >= 0 && Number(line) < 100_000
    ? `${ours[0]}:${line}`
    : ours[0];
}

/** Scheme and host, nothing that could be data: a long run of digits in a name is masked. */
function originOf(url: string): string {
  if (url === '') return '';
  if (!URL.canParse(url)) return 'unreadable';
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`.slice(0, 120).replace(/\d(?:[.-]?\d){7,}/g, '…');
}

function isOurs(url: string, publicUrl: string): boolean {
  return URL.canParse(url) && new URL(url).origin === new URL(publicUrl).origin;
}
