import type { Asked, Customer, LinkSettings } from '../db/schema.ts';

/** What a shopper ordered through a link, checked. Yen. */
export interface LinkOrder {
  choice: string | null;
  itemName: string;
  quantity: number;
  unitAmount: number;
  customer: Customer;
  answers: Record<string, string>;
}

export type OrderFault =
  | 'missing'
  | 'not_a_number'
  | 'too_little'
  | 'too_much'
  | 'not_offered'
  | 'email'
  | 'phone'
  | 'postal_code'
  | 'too_long';
/** By the field's name. */
export type OrderFaults = Record<string, OrderFault>;

const MOST_CHARACTERS = 200;
const MOST = 99_999_999;

/** Reads the form of a link's page: all faults at once, by field. Pure. */
export function readOrder(
  settings: LinkSettings,
  form: URLSearchParams,
): { order: LinkOrder; faults: OrderFaults } {
  const faults: OrderFaults = {};
  const typed = (name: string) => (form.get(name) ?? '').normalize('NFKC').trim();
  const priced = readPrice(settings, typed, faults);
  const quantity = readQuantity(settings, typed, faults);
  if (priced.unitAmount * quantity > MOST && faults.amount === undefined) faults.quantity ??= 'too_much';
  const { ask } = settings;
  const contact = {
    email: asked('email', ask.email),
    name: asked('name', ask.name),
    phone: asked('phone', ask.phone),
  };
  if (contact.email !== '' && !/^[^\s@]{1,64}@[^\s@]+\.[^\s@]{2,}$/.test(contact.email))
    faults.email = 'email';
  const phone = contact.phone.replace(/[^\d+]/g, '');
  if (contact.phone !== '' && !/^\+?\d{9,15}$/.test(phone)) faults.phone = 'phone';
  const address = readAddress(ask.address, asked, faults);
  const answers: Record<string, string> = {};
  for (const { id, required, options } of settings.fields) {
    const answer = asked(`own_${id}`, required ? 'required' : 'optional');
    if (answer !== '' && options.length > 0 && !options.map(normal).includes(answer))
      faults[`own_${id}`] = 'not_offered';
    if (answer !== '') answers[id] = answer;
  }
  const customer: Customer = {
    ...(contact.name === '' ? {} : { name: contact.name }),
    ...(contact.email === '' ? {} : { email: contact.email }),
    ...(phone === '' ? {} : { phone }),
    ...(address === null ? {} : { shipping_address: address }),
  };
  return { order: { ...priced, quantity, customer, answers }, faults };

  function asked(name: string, how: Asked): string {
    if (how === 'no') return '';
    const value = typed(name);
    if (value === '' && how === 'required') faults[name] = 'missing';
    if (value.length > MOST_CHARACTERS) faults[name] = 'too_long';
    return value;
  }
}

function readPrice(
  { price, title }: LinkSettings,
  typed: (name: string) => string,
  faults: OrderFaults,
): Pick<LinkOrder, 'choice' | 'itemName' | 'unitAmount'> {
  switch (price.kind) {
    case 'fixed':
      return { choice: null, itemName: title, unitAmount: price.amount };
    case 'list': {
      const wanted = typed('choice');
      const item = price.items.find(({ id }) => id === wanted);
      if (item === undefined) faults.choice = wanted === '' ? 'missing' : 'not_offered';
      return { choice: item?.id ?? null, itemName: item?.name ?? title, unitAmount: item?.amount ?? 0 };
    }
    default: {
      const amount = numberOf(typed('amount'));
      if (amount === null) faults.amount = typed('amount') === '' ? 'missing' : 'not_a_number';
      else if (amount < price.least) faults.amount = 'too_little';
      else if (amount > price.most) faults.amount = 'too_much';
      return { choice: null, itemName: title, unitAmount: amount ?? 0 };
    }
  }
}

function readQuantity(
  { quantity }: LinkSettings,
  typed: (name: string) => string,
  faults: OrderFaults,
): number {
  if (quantity === null) return 1;
  const pieces = numberOf(typed('quantity'));
  if (pieces === null) faults.quantity = typed('quantity') === '' ? 'missing' : 'not_a_number';
  else if (pieces < quantity.least) faults.quantity = 'too_little';
  else if (pieces > quantity.most) faults.quantity = 'too_much';
  return pieces ?? quantity.least;
}

function readAddress(
  how: Asked,
  asked: (name: string, how: Asked) => string,
  faults: OrderFaults,
): Customer['shipping_address'] | null {
  const postalCode = asked('postal_code', how).replace(/\D/g, '');
  const [line1, line2] = [asked('address', how), asked('building', how === 'no' ? 'no' : 'optional')];
  if (postalCode !== '' && postalCode.length !== 7) faults.postal_code = 'postal_code';
  if (postalCode === '' && line1 === '') return null;
  return { postal_code: postalCode, line1, ...(line2 === '' ? {} : { line2 }), country: 'JP' };
}

/** `¥1,200円` in any width; null where it is no whole number. */
function numberOf(text: string): number | null {
  const digits = text.replace(/[,¥円\s]/g, '');
  return /^\d{1,8}$/.test(digits) ? Number(digits) : null;
}

function normal(text: string): string {
  return text.normalize('NFKC').trim();
}
