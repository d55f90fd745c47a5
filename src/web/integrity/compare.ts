import type { PageFinding } from '../../integrity/checks.ts';
import type { Observation, SeenFile, SeenPage } from './observe.ts';
import { activeParts } from './parts.ts';

const POLICY = 'content-security-policy';
const AROUND = 60;
const LONGEST = 600;

/** What of an observation is not as the baseline says, each difference by its name. Empty when all is intact. */
export function compare(baseline: Observation, seen: Observation): PageFinding[] {
  const pages = Object.entries(baseline.pages).flatMap(([name, expected]) =>
    comparePage(`page ${name}`, expected, seen.pages[name as keyof Observation['pages']]),
  );
  const files = Object.entries(baseline.files).flatMap(([path, expected]) =>
    compareFile(path, expected, seen.files[path]),
  );
  return [...pages, ...files];
}

function comparePage(where: string, expected: SeenPage, found: SeenPage): PageFinding[] {
  const findings = compareAnswer(where, expected, found);
  if (expected.html === found.html) return findings;
  const [before, after] = [activeParts(expected.html), activeParts(found.html)];
  const missing = without(before, after).map((part) =>
    finding(where, 'part_missing', tagOf(part), part, null),
  );
  const added = without(after, before).map((part) => finding(where, 'part_added', tagOf(part), null, part));
  if (missing.length + added.length > 0) return [...findings, ...missing, ...added];
  const at = firstDifference(expected.html, found.html);
  const excerpt = (html: string) => html.slice(Math.max(at - AROUND, 0), at + AROUND);
  const text = finding(where, 'text_changed', `character ${at}`, excerpt(expected.html), excerpt(found.html));
  return [...findings, text];
}

function compareFile(where: string, expected: SeenFile, found: SeenFile | undefined): PageFinding[] {
  if (found === undefined) return [finding(where, 'not_reached', where, expected.integrity, null)];
  const findings = compareAnswer(where, expected, found);
  if (expected.integrity === found.integrity) return findings;
  return [...findings, finding(where, 'file_changed', where, expected.integrity, found.integrity)];
}

function compareAnswer(
  where: string,
  expected: SeenPage | SeenFile,
  found: SeenPage | SeenFile,
): PageFinding[] {
  const findings: PageFinding[] = [];
  if (expected.status !== found.status) {
    findings.push(finding(where, 'status_changed', 'status', String(expected.status), String(found.status)));
  }
  const names = new Set([...Object.keys(expected.headers), ...Object.keys(found.headers)]);
  for (const name of [...names].sort()) {
    const [before, after] = [expected.headers[name] ?? null, found.headers[name] ?? null];
    if (before === after) continue;
    if (name === POLICY && before !== null && after !== null) {
      findings.push(...comparePolicies(where, before, after));
      continue;
    }
    const code = before === null ? 'header_added' : after === null ? 'header_missing' : 'header_changed';
    findings.push(finding(where, code, name, before, after));
  }
  return findings;
}

/** Directive by directive: the whole policy is too long to see what was done to it. */
function comparePolicies(where: string, before: string, after: string): PageFinding[] {
  const [expected, found] = [directivesOf(before), directivesOf(after)];
  const names = [...new Set([...expected.keys(), ...found.keys()])];
  const differing = names.filter((name) => expected.get(name) !== found.get(name));
  if (differing.length === 0) return [finding(where, 'header_changed', POLICY, before, after)];
  return differing.map((name) =>
    finding(
      where,
      'header_changed',
      `${POLICY}: ${name}`,
      expected.get(name) ?? null,
      found.get(name) ?? null,
    ),
  );
}

function directivesOf(policy: string): Map<string, string> {
  const directives = policy.split(';').map((text) => text.trim());
  return new Map(
    directives.map((text) => {
      const [name = '', ...values] = text.split(/\s+/);
      return [name, values.join(' ')];
    }),
  );
}

/** The lines of one list that the other has not, or has less often. */
function without(lines: string[], other: string[]): string[] {
  const left = [...other];
  return lines.filter((line) => {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

function tagOf(part: string): string {
  return /^<[\w:-]+/.exec(part)?.[0].slice(1) ?? 'tag';
}

function firstDifference(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  return at;
}

function finding(
  where: string,
  code: PageFinding['code'],
  what: string,
  expected: string | null,
  found: string | null,
): PageFinding {
  return { where, code, what, expected: cut(expected), found: cut(found) };
}

function cut(text: string | null): string | null {
  return text === null ? null : text.slice(0, LONGEST);
}
