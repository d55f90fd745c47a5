import { DEBUGGER_TEXTS } from '../../i18n/console/debugger.ts';
import { loadDelivery } from '../../notify/deliveries.ts';
import { loadEvent } from '../../payments/queries.ts';
import { type Corner, cornerOf } from './developers-frame.ts';
import { type ConsoleRoute, page } from './route.ts';

export interface DebuggerData extends Corner {
  t: (typeof DEBUGGER_TEXTS)['ja'] | (typeof DEBUGGER_TEXTS)['en'];
  /** What a delivery brought, where one comes from it. Never a secret: that is typed, and stays in the browser. */
  filled: { id: string; timestamp: string; signature: string; sent: string };
}

/** Only a page: all that it computes is computed in the browser (views/static/signature.js). */
export const debuggerRoutes: ConsoleRoute[] = [
  {
    method: 'get',
    path: '/console/developers/debugger',
    permission: 'developer.read',
    run: async (deps, call) => {
      const t = DEBUGGER_TEXTS[call.language];
      const filled = { id: '', timestamp: '', signature: '', sent: '' };
      const deliveryId = call.query.get('delivery');
      if (deliveryId !== null) {
        const { eventId, lastTry } = await loadDelivery(deps, call.merchant, deliveryId);
        const event = await loadEvent(deps, call.merchant, eventId);
        const { timestamp = '', signature = '' } = lastTry ?? {};
        Object.assign(filled, { id: event.id, timestamp, signature, sent: event.payload });
      }
      return page('developers-debugger', {
        title: t.title,
        place: 'developers',
        modules: ['signature.js'],
        data: { ...cornerOf(call, 'debugger'), t, filled },
      });
    },
  },
];
