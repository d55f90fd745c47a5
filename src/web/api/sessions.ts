import { createSession } from '../../payments/create-session.ts';
import { cancelSession, expireSession } from '../../payments/end-session.ts';
import { presentSession } from '../../payments/present.ts';
import { listSessions } from '../../payments/queries.ts';
import { loadSession } from '../../payments/snapshot.ts';
import { parse, parseQuery } from './parse.ts';
import { type ApiRoute, presentPage } from './route.ts';
import { EmptyBody, SessionsQuery } from './schemas.ts';
import { readSession } from './session-input.ts';

const tag = 'sessions';
const key = 'secret';
const session = (description: string, status = 200) => ({ status, description, schema: 'Session' });

export const sessionRoutes: ApiRoute[] = [
  {
    method: 'post',
    path: '/v1/sessions',
    operationId: 'createSession',
    summary: "Open a session and get the address of its page. An order's idle open session is replaced.",
    tag,
    key,
    permission: 'sessions.write',
    work: 'cs',
    body: 'SessionBody',
    answers: [session('The session', 201)],
    problems: ['order_in_progress', 'order_already_paid'],
    run: async (deps, { merchant, body, workId }) => {
      const input = readSession(body, { merchant, config: deps.config });
      const snapshot = await createSession(deps, merchant, input, workId);
      return { status: 201, body: presentSession(deps, snapshot) };
    },
  },
  {
    method: 'get',
    path: '/v1/sessions',
    operationId: 'listSessions',
    summary: 'List sessions, newest first',
    tag,
    key,
    permission: 'payments.read',
    query: SessionsQuery,
    answers: [{ status: 200, description: 'A page of sessions', schema: 'SessionList' }],
    problems: [],
    run: async (deps, { merchant, query }) => {
      const { order_id: orderId, cursor, limit } = parseQuery(SessionsQuery, query);
      const filter = { orderId: orderId ?? null, cursor: cursor ?? null, limit };
      const page = await listSessions(deps, merchant, filter);
      return { status: 200, body: presentPage(page, (snapshot) => presentSession(deps, snapshot)) };
    },
  },
  {
    method: 'get',
    path: '/v1/sessions/{id}',
    operationId: 'getSession',
    summary: 'Read a session with its payment and attempts',
    tag,
    key,
    permission: 'payments.read',
    answers: [session('The session')],
    problems: ['not_found'],
    run: async (deps, { merchant, id }) => ({
      status: 200,
      body: presentSession(deps, await loadSession(deps, merchant, id)),
    }),
  },
  ending('cancel', 'Cancel', cancelSession),
  ending('expire', 'Expire', expireSession),
];

function ending(verb: 'cancel' | 'expire', word: string, end: typeof cancelSession): ApiRoute {
  return {
    method: 'post',
    path: `/v1/sessions/{id}/${verb}`,
    operationId: `${verb}Session`,
    summary: `${word} an open, idle session; one that is so already stays as it is`,
    tag,
    key,
    permission: 'sessions.write',
    work: 'op',
    body: 'EmptyBody',
    answers: [session('The session')],
    problems: ['not_found', 'session_in_progress', 'session_ended'],
    run: async (deps, { merchant, id, body }) => {
      parse(EmptyBody, body);
      return { status: 200, body: presentSession(deps, await end(deps, merchant, id)) };
    },
  };
}
