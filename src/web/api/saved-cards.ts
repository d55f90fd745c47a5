import { chargeSavedCard } from '../../payments/charge-saved-card.ts';
import { presentPayment } from '../../payments/present.ts';
import {
  deleteSavedCard,
  listSavedCards,
  loadSavedCard,
  presentSavedCard,
} from '../../payments/saved-cards.ts';
import { check, parseQuery, validationFailed } from './parse.ts';
import { type ApiRoute, presentPage } from './route.ts';
import { ChargeBody, SavedCardsQuery } from './schemas.ts';

const tag = 'saved cards';
const key = 'secret';

export const savedCardRoutes: ApiRoute[] = [
  {
    method: 'get',
    path: '/v1/saved-cards',
    operationId: 'listSavedCards',
    summary: 'List the cards that shoppers keep, newest first; also those that expire before a time',
    tag,
    key,
    permission: 'payments.read',
    query: SavedCardsQuery,
    answers: [{ status: 200, description: 'A page of saved cards', schema: 'SavedCardList' }],
    problems: [],
    run: async (deps, { merchant, query }) => {
      const asked = parseQuery(SavedCardsQuery, query);
      const page = await listSavedCards(deps, merchant, {
        customerReference: asked.customer_reference ?? null,
        expiresBefore: asked.expires_before ?? null,
        cursor: asked.cursor ?? null,
        limit: asked.limit,
      });
      return { status: 200, body: presentPage(page, (row) => presentSavedCard(merchant, row)) };
    },
  },
  {
    method: 'get',
    path: '/v1/saved-cards/{id}',
    operationId: 'getSavedCard',
    summary: 'Read a saved card',
    tag,
    key,
    permission: 'payments.read',
    answers: [{ status: 200, description: 'The saved card', schema: 'SavedCard' }],
    problems: ['not_found'],
    run: async (deps, { merchant, id }) => ({
      status: 200,
      body: presentSavedCard(merchant, await loadSavedCard(deps, merchant, id)),
    }),
  },
  {
    method: 'delete',
    path: '/v1/saved-cards/{id}',
    operationId: 'deleteSavedCard',
    summary: 'Take a saved card away for good, and with it the agreement to charge it',
    tag,
    key,
    permission: 'saved_cards.write',
    answers: [{ status: 204, description: 'It is not kept any more', schema: null }],
    problems: ['not_found'],
    run: async (deps, { merchant, id }) => {
      await deleteSavedCard(deps, merchant, id, 'merchant');
      return { status: 204, body: null };
    },
  },
  {
    method: 'post',
    path: '/v1/saved-cards/{id}/charges',
    operationId: 'chargeSavedCard',
    summary: 'Charge a saved card without its cardholder, who agreed to that',
    tag,
    key,
    permission: 'payments.charge',
    work: 'cs',
    body: 'ChargeBody',
    answers: [
      { status: 201, description: 'The payment, captured or authorized', schema: 'Payment' },
      { status: 202, description: 'No answer came in time: it is being reversed', schema: 'Payment' },
    ],
    problems: [
      'not_found',
      'charge_not_agreed',
      'saved_card_expired',
      'order_in_progress',
      'order_already_paid',
      'charge_declined',
    ],
    run: async (deps, { merchant, id, body, workId }) => {
      const checked = check(ChargeBody, body);
      if (!checked.ok) {
        await loadSavedCard(deps, merchant, id);
        throw validationFailed(checked.faults);
      }
      const { order_id: orderId, description, ...input } = checked.value;
      const charge = { ...input, savedCardId: id, orderId, description: description ?? null, workId };
      const { snapshot, settled } = await chargeSavedCard(deps, merchant, charge);
      return { status: settled ? 201 : 202, body: presentPayment(deps, snapshot) };
    },
  },
];
