import type { ReturnMethod } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { loadEvent } from '../payments/queries.ts';
import type { Visit } from '../payments/snapshot.ts';
import { signEvent, unixSeconds } from './sign-event.ts';

/** The result as the shopper's browser carries it home (contract, section 5). */
export interface SignedReturn {
  /** `none`: nothing is carried; `url` is where who did not pay may begin again. */
  method: ReturnMethod;
  /** Where it goes: the return URL, or for what was not completed the cancel URL. */
  url: string;
  fields: { id: string; timestamp: string; signature: string; payload: string };
}

/**
 * Signs the event that ended the session, its payload byte for byte as notified, with a fresh time. Asked for a
 * session that has not ended is our fault.
 */
export async function signedReturn(deps: Deps, visit: Visit): Promise<SignedReturn> {
  const { session, merchant } = visit;
  if (session.endingEventId === null) throw new Error(`session ${session.id} has not ended`);
  const { id, payload } = await loadEvent(deps, merchant, session.endingEventId);
  const timestamp = unixSeconds(deps.clock.now());
  const signature = await signEvent(deps, merchant, { id, timestamp, payload });
  const completed = session.status === 'complete';
  // Back to the link's own page, which needs no result.
  const toLink = session.origin === 'link' && !completed;
  return {
    method: toLink ? 'none' : session.returnMethod,
    url: completed ? session.returnUrl : (session.cancelUrl ?? session.returnUrl),
    fields: { id, timestamp, signature, payload },
  };
}

/** For `get`: the address with the four fields appended; the merchant's own query and fragment stay. */
export function returnLocation({ url, fields }: SignedReturn): string {
  const location = new URL(url);
  for (const [name, value] of Object.entries(fields)) location.searchParams.append(name, value);
  return location.href;
}
