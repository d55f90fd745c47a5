import { DEVELOPERS_TEXTS } from '../../i18n/console/developers.ts';
import { HOUR, plus } from '../../lib/clock.ts';
import { newId } from '../../lib/ids.ts';
import { Problem } from '../../lib/problem.ts';
import { endSecret, loadSecret, type ManagedKind, rotateSecret } from '../../merchants/manage-secrets.ts';
import { change, HOME, oldEnds, overlapField, readOverlap, readWorkId, shown } from './developers-keys.ts';
import { type ConsoleCall, type ConsoleRoute, redirect } from './route.ts';

export const secretRoutes: ConsoleRoute[] = [
  {
    method: 'get',
    path: `${HOME}/secrets/:kind/rotate`,
    permission: 'developer.write',
    run: async (deps, call) => {
      const t = DEVELOPERS_TEXTS[call.language];
      const kind = readKind(call);
      return change(call, t.rotateSecret.title[kind], {
        lead: t.rotateSecret.lead[kind],
        notes: [],
        overlap: overlapField(t, t.rotateSecret.overlap),
        workId: newId('key', deps.clock.now()),
        action: `${HOME}/secrets/${kind}/rotate`,
        go: t.rotateSecret.go,
      });
    },
  },
  {
    method: 'post',
    path: `${HOME}/secrets/:kind/rotate`,
    permission: 'developer.write',
    run: async (deps, call) => {
      const kind = readKind(call);
      const [workId, overlapHours] = [readWorkId(call), readOverlap(call)];
      if (workId === null || overlapHours === null) return redirect(`${HOME}/secrets/${kind}/rotate`);
      const made = await rotateSecret(deps, call.merchant, { workId, kind, overlapHours });
      const old = oldEnds(call, plus(deps.clock.now(), overlapHours * HOUR), overlapHours);
      return shown(call, { made, title: DEVELOPERS_TEXTS[call.language].shown.secret, old });
    },
  },
  {
    method: 'get',
    path: `${HOME}/secrets/:id/end`,
    permission: 'developer.write',
    run: async (deps, call) => {
      const t = DEVELOPERS_TEXTS[call.language];
      const { id, kind } = await loadSecret(deps, call.merchant, call.params.id ?? '');
      return change(call, t.endSecret.title, {
        lead: t.endSecret.lead[kind === 'entry' ? 'entry' : 'signing'],
        notes: [],
        overlap: null,
        workId: null,
        action: `${HOME}/secrets/${id}/end`,
        go: t.endSecret.go,
        danger: true,
      });
    },
  },
  {
    method: 'post',
    path: `${HOME}/secrets/:id/end`,
    permission: 'developer.write',
    run: async (deps, call) => {
      const ended = await endSecret(deps, call.merchant, call.params.id ?? '');
      return redirect(`${HOME}?done=${ended ? 'secret_ended' : 'secret_last'}`);
    },
  },
];

function readKind({ params }: ConsoleCall): ManagedKind {
  const { kind } = params;
  if (kind === 'entry' || kind === 'signing') return kind;
  throw new Problem('not_found', 'There is no such secret.');
}
