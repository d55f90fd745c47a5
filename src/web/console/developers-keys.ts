import { DEVELOPERS_TEXTS } from '../../i18n/console/developers.ts';
import { HOUR, plus } from '../../lib/clock.ts';
import { newId } from '../../lib/ids.ts';
import {
  type ApiKeyRow,
  listApiKeys,
  loadApiKey,
  type Made,
  makeApiKey,
  revokeApiKey,
  rotateApiKey,
} from '../../merchants/manage-keys.ts';
import { listSecrets, type SecretRow } from '../../merchants/manage-secrets.ts';
import { type Corner, cornerOf, type Stamp, stamp, stampOf } from './developers-frame.ts';
import { type ConsoleAnswer, type ConsoleCall, type ConsoleRoute, page, redirect } from './route.ts';

export const HOME = '/console/developers';

/** Hours for which what is replaced goes on, as they are offered. */
export const OVERLAPS = [0, 1, 6, 24, 72, 168] as const;
const WORK_ID = /^key_[0-9a-z]{39}$/;
const MOST_LABEL = 60;

type Texts = (typeof DEVELOPERS_TEXTS)['ja'] | (typeof DEVELOPERS_TEXTS)['en'];

interface ShownKey {
  hint: string;
  kind: string;
  label: string | null;
  created: Stamp;
  lastUsed: Stamp | null;
  state: 'good' | 'waiting' | 'over';
  stateText: string;
  rotate: string | null;
  revoke: string | null;
}

export interface KeysData extends Corner {
  t: Texts;
  said: { text: string; bad: boolean } | null;
  works: ShownKey[];
  ended: ShownKey[];
  secrets: {
    name: string;
    what: string;
    make: string | null;
    rows: { created: Stamp; ends: Stamp | null; end: string | null }[];
  }[];
  workId: string;
}

/** A key or secret that was just made. Shown in the answer to the form itself, and nowhere again. */
export interface ShownData extends Corner {
  t: Texts;
  /** Null when it was made before, or could not be. */
  text: string | null;
  message: string;
  old: string | null;
  back: string;
}

/** Asks before something is replaced or ended. */
export interface ChangeData extends Corner {
  lead: string;
  notes: string[];
  overlap: { label: string; choices: { value: number; text: string }[]; chosen: number } | null;
  workId: string | null;
  action: string;
  go: string;
  danger: boolean;
  cancel: string;
  /** Where one comes from. */
  back: string;
}

export const keyRoutes: ConsoleRoute[] = [
  { method: 'get', path: HOME, permission: 'developer.read', run: showKeys },
  {
    method: 'post',
    path: `${HOME}/keys`,
    permission: 'developer.write',
    run: async (deps, call) => {
      const workId = readWorkId(call);
      const kind = call.form.get('kind');
      if (workId === null || (kind !== 'secret' && kind !== 'publishable')) return redirect(HOME);
      const label = call.form.get('label')?.trim().slice(0, MOST_LABEL) || null;
      const made = await makeApiKey(deps, call.merchant, { workId, kind, label });
      return shown(call, { made, title: DEVELOPERS_TEXTS[call.language].shown.key, old: null });
    },
  },
  {
    method: 'get',
    path: `${HOME}/keys/:id/rotate`,
    permission: 'developer.write',
    run: async (deps, call) => {
      const t = DEVELOPERS_TEXTS[call.language];
      const key = await loadApiKey(deps, call.merchant, call.params.id ?? '');
      return change(call, t.rotate.title, {
        lead: t.rotate.lead(hintOf(key, t)),
        notes: [t.rotate.advice],
        overlap: overlapField(t, t.rotate.overlap),
        workId: newId('key', deps.clock.now()),
        action: `${HOME}/keys/${key.id}/rotate`,
        go: t.rotate.go,
      });
    },
  },
  {
    method: 'post',
    path: `${HOME}/keys/:id/rotate`,
    permission: 'developer.write',
    run: async (deps, call) => {
      const { id } = await loadApiKey(deps, call.merchant, call.params.id ?? '');
      const [workId, overlapHours] = [readWorkId(call), readOverlap(call)];
      if (workId === null || overlapHours === null) return redirect(`${HOME}/keys/${id}/rotate`);
      const made = await rotateApiKey(deps, call.merchant, { workId, id, overlapHours });
      const old = oldEnds(call, plus(deps.clock.now(), overlapHours * HOUR), overlapHours);
      return shown(call, { made, title: DEVELOPERS_TEXTS[call.language].shown.key, old });
    },
  },
  {
    method: 'get',
    path: `${HOME}/keys/:id/revoke`,
    permission: 'developer.write',
    run: async (deps, call) => {
      const t = DEVELOPERS_TEXTS[call.language];
      const key = await loadApiKey(deps, call.merchant, call.params.id ?? '');
      const used = key.lastUsedAt === null ? t.never : stamp(key.lastUsedAt).text;
      return change(call, t.revoke.title, {
        lead: t.revoke.lead(hintOf(key, t)),
        notes: [t.revoke.effect, `${t.revoke.lastUsed}: ${used}`, t.revoke.instead],
        overlap: null,
        workId: null,
        action: `${HOME}/keys/${key.id}/revoke`,
        go: t.revoke.go,
        danger: true,
      });
    },
  },
  {
    method: 'post',
    path: `${HOME}/keys/:id/revoke`,
    permission: 'developer.write',
    run: async (deps, call) => {
      await revokeApiKey(deps, call.merchant, call.params.id ?? '');
      return redirect(`${HOME}?done=revoked`);
    },
  },
];

