import type { Deps } from '../../deps.ts';
import { REQUESTS_TEXTS, type RequestsTexts } from '../../i18n/console/requests.ts';
import { HOUR, MINUTE } from '../../lib/clock.ts';
import { newId } from '../../lib/ids.ts';
import { Problem } from '../../lib/problem.ts';
import { cancelRequest } from '../../requests/cancel.ts';
import { loadRequest } from '../../requests/queries.ts';
import { dayInJapan, EMAIL } from '../../requests/rules.ts';
import { remindRequest, sendRequest } from '../../requests/send.ts';
import type { PaymentRequest } from '../../requests/write.ts';
import { money } from './payments-words.ts';
import { customerOf, REQUESTS, type Tabs, tabsOf, workOf } from './requests-words.ts';
import { type ConsoleAnswer, type ConsoleCall, type ConsoleRoute, page, redirect } from './route.ts';

type Act = 'send' | 'remind' | 'cancel';

/** The second look before a mail leaves or a link dies: names amount and order. */
export interface RequestActData {
  t: RequestsTexts;
  tabs: Tabs;
  act: Act;
  action: string;
  back: string;
  work: string;
  text: string;
  go: string;
  /** Null where it cannot be changed here. */
  email: string | null;
  due: string;
}

const act = (verb: Act): ConsoleRoute[] => {
  const common = { path: `${REQUESTS}/:id/${verb}`, permission: 'requests.write' } as const;
  return [
    { ...common, method: 'get', run: (deps, call) => ask(deps, call, verb) },
    { ...common, method: 'post', run: (deps, call) => carryOut(deps, call, verb) },
  ];
};

export const requestActRoutes: ConsoleRoute[] = [...act('send'), ...act('remind'), ...act('cancel')];

async function ask(deps: Deps, call: ConsoleCall, verb: Act): Promise<ConsoleAnswer> {
  const { language, merchant, params } = call;
  const t = REQUESTS_TEXTS[language];
  const { request } = await loadRequest(deps, merchant, params.id ?? '');
  const back = `${REQUESTS}/${request.id}`;
  const amount = money(language, request.amount);
  const texts = { send: t.confirm.sendText, remind: t.confirm.remindText, cancel: t.confirm.cancelText };
  const data: RequestActData = {
    t,
    tabs: tabsOf(t, 'list'),
    act: verb,
    action: `${back}/${verb}`,
    back,
    work: newId('op', merchant.clock.now()),
    text: texts[verb](amount, request.orderId),
    go: { send: t.confirm.sendGo, remind: t.confirm.remindGo, cancel: t.confirm.cancelGo }[verb],
    email: customerOf(call, request).email,
    due: request.dueAt.toISOString(),
  };
  const title = { send: t.confirm.send, remind: t.confirm.remind, cancel: t.confirm.cancel }[verb];
  return page('requests-act', { title, place: 'requests', data });
}

async function carryOut(deps: Deps, call: ConsoleCall, verb: Act): Promise<ConsoleAnswer> {
  const { merchant, params, form } = call;
  const id = params.id ?? '';
  const { request } = await loadRequest(deps, merchant, id);
  const work = workOf(form, 'op', newId('op', merchant.clock.now()));
  const back = `${REQUESTS}/${id}`;
  try {
    if (verb === 'send') await send(deps, call, request, work);
    else if (verb === 'remind') await remindRequest(deps, merchant, id, work);
    else await cancelRequest(deps, merchant, { id, tell: form.get('notify') === '1' });
  } catch (error) {
    if (!(error instanceof Problem) || error.code === 'not_found') throw error;
    return redirect(`${back}?refused=${error.code}`);
  }
  return redirect(`${back}?done=${{ send: 'sent', remind: 'reminded', cancel: 'canceled' }[verb]}`);
}

/** A masked address that comes back as it was shown is the one that the request has. */
async function send(deps: Deps, call: ConsoleCall, request: PaymentRequest, work: string): Promise<void> {
  const { merchant, form } = call;
  const typed = (form.get('email') ?? '').normalize('NFKC').trim();
  const unchanged = typed === '' || typed === (customerOf(call, request).email ?? '').normalize('NFKC');
  if (!unchanged && !EMAIL.test(typed)) throw new Problem('validation_failed', 'The address is none.');
  const sendAt = timeOf((form.get('send_at') ?? '').trim());
  if (sendAt === 'invalid') throw new Problem('validation_failed', 'The time is none.');
  await sendRequest(deps, merchant, { id: request.id, email: unchanged ? null : typed, sendAt }, work);
}

/** What `datetime-local` gives, or a person types: a time in Japan. */
function timeOf(text: string): Date | null | 'invalid' {
  if (text === '') return null;
  const [, day = '', hour = '', minute = ''] = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2})/.exec(text) ?? [];
  const begins = dayInJapan(day);
  if (begins === null || Number(hour) > 23 || Number(minute) > 59) return 'invalid';
  return new Date(begins.getTime() + Number(hour) * HOUR + Number(minute) * MINUTE);
}
