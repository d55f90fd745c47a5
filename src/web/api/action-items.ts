import {
  listActionItems,
  loadActionItem,
  presentActionItem,
  resolveActionItem,
} from '../../payments/action-items.ts';
import { parse, parseQuery } from './parse.ts';
import { type ApiRoute, presentPage } from './route.ts';
import { ActionItemsQuery, ResolveBody } from './schemas.ts';

const tag = 'action items';
const key = 'secret';
const item = (description: string) => ({ status: 200, description, schema: 'ActionItem' });

export const actionItemRoutes: ApiRoute[] = [
  {
    method: 'get',
    path: '/v1/action-items',
    operationId: 'listActionItems',
    summary: 'List what somebody has to look at, such as late or double money, newest first',
    tag,
    key,
    permission: 'payments.read',
    query: ActionItemsQuery,
    answers: [{ status: 200, description: 'A page of action items', schema: 'ActionItemList' }],
    problems: [],
    run: async (deps, { merchant, query }) => {
      const { open = null, cursor = null, limit } = parseQuery(ActionItemsQuery, query);
      const page = await listActionItems(deps, merchant, { open, cursor, limit });
      return { status: 200, body: presentPage(page, presentActionItem) };
    },
  },
  {
    method: 'get',
    path: '/v1/action-items/{id}',
    operationId: 'getActionItem',
    summary: 'Read an action item',
    tag,
    key,
    permission: 'payments.read',
    answers: [item('The action item')],
    problems: ['not_found'],
    run: async (deps, { merchant, id }) => ({
      status: 200,
      body: presentActionItem(await loadActionItem(deps, merchant, id)),
    }),
  },
  {
    method: 'post',
    path: '/v1/action-items/{id}/resolve',
    operationId: 'resolveActionItem',
    summary: 'Note what you have done about it. No money moves',
    tag,
    key,
    permission: 'action_items.resolve',
    work: 'op',
    body: 'ResolveBody',
    answers: [item('The action item, resolved')],
    problems: ['not_found', 'invalid_state'],
    run: async (deps, { merchant, id, body }) => {
      const { resolution, note } = parse(ResolveBody, body);
      const resolved = await resolveActionItem(deps, merchant, { id, resolution, note: note ?? null });
      return { status: 200, body: presentActionItem(resolved) };
    },
  },
];
