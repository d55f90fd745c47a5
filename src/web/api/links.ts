import type { Config } from '../../config.ts';
import type { LinkSettings } from '../../db/schema.ts';
import {
  type ChangeLinkInput,
  changeLink,
  createLink,
  type LinkRow,
  listLinks,
  loadLink,
  stateOf,
} from '../../links/links.ts';
import type { Merchant } from '../../merchants/merchant.ts';
import { PaymentLinkBody, PaymentLinkChange, toSettings } from './link-schemas.ts';
import { parse, parseQuery } from './parse.ts';
import { type ApiRoute, presentPage, type Result } from './route.ts';
import { EmptyBody, ListQuery } from './schemas.ts';

const tag = 'payment links';
const key = 'secret';
const answers = (status: number, description: string) => [{ status, description, schema: 'PaymentLink' }];

export const linkRoutes: ApiRoute[] = [
  {
    method: 'post',
    path: '/v1/payment-links',
    operationId: 'createPaymentLink',
    summary: 'Make a link that sells without code; it is active at once',
    tag,
    key,
    permission: 'links.write',
    work: 'plink',
    body: 'PaymentLinkBody',
    answers: answers(201, 'The link'),
    problems: [],
    run: async (deps, { merchant, body, workId }) => {
      const read = parse(PaymentLinkBody, body);
      const input = { settings: toSettings(read), stock: read.stock ?? null, workId };
      const link = await createLink(deps, merchant, input);
      return { status: 201, body: presentLink(deps.config, merchant, link) };
    },
  },
  {
    method: 'get',
    path: '/v1/payment-links',
    operationId: 'listPaymentLinks',
    summary: 'List payment links, newest first',
    tag,
    key,
    permission: 'links.read',
    query: ListQuery,
    answers: [{ status: 200, description: 'A page of links', schema: 'PaymentLinkList' }],
    problems: [],
    run: async (deps, { merchant, query }) => {
      const { cursor, limit } = parseQuery(ListQuery, query);
      const page = await listLinks(deps, merchant, { cursor: cursor ?? null, limit });
      return { status: 200, body: presentPage(page, (link) => presentLink(deps.config, merchant, link)) };
    },
  },
  {
    method: 'get',
    path: '/v1/payment-links/{id}',
    operationId: 'getPaymentLink',
    summary: 'Read a payment link',
    tag,
    key,
    permission: 'links.read',
    answers: answers(200, 'The link'),
    problems: ['not_found'],
    run: async (deps, { merchant, id }) => {
      const link = await loadLink(deps, merchant, id);
      return { status: 200, body: presentLink(deps.config, merchant, link) };
    },
  },
  {
    method: 'post',
    path: '/v1/payment-links/{id}',
    operationId: 'changePaymentLink',
    summary: 'Change what is given of a payment link; what was ordered before stays as it was ordered',
    tag,
    key,
    permission: 'links.write',
    work: 'plink',
    body: 'PaymentLinkChange',
    answers: answers(200, 'The link'),
    problems: ['not_found'],
    run: async (deps, { merchant, id, body }) => {
      const change = parse(PaymentLinkChange, body);
      const known = await loadLink(deps, merchant, id);
      const read = parse(PaymentLinkBody, { ...bodyOf(known), ...change });
      const input = { settings: toSettings(read), stock: read.stock ?? null };
      return {
        status: 200,
        body: presentLink(deps.config, merchant, await changeLink(deps, merchant, id, input)),
      };
    },
  },
  turning('activate', 'active', 'Let a payment link be used again'),
  turning('deactivate', 'inactive', 'Take a payment link out of use; who is paying already may finish'),
];

function turning(verb: string, status: ChangeLinkInput['status'], summary: string): ApiRoute {
  return {
    method: 'post',
    path: `/v1/payment-links/{id}/${verb}`,
    operationId: `${verb}PaymentLink`,
    summary,
    tag,
    key,
    permission: 'links.write',
    work: 'plink',
    body: 'EmptyBody',
    answers: answers(200, 'The link'),
    problems: ['not_found'],
    run: async (deps, { merchant, id, body }): Promise<Result> => {
      parse(EmptyBody, body);
      const link = await changeLink(deps, merchant, id, { status });
      return { status: 200, body: presentLink(deps.config, merchant, link) };
    },
  };
}

export function presentLink(
  { publicUrl }: Pick<Config, 'publicUrl'>,
  merchant: Merchant,
  link: LinkRow,
): object {
  const { stock, taken } = link;
  return {
    id: link.id,
    object: 'payment_link',
    mode: link.mode,
    url: `${publicUrl}/l/${link.slug}`,
    status: link.status,
    state: stateOf(link, merchant.clock.now()),
    ...bodyOf(link),
    stock: stock === null ? null : { total: stock, taken, left: stock - taken },
    created_at: link.createdAt.toISOString(),
  };
}

/** A link as the body that would make it. */
export function bodyOf({ settings, stock }: Pick<LinkRow, 'settings' | 'stock'>): Record<string, unknown> {
  return {
    title: settings.title,
    description: settings.description,
    price: typed(settings.price),
    quantity: settings.quantity,
    stock,
    tax_rate: settings.taxRate,
    collect: settings.ask,
    fields: settings.fields.map(({ kind, options, ...field }) =>
      kind === 'choice' ? { ...field, type: kind, options } : { ...field, type: kind },
    ),
    methods: settings.methods,
    locale: settings.locale,
    opens_at: settings.opensAt,
    closes_at: settings.closesAt,
    after: typed(settings.after),
  };
}

/** What is `kind` within is `type` outside. */
function typed({ kind, ...rest }: LinkSettings['price'] | LinkSettings['after']): object {
  return { type: kind, ...rest };
}
