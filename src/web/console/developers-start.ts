import { TESTING_TEXTS } from '../../i18n/console/testing.ts';
import { listApiKeys } from '../../merchants/manage-keys.ts';
import { type Corner, cornerOf } from './developers-frame.ts';
import { type ConsoleRoute, page } from './route.ts';

export interface StartData extends Corner {
  t: ((typeof TESTING_TEXTS)['ja'] | (typeof TESTING_TEXTS)['en'])['start'];
  hints: { hint: string; label: string | null }[];
  url: string;
  /** What the samples are filled in with; never a key. */
  hint: string;
  merchantId: string;
  mode: string;
}

export const startRoutes: ConsoleRoute[] = [
  {
    method: 'get',
    path: '/console/developers/start',
    permission: 'developer.read',
    run: async (deps, call) => {
      const t = TESTING_TEXTS[call.language].start;
      const { merchant } = call;
      const now = deps.clock.now();
      const keys = (await listApiKeys(deps, merchant)).filter(
        ({ kind, revokedAt }) => kind === 'secret' && (revokedAt === null || revokedAt > now),
      );
      return page('developers-start', {
        title: t.title,
        place: 'developers',
        data: {
          ...cornerOf(call, 'start'),
          t,
          hints: keys.map(({ hint, label }) => ({ hint: hint ?? '…', label })),
          url: `${deps.config.publicUrl}/v1/sessions`,
          hint: keys[0]?.hint ?? `sk_${merchant.mode}_…`,
          merchantId: merchant.merchantId,
          mode: merchant.mode,
        },
      });
    },
  },
];
