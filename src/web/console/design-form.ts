import type { DESIGN_TEXTS } from '../../i18n/console/design.ts';
import type { Merchant } from '../../merchants/merchant.ts';
import { LEGAL_FIELDS, Settings } from '../../merchants/settings.ts';
import { brandHex } from '../brand-style.ts';

type FaultCode = keyof (typeof DESIGN_TEXTS)['ja']['fault'];
export type DesignFaults = Record<string, FaultCode>;
type Changes = Partial<Merchant['settings']>;

/** What was posted as settings; `faults` by the field's name. A field with a fault changes nothing. */
export function readDesign(
  form: URLSearchParams,
  { settings }: Pick<Merchant, 'settings'>,
): { changes: Changes; faults: DesignFaults } {
  const faults: DesignFaults = {};
  const text = (name: string) => (form.get(name) ?? '').normalize('NFKC').trim() || null;
  const kept = (name: string, code: FaultCode, change: Changes): Changes => {
    if (Settings.safeParse(change).success) return change;
    faults[name] = code;
    return {};
  };
  const colour = text('brand_color');
  const contact = { email: text('email'), phone: phoneOf(text('phone')), url: text('url') };
  const urls = { ...contact, email: null, phone: null };
  const offered = readMethods(form, settings.methods);
  if (offered.length === 0) faults.methods = 'none';
  if (contact.phone !== null && !/^[+\d][\d-]{8,16}$/.test(contact.phone)) faults.phone = 'phone';
  if (colour !== null && brandHex(colour) === null) faults.brand_color = 'color';
  kept('email', 'email', { contact: { email: contact.email, phone: null, url: null } });
  kept('url', 'url', { contact: urls });
  const legal = LEGAL_FIELDS.map(
    (field) => [field, form.get(`legal_${field}`)?.replace(/\r\n/g, '\n').trim() ?? ''] as const,
  );
  const notice = Object.fromEntries(legal.filter(([, value]) => value !== ''));
  const changes: Changes = {
    ...kept('shop_name', 'tooLong', { shopName: (form.get('shop_name') ?? '').trim() || null }),
    brandColor: colour === null ? null : `#${brandHex(colour)}`,
    ...('email' in faults || 'url' in faults ? {} : { contact }),
    ...kept('terms_url', 'url', { termsUrl: text('terms_url') }),
    ...kept('legal', 'tooLong', { legalNotice: Object.keys(notice).length === 0 ? null : notice }),
    offered: sameOrder(offered, settings.methods) ? null : offered,
    ...(form.get('logo_remove') === '1' ? { logoUrl: null } : {}),
  };
  return { changes, faults };
}

/** Those that are shown, by the numbers beside them; equal numbers keep their order. */
function readMethods(form: URLSearchParams, methods: readonly string[]): string[] {
  const shown = form.getAll('method').filter((id) => methods.includes(id));
  const place = (id: string) => Number.parseInt(form.get(`place_${id}`) ?? '', 10) || methods.length;
  return [...new Set(shown)].sort((a, b) => place(a) - place(b));
}

function sameOrder(a: readonly string[], b: readonly string[]): boolean {
  return a.join() === b.join();
}

/** Hyphens come in many shapes from a Japanese keyboard. */
function phoneOf(typed: string | null): string | null {
  return typed?.replace(/[‐‑‒–—―−ー()\s]/g, '-').replace(/^-|-$|(?<=-)-+/g, '') ?? null;
}
