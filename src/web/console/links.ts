import type { Deps } from '../../deps.ts';
import { LINKS_TEXTS } from '../../i18n/console/links.ts';
import { formatMoney, formatTime } from '../../i18n/format.ts';
import { newId } from '../../lib/ids.ts';
import { Problem } from '../../lib/problem.ts';
import { changeLink, createLink, type LinkRow, listLinks, loadLink, stateOf } from '../../links/links.ts';
import { ordersOfLink } from '../../links/orders-of-link.ts';
import { offeredBy, shopNameOf } from '../../merchants/merchant.ts';
import { methodOf } from '../../methods/methods.ts';
import { toSettings } from '../api/link-schemas.ts';
import { composeOrder } from '../links/page.ts';
import { fieldsOf, type LinkFaults, type LinkFields, OWN, readLinkForm, sketchOf } from './links-form.ts';
import {
  type ConsoleAnswer,
  type ConsoleCall,
  type ConsoleLanguage,
  type ConsoleRoute,
  page,
  redirect,
} from './route.ts';

type T = (typeof LINKS_TEXTS)['ja'] | (typeof LINKS_TEXTS)['en'];

interface StateChip {
  text: string;
  state: 'good' | 'waiting' | 'bad' | 'over';
}

export interface LinksData {
  t: T;
  mayWrite: boolean;
  rows: { href: string; title: string; price: string; stock: string; chip: StateChip; made: string }[];
  older: string | null;
  newest: boolean;
}

export interface LinkFormData {
  t: T;
  /** Null = a new one. */
  id: string | null;
  workId: string;
  fields: LinkFields;
  faults: Record<string, string>;
  faulty: boolean;
  own: readonly number[];
}

export interface LinkData {
  t: T;
  said: string | null;
  mayWrite: boolean;
  id: string;
  url: string;
  /** Its QR code, at our own address whatever the public one is. */
  qr: string;
  price: string;
  stock: string;
  chip: StateChip;
  paused: boolean;
  orders: { href: string; order: string; what: string; amount: string; chip: StateChip; made: string }[];
}

export interface PosterData {
  t: T;
  shop: string;
  name: string;
  price: string;
  qr: string;
  url: string;
  ways: string[];
  back: string;
}

const SHOWN = 50;
const read = { permission: 'links.read' } as const;
const write = { permission: 'links.write' } as const;

export const linksRoutes: ConsoleRoute[] = [
  { method: 'get', path: '/console/links', ...read, run: list },
  {
    method: 'get',
    path: '/console/links/new',
    ...write,
    run: async (_, call) => form(call, null, { kind: 'fixed', ask_email: 'no', after: 'message' }, {}),
  },
  { method: 'post', path: '/console/links', ...write, run: create },
  {
    method: 'post',
    path: '/console/links/preview',
    ...write,
    run: async (deps, call) => preview(deps, call),
  },
  { method: 'get', path: '/console/links/:id', ...read, run: detail },
  {
    method: 'get',
    path: '/console/links/:id/edit',
    ...write,
    run: async (deps, call) => {
      const link = await own(deps, call);
      return form(call, link.id, fieldsOf(link), {});
    },
  },
  { method: 'post', path: '/console/links/:id', ...write, run: change },
  { method: 'post', path: '/console/links/:id/status', ...write, run: turn },
  { method: 'get', path: '/console/links/:id/poster', ...read, run: poster },
];

function own(deps: Deps, { merchant, params }: ConsoleCall): Promise<LinkRow> {
  return loadLink(deps, merchant, params.id ?? '');
}

async function list(deps: Deps, { merchant, language, query, may }: ConsoleCall): Promise<ConsoleAnswer> {
  const t = LINKS_TEXTS[language];
  const now = merchant.clock.now();
  const cursor = query.get('before');
  const found = await listLinks(deps, merchant, { cursor, limit: SHOWN });
  const data: LinksData = {
    t,
    mayWrite: may('links.write'),
    rows: found.data.map((link) => ({
      href: `/console/links/${link.id}`,
      title: link.settings.title,
      price: priceText(t, language, link),
      stock: stockText(t, link),
      chip: chipOf(t, link, now),
      made: formatTime(language, link.createdAt, now),
    })),
    older: found.nextCursor === null ? null : `/console/links?before=${found.nextCursor}`,
    newest: cursor !== null,
  };
  return page('links', { title: t.title, place: 'links', data });
}

async function create(deps: Deps, call: ConsoleCall): Promise<ConsoleAnswer> {
  const { body, faults } = readLinkForm(call.form);
  if (body === null) return form(call, null, typedIn(call), faults);
  const typedId = call.form.get('work') ?? '';
  const workId = /^plink_[0-9a-z]{39}$/.test(typedId) ? typedId : newId('plink', call.merchant.clock.now());
  const link = await createLink(deps, call.merchant, {
    settings: toSettings(body),
    stock: body.stock ?? null,
    workId,
  });
  return redirect(`/console/links/${link.id}?done=made`);
}

async function change(deps: Deps, call: ConsoleCall): Promise<ConsoleAnswer> {
  const { id } = await own(deps, call);
  const { body, faults } = readLinkForm(call.form);
  if (body === null) return form(call, id, typedIn(call), faults);
  try {
    await changeLink(deps, call.merchant, id, { settings: toSettings(body), stock: body.stock ?? null });
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'validation_failed') throw error;
    return form(call, id, typedIn(call), { stock: 'stock_too_low' });
  }
  return redirect(`/console/links/${id}?done=changed`);
}