async function showKeys(deps: Parameters<ConsoleRoute['run']>[0], call: ConsoleCall): Promise<ConsoleAnswer> {
  const t = DEVELOPERS_TEXTS[call.language];
  const corner = cornerOf(call, 'keys');
  const [keys, secrets] = await Promise.all([
    listApiKeys(deps, call.merchant),
    listSecrets(deps, call.merchant),
  ]);
  const now = deps.clock.now();
  const rows = keys.map((key) => keyView(key, t, now, corner.mayWrite));
  return page('developers-keys', {
    title: t.title,
    place: 'developers',
    data: {
      ...corner,
      t,
      said: saidOf(call.query.get('done'), t),
      works: rows.filter(({ state }) => state !== 'over'),
      ended: rows.filter(({ state }) => state === 'over'),
      secrets: (['signing', 'entry'] as const).map((kind) =>
        secretView(
          secrets.filter((secret) => secret.kind === kind),
          kind,
          t,
          corner.mayWrite,
        ),
      ),
      workId: newId('key', now),
    },
  });
}

function saidOf(done: string | null, t: Texts): KeysData['said'] {
  if (done === 'revoked' || done === 'secret_ended') return { text: t.said[done], bad: false };
  return done === 'secret_last' ? { text: t.said.secret_last, bad: true } : null;
}

function keyView(key: ApiKeyRow, t: Texts, now: Date, mayWrite: boolean): ShownKey {
  const { id, revokedAt } = key;
  const state = revokedAt === null ? 'good' : revokedAt > now ? 'waiting' : 'over';
  const at = revokedAt === null ? '' : stamp(revokedAt).text;
  return {
    hint: hintOf(key, t),
    kind: t.keys.kind[key.kind],
    label: key.label,
    created: stamp(key.createdAt),
    lastUsed: stampOf(key.lastUsedAt),
    state,
    stateText: { good: t.keys.state.works, waiting: t.keys.state.ends(at), over: t.keys.state.ended(at) }[
      state
    ],
    rotate: mayWrite && state === 'good' ? `${HOME}/keys/${id}/rotate` : null,
    revoke: mayWrite && state !== 'over' ? `${HOME}/keys/${id}/revoke` : null,
  };
}

function secretView(
  rows: SecretRow[],
  kind: 'signing' | 'entry',
  t: Texts,
  mayWrite: boolean,
): KeysData['secrets'][number] {
  return {
    name: t.secrets.kind[kind],
    what: t.secrets.what[kind],
    make: mayWrite && rows.length < 2 ? `${HOME}/secrets/${kind}/rotate` : null,
    rows: rows.map(({ id, createdAt, expiresAt }) => ({
      created: stamp(createdAt),
      ends: stampOf(expiresAt),
      end: mayWrite && rows.length > 1 && expiresAt !== null ? `${HOME}/secrets/${id}/end` : null,
    })),
  };
}

function hintOf({ hint }: ApiKeyRow, t: Texts): string {
  return hint ?? t.keys.noHint;
}

export function readWorkId({ form }: ConsoleCall): string | null {
  const given = form.get('work') ?? '';
  return WORK_ID.test(given) ? given : null;
}

export function readOverlap({ form }: ConsoleCall): number | null {
  const given = form.get('overlap') ?? '';
  return OVERLAPS.find((hours) => String(hours) === given) ?? null;
}

export function overlapField(t: Texts, label: string): ChangeData['overlap'] {
  const choices = OVERLAPS.map((value) => ({ value, text: t.rotate.hours(value) }));
  return { label, choices, chosen: 24 };
}

export function oldEnds({ language }: ConsoleCall, at: Date, hours: number): string {
  const t = DEVELOPERS_TEXTS[language].shown;
  return hours === 0 ? t.oldNow : t.old(stamp(at).text);
}

export function change(
  call: ConsoleCall,
  title: string,
  data: Omit<ChangeData, keyof Corner | 'cancel' | 'danger' | 'back'> & { danger?: boolean },
): ConsoleAnswer {
  const { cancel } = DEVELOPERS_TEXTS[call.language].rotate;
  const corner = cornerOf(call, 'keys');
  return page('developers-change', {
    title,
    place: 'developers',
    data: { ...corner, danger: false, ...data, cancel, back: HOME },
  });
}

export function shown(
  call: ConsoleCall,
  { made, title, old }: { made: Made; title: string; old: string | null },
): ConsoleAnswer {
  const t = DEVELOPERS_TEXTS[call.language];
  const text = typeof made === 'string' ? null : made.text;
  const message = typeof made === 'string' ? t.shown[made] : t.shown.once;
  return page('developers-shown', {
    title,
    place: 'developers',
    data: { ...cornerOf(call, 'keys'), t, text, message, old: text === null ? null : old, back: HOME },
  });
}
