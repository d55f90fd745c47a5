import type { Config } from '../../config.ts';
import { formatMoney, formatTime, type Money, moneyParts } from '../../i18n/format.ts';
import { LINK_TEXTS } from '../../i18n/link/link-texts.ts';
import type { LinkTexts } from '../../i18n/link/texts.ts';
import type { Message } from '../../i18n/texts.ts';
import { type LinkRow, stateOf } from '../../links/links.ts';
import type { OrderFaults } from '../../links/read-order.ts';
import { type Merchant, shopNameOf } from '../../merchants/merchant.ts';
import type { Composed } from '../pay/compose.ts';
import { type Frame, frame, type Place } from '../pay/page.ts';
import { render } from '../render.ts';
import { asset } from '../static.ts';

/** The page of a payment link: what it is, what is asked, one button. */
export interface OrderPage extends Frame {
  words: LinkTexts;
  heading: string;
  description: string | null;
  /** Null = it can be ordered. */
  over: Message | null;
  price:
    | { kind: 'fixed'; amount: Money }
    | { kind: 'list'; items: { id: string; name: string; amount: Money; yen: number; checked: boolean }[] }
    | { kind: 'open'; between: string; value: string };
  /** Of a fixed price, for the script that reckons the total; 0 otherwise. */
  yen: number;
  quantity: { least: number; most: number; value: string } | null;
  left: string | null;
  fields: OrderField[];
  total: Money | null;
  visitId: string;
  faults: Record<string, string>;
  notice: string | null;
  /** For previews in messengers. */
  card: { url: string; title: string; description: string; shop: string; image: string | null };
}

interface OrderField {
  name: string;
  label: string;
  hint: string | null;
  value: string;
  optional: boolean;
  autocomplete: string;
  inputmode: string;
  type: string;
  /** Of a choice. */
  options: { text: string; selected: boolean }[];
}

export interface OrderStand {
  link: LinkRow;
  merchant: Merchant;
  place: Place;
  config: Config;
  visitId: string;
  /** What was typed and could not be taken; `soldOut`: while it was filled in somebody else took the last. */
  typed: URLSearchParams;
  faults: OrderFaults;
  soldOut: boolean;
}

/** Above this nobody is hurried by what is left. */
const FEW = 10;

export function composeOrder(stand: OrderStand): Composed {
  const { link, merchant, place, config, typed } = stand;
  const { settings } = link;
  const { language } = place;
  const words = LINK_TEXTS[language];
  const base = frame(place, merchant, config);
  const over = overOf(stand, words);
  const faults = Object.fromEntries(
    Object.entries(stand.faults).map(([name, code]) => [name, words.faults[code]]),
  );
  const count = Object.keys(faults).length;
  const left = link.stock === null ? null : link.stock - link.taken;
  const page: OrderPage = {
    ...base,
    title: settings.title,
    styles: [...base.styles, asset('link.css')],
    scripts: [asset('link.js')],
    words,
    heading: settings.title,
    description: settings.description,
    over,
    price: priceOf(stand),
    yen: settings.price.kind === 'fixed' ? settings.price.amount : 0,
    quantity: settings.quantity && {
      ...settings.quantity,
      value: typed.get('quantity') ?? String(settings.quantity.least),
    },
    left: left !== null && left > 0 && left <= FEW ? words.pieces(left) : null,
    fields: fieldsOf(stand, words),
    total: totalOf(stand),
    visitId: stand.visitId,
    faults,
    notice: stand.soldOut ? words.soldOutNow : count > 0 ? words.faultCount(count) : null,
    card: {
      url: `${config.publicUrl}/l/${link.slug}`,
      title: settings.title,
      description: settings.description ?? shopNameOf(merchant),
      shop: shopNameOf(merchant),
      image: base.shop?.logo ?? null,
    },
  };
  const status = stand.soldOut ? 409 : count > 0 ? 422 : 200;
  const logo = base.shop?.logo ?? null;
  return { html: render('links/order', page), kind: 'card', status, language, logo };
}

function overOf({ link, merchant, place }: OrderStand, words: LinkTexts): Message | null {
  const now = merchant.clock.now();
  const state = stateOf(link, now);
  if (state === 'open') return null;
  const message = words.states[state];
  const { opensAt } = link.settings;
  if (state !== 'not_yet' || opensAt === null) return message;
  return { ...message, text: words.opensAt(formatTime(place.language, new Date(opensAt), now)) };
}

function priceOf({ link: { settings }, place: { language }, typed }: OrderStand): OrderPage['price'] {
  const { price } = settings;
  switch (price.kind) {
    case 'fixed':
      return { kind: 'fixed', amount: moneyParts(language, price.amount) };
    case 'list':
      return {
        kind: 'list',
        items: price.items.map(({ id, name, amount }) => ({
          id,
          name,
          amount: moneyParts(language, amount),
          yen: amount,
          checked: typed.get('choice') === id,
        })),
      };
    default: {
      const between = LINK_TEXTS[language].between(
        formatMoney(language, price.least),
        formatMoney(language, price.most),
      );
      return { kind: 'open', between, value: typed.get('amount') ?? '' };
    }
  }
}

/** Only where nothing is left to choose; with a script it follows what is chosen. */
function totalOf({ link: { settings }, place: { language }, typed }: OrderStand): Money | null {
  const { price, quantity } = settings;
  if (price.kind !== 'fixed') return null;
  const pieces = Number(typed.get('quantity') ?? quantity?.least ?? 1);
  return moneyParts(language, price.amount * (Number.isInteger(pieces) && pieces > 0 ? pieces : 1));
}

const CONTACT = {
  name: { autocomplete: 'name', inputmode: 'text', type: 'text' },
  email: { autocomplete: 'email', inputmode: 'email', type: 'email' },
  phone: { autocomplete: 'tel-national', inputmode: 'tel', type: 'tel' },
  postal_code: { autocomplete: 'postal-code', inputmode: 'numeric', type: 'text' },
  address: { autocomplete: 'address-line1', inputmode: 'text', type: 'text' },
  building: { autocomplete: 'address-line2', inputmode: 'text', type: 'text' },
} as const;

function fieldsOf({ link: { settings }, typed }: OrderStand, words: LinkTexts): OrderField[] {
  const { ask, fields } = settings;
  const asked = [
    ['name', ask.name],
    ['email', ask.email],
    ['phone', ask.phone],
    ['postal_code', ask.address],
    ['address', ask.address],
    ['building', ask.address === 'no' ? 'no' : 'optional'],
  ] as const;
  const known = asked.flatMap(([name, how]) =>
    how === 'no'
      ? []
      : [
          {
            name,
            label: words.fields[name],
            hint: name in words.hints ? words.hints[name as keyof LinkTexts['hints']] : null,
            value: typed.get(name) ?? '',
            optional: how === 'optional',
            ...CONTACT[name],
            options: [],
          },
        ],
  );
  const own = fields.map(({ id, label, options, required }) => ({
    name: `own_${id}`,
    label,
    hint: null,
    value: typed.get(`own_${id}`) ?? '',
    optional: !required,
    autocomplete: 'off',
    inputmode: 'text',
    type: 'text',
    options: options.map((text) => ({ text, selected: typed.get(`own_${id}`) === text })),
  }));
  return [...known, ...own];
}

/** In which language a link speaks where the shopper has not chosen one. */
export function localeOf({ settings }: LinkRow): { locale: string } {
  return { locale: settings.locale };
}
