import type { Config } from '../config.ts';

/**
 * Headers per kind of page. A policy names what its page needs and no more: where the card is typed nothing may be
 * framed and no form may go elsewhere; a page of 3-D Secure frames and posts to issuers, whose origins cannot be
 * listed; the return posts to the shop, which may redirect on to another origin; the card fields stand in a shop's page,
 * which may be cross-origin isolated, and have no form that goes anywhere.
 */
export type PageKind = 'card' | 'three_ds' | 'return' | 'plain' | 'fields' | 'console' | 'preview' | 'mail';

type Origins = Pick<Config, 'publicUrl' | 'production'>;

/** What a page shows, or is shown by, from elsewhere. */
export interface Neighbours {
  /** A picture: the merchant's logo. */
  imageUrl?: string | null;
  /** Who may frame the card fields; none = any shop. */
  ancestors?: readonly string[];
}

/** Where browsers report a breach of a page's policy. */
export const REPORTS_PATH = '/csp-reports';

export function pageHeaders(kind: PageKind, config: Origins, neighbours: Neighbours = {}) {
  const https = config.publicUrl.startsWith('https:');
  const framed = kind === 'fields';
  return {
    'Content-Security-Policy': policy(kind, config, neighbours, https),
    'Cache-Control': 'no-store',
    // `no-referrer` would make the Origin of our own posts `null`.
    'Referrer-Policy': 'strict-origin',
    'X-Content-Type-Options': 'nosniff',
    ...(framed ? FRAMED : { 'X-Frame-Options': isPicture(kind) ? 'SAMEORIGIN' : 'DENY' }),
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': framed ? 'cross-origin' : 'same-origin',
    'Permissions-Policy': permissions(kind),
    ...(https ? overHttps(config) : {}),
  };
}

function overHttps({ publicUrl }: Origins) {
  return {
    'Strict-Transport-Security': 'max-age=63072000',
    'Reporting-Endpoints': `csp="${publicUrl}${REPORTS_PATH}"`,
  };
}

/** A process of its own where browsers have any to give, also inside a page that is cross-origin isolated. */
const FRAMED = { 'Cross-Origin-Embedder-Policy': 'require-corp', 'Origin-Agent-Cluster': '?1' };

function policy(
  kind: PageKind,
  config: Origins,
  { imageUrl = null, ancestors = [] }: Neighbours,
  https: boolean,
): string {
  const elsewhere = config.production ? 'https:' : 'https: http://localhost:* http://127.0.0.1:*';
  const forms = {
    card: "'self'",
    three_ds: `'self' ${elsewhere}`,
    return: elsewhere,
    plain: "'self'",
    fields: "'none'",
    console: "'self'",
    preview: "'none'",
    mail: "'none'",
  };
  const shops = ancestors.length === 0 ? elsewhere : ancestors.join(' ');
  const directives = [
    "default-src 'none'",
    "script-src 'self'",
    // Mails carry their looks in themselves; a preview of one shows no more than the mail.
    `style-src ${kind === 'mail' ? "'unsafe-inline'" : "'self'"}`,
    `img-src 'self'${imageUrl === null ? '' : ` ${new URL(imageUrl).origin}`}`,
    "connect-src 'self'",
    `form-action ${forms[kind]}`,
    `frame-src ${frames(kind, elsewhere)}`,
    `frame-ancestors ${framers(kind, shops)}`,
    "base-uri 'none'",
    "object-src 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
    // The newer way takes the place of the older one where a browser knows it, and works over https only.
    `report-uri ${REPORTS_PATH}`,
    ...(https ? ['report-to csp', 'upgrade-insecure-requests'] : []),
  ];
  return directives.join('; ');
}

/** What the console shows of elsewhere, in a frame. */
function isPicture(kind: PageKind): boolean {
  return kind === 'preview' || kind === 'mail';
}

/** Shops frame the card fields, the console frames previews of pages, nobody anything else. */
function framers(kind: PageKind, shops: string): string {
  if (kind === 'fields') return shops;
  return isPicture(kind) ? "'self'" : "'none'";
}

/** The console frames a picture of the merchant's own page. */
function frames(kind: PageKind, elsewhere: string): string {
  if (kind === 'three_ds') return `'self' ${elsewhere}`;
  return kind === 'console' ? "'self'" : "'none'";
}

/** An issuer's page may ask for a passkey or a payment credential (EMV 3DS table A.24); nobody for anything else. */
function permissions(kind: PageKind): string {
  const delegated = kind === 'three_ds' ? '*' : '()';
  const denied = ['camera', 'geolocation', 'microphone', 'midi', 'usb', 'display-capture', 'unload'];
  return [
    ...denied.map((feature) => `${feature}=()`),
    `payment=${delegated}`,
    `publickey-credentials-get=${kind === 'console' ? '(self)' : delegated}`,
    ...(kind === 'console' ? ['publickey-credentials-create=(self)'] : []),
  ].join(', ');
}
