import type { z } from 'zod';
import type { LINKS_TEXTS } from '../../i18n/console/links.ts';
import type { LinkRow } from '../../links/links.ts';
import { PaymentLinkBody } from '../api/link-schemas.ts';
import { check } from '../api/parse.ts';

export type LinkBody = z.output<typeof PaymentLinkBody>;
type FaultCode = keyof (typeof LINKS_TEXTS)['ja']['fault'];
export type LinkFaults = Record<string, FaultCode>;

/** What stands in the fields of the form, by their names. */
export type LinkFields = Record<string, string>;

export const OWN = [1, 2, 3] as const;
const CONTACTS = ['name', 'email', 'phone', 'address'] as const;

/** Reads the console's form as the body that the API takes; faults by the form's field names. */
export function readLinkForm(form: URLSearchParams): { body: LinkBody | null; faults: LinkFaults } {
  const typed = (name: string) => (form.get(name) ?? '').trim();
  const faults: LinkFaults = {};
  const body = {
    title: typed('title'),
    description: typed('description').replace(/\r\n/g, '\n') || null,
    price: priceOf(typed, faults),
    quantity:
      form.get('quantity') === '1'
        ? { least: yen(typed('quantity_least') || '1'), most: yen(typed('quantity_most') || '10') }
        : null,
    stock: typed('stock') === '' ? null : yen(typed('stock')),
    tax_rate: typed('tax') === '' ? null : Number(typed('tax')),
    collect: Object.fromEntries(CONTACTS.map((name) => [name, typed(`ask_${name}`) || 'no'])),
    fields: OWN.flatMap((index) => ownField(index, typed, form)),
    opens_at: momentOf(typed('opens')),
    closes_at: momentOf(typed('closes')),
    after:
      typed('after') === 'redirect'
        ? { type: 'redirect', url: typed('url') }
        : { type: 'message', text: typed('message').replace(/\r\n/g, '\n') || null },
  };
  const checked = check(PaymentLinkBody, body);
  if (!checked.ok) {
    for (const { pointer, code } of checked.faults) {
      const name = nameOf(pointer, body.price.type);
      faults[name] ??= wordOf(name, code, typed(name));
    }
  }
  return { body: checked.ok && Object.keys(faults).length === 0 ? checked.value : null, faults };
}

type Typed = (name: string) => string;

function priceOf(typed: Typed, faults: LinkFaults) {
  const kind = typed('kind');
  if (kind === 'open') return { type: 'open', least: yen(typed('least')), most: yen(typed('most')) };
  if (kind !== 'list') return { type: 'fixed', amount: yen(typed('amount')) };
  const lines = typed('items')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
  const items = lines.map((line, index) => {
    const at = line.normalize('NFKC').lastIndexOf(',');
    const text = at >= 0 ? line.normalize('NFKC') : line.normalize('NFKC').replace(/、/g, ',');
    const cut = text.lastIndexOf(',');
    return { id: `item_${index + 1}`, name: text.slice(0, cut).trim(), amount: yen(text.slice(cut + 1)) };
  });
  if (items.length === 0 || items.some(({ name, amount }) => name === '' || !Number.isInteger(amount)))
    faults.items = 'items';
  return { type: 'list', items };
}

/** The name of a field never changes once it has answers: it goes by its place. */
function ownField(index: number, typed: Typed, form: URLSearchParams) {
  const label = typed(`own_label_${index}`);
  if (label === '') return [];
  const options = typed(`own_options_${index}`)
    .split(/[/／]/)
    .map((option) => option.trim())
    .filter((option) => option !== '');
  const required = form.get(`own_required_${index}`) === '1';
  return [{ id: `q${index}`, label, type: options.length > 0 ? 'choice' : 'text', options, required }];
}

/** Digits in any width, with marks; NaN where it is no number, so that its schema refuses it. */
function yen(text: string): number {
  const digits = text.normalize('NFKC').replace(/[,¥円\s]/g, '');
  return /^\d{1,9}$/.test(digits) ? Number(digits) : Number.NaN;
}

