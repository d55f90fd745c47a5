import { FRAME_TEXTS } from '../../i18n/console/frame.ts';
import { type ConsoleRoute, page } from './route.ts';

export const homeRoutes: ConsoleRoute[] = [
  {
    method: 'get',
    path: '/console',
    permission: 'account.own',
    run: async (_deps, { language }) => {
      const t = FRAME_TEXTS[language];
      return page('message', {
        title: t.places.home,
        place: 'home',
        data: { text: t.product, action: null },
      });
    },
  },
];
