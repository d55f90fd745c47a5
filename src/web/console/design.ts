import type { Deps } from '../../deps.ts';
import { DESIGN_TEXTS } from '../../i18n/console/design.ts';
import { LEGAL_TEXTS } from '../../i18n/shop/legal-texts.ts';
import { storeLogo } from '../../merchants/logos.ts';
import { type Merchant, offeredBy, shopNameOf } from '../../merchants/merchant.ts';
import { changeSettings, LEGAL_FIELDS } from '../../merchants/settings.ts';
import { methodOf } from '../../methods/methods.ts';
import { brandHex, buttonContrast } from '../brand-style.ts';
import { samplePageOf } from '../integrity/sample-pages.ts';
import { shopOf } from '../pay/page.ts';
import { type DesignFaults, readDesign } from './design-form.ts';
import { type ConsoleAnswer, type ConsoleCall, type ConsoleRoute, page, redirect } from './route.ts';

export interface DesignData {
  t: (typeof DESIGN_TEXTS)['ja'] | (typeof DESIGN_TEXTS)['en'];
  saved: boolean;
  mayWrite: boolean;
  faulty: boolean;
  faults: Record<string, string>;
  shopName: string;
  contractName: string;
  logo: string | null;
  color: string;
  contrast: string | null;
  contact: { email: string; phone: string; url: string };
  termsUrl: string;
  legal: { name: string; label: string; value: string; long: boolean }[];
  legalLink: string | null;
  methods: { id: string; name: string; shown: boolean; place: number }[];
}

const UPLOAD_BYTES = 1024 * 1024;
const LONG: readonly string[] = ['address', 'price', 'extra_costs', 'payment', 'delivery', 'returns'];

export const designRoutes: ConsoleRoute[] = [
  {
    method: 'get',
    path: '/console/design',
    permission: 'design.read',
    run: async (deps, call) => show(deps, call, call.merchant, {}),
  },
  {
    method: 'post',
    path: '/console/design',
    permission: 'design.write',
    uploadBytes: UPLOAD_BYTES,
    run: save,
  },
  {
    method: 'get',
    path: '/console/design/preview',
    permission: 'design.read',
    run: async (deps, call) => preview(deps, call, call.merchant),
  },
  {
    method: 'post',
    path: '/console/design/preview',
    permission: 'design.read',
    uploadBytes: UPLOAD_BYTES,
    run: async (deps, call) =>
      preview(deps, call, changed(call, readDesign(call.form, call.merchant).changes)),
  },
];

async function save(deps: Deps, call: ConsoleCall): Promise<ConsoleAnswer> {
  const { changes, faults } = readDesign(call.form, call.merchant);
  const upload = call.files.logo;
  if (upload !== undefined && upload.bytes.length > 0) {
    const stored = await storeLogo(deps, call.merchant, upload.bytes);
    if ('fault' in stored) faults.logo = stored.fault;
    else changes.logoUrl = stored.path;
  }
  if (Object.keys(faults).length > 0) return show(deps, call, changed(call, changes), faults);
  await changeSettings(deps, call.merchant, changes);
  return redirect('/console/design?done=saved');
}

function changed({ merchant }: ConsoleCall, changes: Partial<Merchant['settings']>): Merchant {
  return { ...merchant, settings: { ...merchant.settings, ...changes } };
}

function preview({ config }: Deps, { language }: ConsoleCall, merchant: Merchant): ConsoleAnswer {
  const place = { path: '/console/design/preview', language, chosen: false };
  const { html, logo } = samplePageOf(merchant, place, config);
  return { kind: 'preview', html, imageUrl: logo };
}

function show(
  { config }: Deps,
  { language, query, form, may, merchant: saved }: ConsoleCall,
  merchant: Merchant,
  faults: DesignFaults,
): ConsoleAnswer {
  const t = DESIGN_TEXTS[language];
  const { settings, merchantId } = merchant;
  const typed = (name: string, value: string | null) => form.get(name) ?? value ?? '';
  const hex = brandHex(settings.brandColor);
  const faulty = Object.keys(faults).length > 0;
  const data: DesignData = {
    t,
    saved: query.get('done') === 'saved',
    mayWrite: may('design.write'),
    faulty,
    faults: Object.fromEntries(Object.entries(faults).map(([name, code]) => [name, t.fault[code]])),
    shopName: typed('shop_name', settings.shopName),
    contractName: shopNameOf({ name: saved.name, settings: { ...settings, shopName: null } }),
    logo: shopOf(merchant, config).logo,
    color: typed('brand_color', settings.brandColor),
    contrast: hex === null ? null : t.shop.contrast(buttonContrast(hex).toFixed(1)),
    contact: {
      email: typed('email', settings.contact.email),
      phone: typed('phone', settings.contact.phone),
      url: typed('url', settings.contact.url),
    },
    termsUrl: typed('terms_url', settings.termsUrl),
    legal: LEGAL_FIELDS.map((field) => ({
      name: `legal_${field}`,
      label: LEGAL_TEXTS[language].fields[field],
      value: typed(`legal_${field}`, settings.legalNotice?.[field] ?? null),
      long: LONG.includes(field),
    })),
    legalLink: saved.settings.legalNotice === null ? null : `/legal/${merchantId}`,
    methods: methodsOf(merchant, language),
  };
  return page('design', { title: t.title, place: 'design', data, status: faulty ? 422 : 200 });
}

/** Those that are shown first, in their order, then the rest of the contract. */
function methodsOf({ settings }: Merchant, language: 'ja' | 'en'): DesignData['methods'] {
  const shown = offeredBy(settings);
  const rest = settings.methods.filter((id) => !shown.includes(id));
  return [...shown, ...rest].flatMap((id, index) => {
    const method = methodOf(id);
    if (method === null) return [];
    return [{ id, name: method.name[language], shown: shown.includes(id), place: index + 1 }];
  });
}