/** What `datetime-local` gives is a time in Japan. */
function momentOf(text: string): string | null {
  return text === '' ? null : `${text.slice(0, 16)}:00+09:00`;
}

/** Which field of the form a fault of the body is about. */
function nameOf(pointer: string, price: string): string {
  const [, first = '', second = '', third = ''] = pointer.split('/');
  if (first === 'price') return price === 'list' ? 'items' : second === '' ? 'amount' : second;
  if (first === 'quantity') return second === '' ? 'quantity_least' : `quantity_${second}`;
  if (first === 'fields') return `own_${third === 'options' ? 'options' : 'label'}_${Number(second) + 1}`;
  if (first === 'after') return second === 'url' ? 'url' : 'message';
  return { opens_at: 'opens', closes_at: 'closes', tax_rate: 'tax' }[first] ?? first;
}

const NUMBERS = ['amount', 'least', 'most', 'stock', 'quantity_least', 'quantity_most'];

function wordOf(name: string, code: string, typed: string): FaultCode {
  if (code === 'stock_too_low') return code;
  if (typed === '' && name !== 'url') return 'required';
  if (code === 'contradiction') return name === 'closes' ? 'time' : 'range';
  if (name === 'url') return 'url';
  if (name === 'items') return 'items';
  if (NUMBERS.includes(name)) return 'number';
  return code === 'too_big' ? 'tooLong' : 'other';
}

/** A link as its form shows it. */
export function fieldsOf({ settings, stock }: Pick<LinkRow, 'settings' | 'stock'>): LinkFields {
  const { price, quantity, ask, after, fields } = settings;
  const own = fields.flatMap(({ label, options, required }, index) => [
    [`own_label_${index + 1}`, label],
    [`own_options_${index + 1}`, options.join(' / ')],
    [`own_required_${index + 1}`, required ? '1' : ''],
  ]);
  return {
    title: settings.title,
    description: settings.description ?? '',
    kind: price.kind,
    amount: price.kind === 'fixed' ? String(price.amount) : '',
    items:
      price.kind === 'list' ? price.items.map(({ name, amount }) => `${name}, ${amount}`).join('\n') : '',
    least: price.kind === 'open' ? String(price.least) : '',
    most: price.kind === 'open' ? String(price.most) : '',
    tax: settings.taxRate === null ? '' : String(settings.taxRate),
    quantity: quantity === null ? '' : '1',
    quantity_least: String(quantity?.least ?? 1),
    quantity_most: String(quantity?.most ?? 10),
    stock: stock === null ? '' : String(stock),
    ...Object.fromEntries(CONTACTS.map((name) => [`ask_${name}`, ask[name]])),
    ...Object.fromEntries(own),
    opens: inJapan(settings.opensAt),
    closes: inJapan(settings.closesAt),
    after: after.kind,
    message: after.kind === 'message' ? (after.text ?? '') : '',
    url: after.kind === 'redirect' ? after.url : '',
  };
}

const AHEAD_MS = 9 * 3_600_000;

function inJapan(moment: string | null): string {
  if (moment === null) return '';
  const at = Date.parse(moment) + AHEAD_MS;
  return Number.isNaN(at) ? '' : dateText(at);
}

function dateText(at: number): string {
  const iso = new Date(at).toISOString();
  return iso.slice(0, 16);
}

/** What a preview shows of a form that is not finished: the good parts of it. */
export function sketchOf(form: URLSearchParams): LinkBody {
  const draft = new URLSearchParams(form);
  for (let tries = 0; tries < 30; tries += 1) {
    const { body, faults } = readLinkForm(draft);
    if (body !== null) return body;
    for (const name of Object.keys(faults)) draft.set(name, FILLED[name] ?? '');
    if (faults.items !== undefined) draft.set('kind', 'fixed');
  }
  return readLinkForm(new URLSearchParams(FILLED)).body ?? NOTHING;
}

const FILLED: Record<string, string> = {
  title: '―',
  kind: 'fixed',
  amount: '1000',
  least: '1',
  most: '10000',
  quantity_least: '1',
  quantity_most: '10',
};
const NOTHING = { title: '―', price: { type: 'fixed', amount: 1_000 } } as const satisfies LinkBody;
