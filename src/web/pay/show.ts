import type { Context } from 'hono';
import type { Deps } from '../../deps.ts';
import { thanksFor } from '../../links/thanks.ts';
import { signedReturn } from '../../notify/returns.ts';
import type { Visit } from '../../payments/snapshot.ts';
import { writeSessionData } from '../../threeds/challenge.ts';
import { compose, type ReadyView } from './compose.ts';
import type { Place } from './page.ts';
import { type FormState, UNTOUCHED } from './pages.ts';
import { respond } from './respond.ts';
import { selectView } from './select-view.ts';

/** The page of a session as it stands. `state`: what was typed into its form, with faults. */
export async function showVisit(
  c: Context,
  deps: Deps,
  visit: Visit,
  place: Place,
  state: Partial<FormState> = {},
): Promise<Response> {
  const ready = await makeReady(c, deps, visit, place, { ...UNTOUCHED, ...state });
  return respond(c, deps, compose(ready, visit, place, deps.config));
}

async function makeReady(
  c: Context,
  deps: Deps,
  visit: Visit,
  { language, chosen }: Place,
  state: FormState,
): Promise<ReadyView> {
  const view = selectView(visit);
  switch (view.kind) {
    case 'form':
    case 'preparing':
      return { ...view, ...state };
    case 'challenge': {
      const { transId } = view;
      const sessionData = (framed: boolean) =>
        writeSessionData(deps, { transId, framed, language: chosen ? language : null });
      return { ...view, fullPageData: await sessionData(false), framedData: await sessionData(true) };
    }
    case 'ended':
      return {
        ...view,
        result: await signedReturn(deps, visit),
        stays: c.req.query('stay') === '1',
        thanks: await thanksFor(deps, visit),
      };
    default:
      return view;
  }
}