async function turn(deps: Deps, call: ConsoleCall): Promise<ConsoleAnswer> {
  const { id } = await own(deps, call);
  const paused = call.form.get('status') === 'inactive';
  await changeLink(deps, call.merchant, id, { status: paused ? 'inactive' : 'active' });
  return redirect(`/console/links/${id}?done=${paused ? 'paused' : 'resumed'}`);
}

function typedIn({ form: typed }: ConsoleCall): LinkFields {
  return Object.fromEntries(typed);
}

function form(call: ConsoleCall, id: string | null, fields: LinkFields, faults: LinkFaults): ConsoleAnswer {
  const t = LINKS_TEXTS[call.language];
  const faulty = Object.keys(faults).length > 0;
  const data: LinkFormData = {
    t,
    id,
    workId: fields.work ?? newId('plink', call.merchant.clock.now()),
    fields,
    faults: Object.fromEntries(Object.entries(faults).map(([name, code]) => [name, t.fault[code]])),
    faulty,
    own: OWN,
  };
  const title = id === null ? t.form.new : t.form.edit;
  return page('links-form', { title, place: 'links', data, status: faulty ? 422 : 200 });
}

async function preview(
  { config }: Deps,
  { merchant, language, form: typed }: ConsoleCall,
): Promise<ConsoleAnswer> {
  const body = sketchOf(typed);
  const now = merchant.clock.now();
  const link: LinkRow = {
    merchantId: merchant.merchantId,
    id: 'plink_preview',
    mode: merchant.mode,
    slug: 'preview',
    status: 'active',
    settings: { ...toSettings(body), opensAt: null, closesAt: null },
    stock: body.stock ?? null,
    taken: 0,
    version: 0,
    createdAt: now,
    createdBy: null,
  };
  const place = { path: '/console/links/preview', language, chosen: false };
  const stand = {
    link,
    merchant,
    place,
    config,
    visitId: '',
    typed: new URLSearchParams(),
    faults: {},
    soldOut: false,
  };
  const { html, logo } = composeOrder(stand);
  return { kind: 'preview', html, imageUrl: logo };
}

async function detail(deps: Deps, call: ConsoleCall): Promise<ConsoleAnswer> {
  const { merchant, language, query, may } = call;
  const t = LINKS_TEXTS[language];
  const link = await own(deps, call);
  const now = merchant.clock.now();
  const done = query.get('done') ?? '';
  const data: LinkData = {
    t,
    said: done in t.done ? t.done[done as keyof T['done']] : null,
    mayWrite: may('links.write'),
    id: link.id,
    url: `${deps.config.publicUrl}/l/${link.slug}`,
    qr: `/l/${link.slug}/qr.svg`,
    price: priceText(t, language, link),
    stock: stockText(t, link),
    chip: chipOf(t, link, now),
    paused: link.status === 'inactive',
    orders: (await ordersOfLink(deps, link, SHOWN)).map((order) => ({
      href: `/console/payments?q=${order.orderId}`,
      order: order.orderId,
      what: [itemName(link, order.choice), order.quantity > 1 ? `× ${order.quantity}` : ''].join(' ').trim(),
      amount: formatMoney(language, order.unitAmount * order.quantity),
      chip: { text: t.detail.orderStates[order.status], state: ORDER_CHIPS[order.status] },
      made: formatTime(language, order.createdAt, now),
    })),
  };
  return page('links-detail', { title: link.settings.title, place: 'links', data });
}

const ORDER_CHIPS = { held: 'waiting', sold: 'good', released: 'over' } as const;

async function poster(deps: Deps, call: ConsoleCall): Promise<ConsoleAnswer> {
  const { merchant, language } = call;
  const t = LINKS_TEXTS[language];
  const link = await own(deps, call);
  const url = `${deps.config.publicUrl}/l/${link.slug}`;
  const methods = link.settings.methods ?? offeredBy(merchant.settings);
  const data: PosterData = {
    t,
    shop: shopNameOf(merchant),
    name: link.settings.title,
    price: priceText(t, language, link),
    qr: `/l/${link.slug}/qr.svg`,
    url: url.replace(/^https?:\/\//, ''),
    ways: methods.flatMap((id) => methodOf(id)?.name[language] ?? []),
    back: `/console/links/${link.id}`,
  };
  return page('links-poster', { title: t.poster.title, place: 'links', data });
}

function priceText(t: T, language: ConsoleLanguage, { settings: { price } }: LinkRow): string {
  if (price.kind === 'fixed') return formatMoney(language, price.amount);
  if (price.kind === 'open') return t.open;
  return t.from(formatMoney(language, Math.min(...price.items.map(({ amount }) => amount))));
}

function itemName({ settings: { price, title } }: LinkRow, choice: string | null): string {
  return price.kind === 'list' ? (price.items.find(({ id }) => id === choice)?.name ?? title) : title;
}

function stockText(t: T, { stock, taken }: LinkRow): string {
  return stock === null ? t.unlimited : t.stock(stock - taken, stock);
}

function chipOf(t: T, link: LinkRow, now: Date): StateChip {
  const state = stateOf(link, now);
  const looks = {
    open: 'good',
    not_yet: 'waiting',
    closed: 'over',
    sold_out: 'bad',
    inactive: 'over',
  } as const;
  return { text: t.states[state], state: looks[state] };
}
