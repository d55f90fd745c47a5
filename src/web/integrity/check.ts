import type { Deps } from '../../deps.ts';
import { keepCheck, lastCheck, type PageFinding } from '../../integrity/checks.ts';
import { DAY, HOUR, MINUTE, plus } from '../../lib/clock.ts';
import { describeError } from '../../lib/log.ts';
import { throughSeam } from '../../lib/seams.ts';
import { AS_A_BROWSER, makeBaseline, readBaseline } from './baseline.ts';
import { makeCheckToken } from './check-token.ts';
import { compare } from './compare.ts';
import { type Get, observe } from './observe.ts';

export interface CheckOptions {
  /** Where the pages are fetched; default the public address. */
  url?: string;
  /** File of a signed baseline; default INTEGRITY_BASELINE, or else what this build answers. */
  baseline?: string | null;
}

const TIMEOUT_MS = 15_000;
const WEEK = 7 * DAY;
/** After a start: the web processes are up by then. */
const FIRST_AFTER_MS = 5 * MINUTE;

/**
 * Fetches our pages, their scripts and style sheets as a browser receives them and compares them with the baseline.
 * Every difference is an alert: a line at `error` with `alert: page_changed` that says what it is. The check is
 * written down in any case.
 */
export async function checkPages(deps: Deps, options: CheckOptions = {}): Promise<PageFinding[]> {
  const url = (options.url ?? deps.config.publicUrl).replace(/\/$/, '');
  const findings = await findingsAt(deps, url, options.baseline ?? deps.config.integrityBaseline);
  await keepCheck(deps, url, findings);
  for (const finding of findings) {
    deps.log.error({ alert: 'page_changed', url, ...finding }, 'a page of ours is not what was built');
  }
  deps.log.info({ url, findings: findings.length }, 'pages checked');
  return findings;
}

/** The weekly check, as a job that is there for ever; what it finds, or could not reach, is looked at every hour. */
export async function checkWeekly(deps: Deps, job: { createdAt: Date }): Promise<{ again: Date }> {
  const now = deps.clock.now();
  const last = await lastCheck(deps);
  const due = last === null ? plus(job.createdAt, FIRST_AFTER_MS) : nextAfter(last);
  if (due > now) return { again: due };
  const findings = await checkPages(deps);
  return { again: nextAfter({ checkedAt: now, findings }) };
}

function nextAfter({ checkedAt, findings }: { checkedAt: Date; findings: PageFinding[] }): Date {
  return plus(checkedAt, findings.length === 0 ? WEEK : HOUR);
}

async function findingsAt(deps: Deps, url: string, path: string | null): Promise<PageFinding[]> {
  const baseline = path === null ? await makeBaseline(deps) : readBaseline(deps, path);
  if (baseline === null) return [finding('baseline_invalid', 'the baseline', 'its signature', path)];
  const get: Get = (wanted) => fetchPage(deps, url, wanted);
  try {
    const token = makeCheckToken.bind(null, deps);
    return compare(baseline, await observe(get, token, Object.keys(baseline.files)));
  } catch (error) {
    const { error: name, code } = describeError(error);
    return [finding('not_reached', url, 'an answer', String(code ?? name))];
  }
}

/** Redirects are answers: no page of ours moves. */
function fetchPage(deps: Deps, url: string, path: string): Promise<Response> {
  return throughSeam('web.check_page', () =>
    deps.fetch(`${url}${path}`, {
      headers: AS_A_BROWSER,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }),
  );
}

function finding(
  code: PageFinding['code'],
  where: string,
  expected: string,
  found: string | null,
): PageFinding {
  return { where, code, what: where, expected, found };
}
