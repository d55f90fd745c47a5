import type { Deps } from '../../deps.ts';
import { CONFORMANCE_TEXTS } from '../../i18n/console/conformance.ts';
import { type ConformanceRun, isRunning, startConformance } from '../../notify/conformance.ts';
import type { CheckName } from '../../notify/conformance-checks.ts';
import { loadEndpoint } from '../../notify/endpoints.ts';
import { ENDPOINTS } from './developers-endpoints.ts';
import { type Corner, cornerOf, type Stamp, stamp } from './developers-frame.ts';
import { type ConsoleAnswer, type ConsoleCall, type ConsoleRoute, page, redirect } from './route.ts';

type Texts = (typeof CONFORMANCE_TEXTS)['ja'] | (typeof CONFORMANCE_TEXTS)['en'];

export interface ConformanceData extends Corner {
  t: Texts;
  said: string | null;
  url: string;
  here: string;
  state: 'never' | 'running' | 'cut' | 'ended';
  started: Stamp | null;
  summary: string | null;
  rows: {
    name: string;
    expects: string;
    chip: 'good' | 'bad' | 'waiting' | 'over';
    outcome: string;
    answers: { line: string; body: string }[];
    advice: string | null;
  }[];
}

const CHIPS = { pass: 'good', fail: 'bad', warning: 'waiting', skipped: 'over' } as const;

export const conformanceRoutes: ConsoleRoute[] = [
  {
    method: 'get',
    path: `${ENDPOINTS}/:id/conformance`,
    permission: 'developer.read',
    testOnly: true,
    run: show,
  },
  {
    method: 'post',
    path: `${ENDPOINTS}/:id/conformance`,
    permission: 'developer.write',
    testOnly: true,
    run: async (deps, call) => {
      const id = call.params.id ?? '';
      const begun = await startConformance(deps, call.merchant, id);
      return redirect(`${ENDPOINTS}/${id}/conformance${begun === 'started' ? '' : `?done=${begun}`}`);
    },
  },
];

async function show(deps: Deps, call: ConsoleCall): Promise<ConsoleAnswer> {
  const t = CONFORMANCE_TEXTS[call.language];
  const { id, url, conformance } = await loadEndpoint(deps, call.merchant, call.params.id ?? '');
  const done = call.query.get('done');
  const state = stateOf(conformance, deps.clock.now());
  const checks = conformance?.checks ?? [];
  const passed = checks.filter(({ outcome }) => outcome === 'pass').length;
  return page('developers-conformance', {
    title: t.title,
    place: 'developers',
    data: {
      ...cornerOf(call, 'endpoints'),
      t,
      said: done === 'no_secret' ? t.notes.no_secret : done === 'running' ? t.notes.already : null,
      url,
      here: `${ENDPOINTS}/${id}`,
      state,
      started: conformance === null ? null : stamp(new Date(conformance.startedAt)),
      summary: state === 'ended' ? t.summary(passed, checks.length) : null,
      rows: checks.map((check) => rowOf(check, t)),
    },
  });
}

function stateOf(run: ConformanceRun | null, now: Date): ConformanceData['state'] {
  if (run === null) return 'never';
  if (run.endedAt !== null) return 'ended';
  return isRunning(run, now) ? 'running' : 'cut';
}

function rowOf(
  { name, outcome, answers }: ConformanceRun['checks'][number],
  t: Texts,
): ConformanceData['rows'][number] {
  const known = t.checks[name as CheckName];
  const redirected = answers.some(({ status }) => status !== null && status >= 300 && status < 400);
  const advice = { pass: null, skipped: null, fail: known.advice, warning: t.notes.server_error }[outcome];
  return {
    name: known.name,
    expects: known.expects,
    chip: CHIPS[outcome],
    outcome: t.outcome[outcome],
    answers: answers.map(({ status, fault, tookMs, body }) => ({
      line: `${status === null ? (fault ?? '') : `HTTP ${status}`}, ${t.took(tookMs)}`,
      body,
    })),
    advice: redirected ? t.notes.redirect : outcome === 'warning' && name === 'speed' ? known.advice : advice,
  };
}
