/** The certificates that the ways to and from the Directory Servers stand on, and how long they still do. */
import { X509Certificate } from 'node:crypto';
import { type Config, MODES } from '../config.ts';
import type { Deps } from '../deps.ts';
import { BRANDS } from '../lib/card.ts';
import { DAY } from '../lib/clock.ts';
import { describeError } from '../lib/log.ts';
import { openIdentity, readPem, type TlsFiles } from '../lib/tls.ts';

export interface CertificateRecord {
  /** `live_ds_client`, `live_ds_ca` or `live_results`; with the brand behind it where each has its own. */
  name: string;
  subject: string;
  issuer: string;
  serial: string;
  notAfter: Date;
}

/** A source that says nothing, and why. */
export interface UnreadableCertificate {
  name: string;
  fault: string;
}

/** Every certificate of the configuration: of a chain or a bundle each one. Files are read now. */
export function certificateInventory(config: Config): (CertificateRecord | UnreadableCertificate)[] {
  return sourcesOf(config).flatMap<CertificateRecord | UnreadableCertificate>(({ name, source }) => {
    try {
      const blocks = readPem(source).match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
      if (blocks === null) return [{ name, fault: 'no certificate in it' }];
      return blocks.map((block) => recordOf(name, new X509Certificate(block)));
    } catch (error) {
      const { error: kind, code } = describeError(error);
      return [{ name, fault: String(code ?? kind) }];
    }
  });
}

/**
 * What keeps certificates, keys and authorities from being used at all, by the names of the inventory: a file that is
 * not there, a key that is not the certificate's. One that has ended is no fault here.
 */
export function identityFaults(config: Config): string[] {
  const faults = MODES.flatMap((mode) => {
    const { tls, results } = config.networks[mode] ?? { tls: null, results: null };
    const clients = tls === null ? [] : BRANDS.map((brand) => faultOf(`${mode}_ds_client`, tls[brand]));
    const listeners =
      results === null ? [] : BRANDS.map((brand) => faultOf(`${mode}_results`, results.tls[brand]));
    return [...clients, ...listeners];
  });
  return [...new Set(faults.filter((fault) => fault !== null))];
}

function faultOf(name: string, files: TlsFiles): string | null {
  try {
    openIdentity(files, () => {});
    return null;
  } catch (error) {
    // Of a file only the code: what was taken for its name may be a key without its first line.
    const { code, message } = describeError(error);
    return `${name}: cannot be used (${String(code).startsWith('ERR_') ? message : code})`;
  }
}

const WARN_MS = 30 * DAY;
const URGENT_MS = 7 * DAY;

export type Urgency = 'good' | 'renew' | 'urgent' | 'expired';

export function urgencyOf({ notAfter }: CertificateRecord, now: Date): Urgency {
  const leftMs = notAfter.getTime() - now.getTime();
  if (leftMs <= 0) return 'expired';
  if (leftMs <= URGENT_MS) return 'urgent';
  return leftMs <= WARN_MS ? 'renew' : 'good';
}

/** Says in the log what ends soon: a warning from 30 days before, an error from 7, and of what cannot be read. */
export function warnOfExpiry({ config, clock, log }: Pick<Deps, 'config' | 'clock' | 'log'>): void {
  const now = clock.now();
  for (const each of certificateInventory(config)) {
    if ('fault' in each) {
      log.error({ alert: 'certificate_unreadable', ...each }, 'a certificate cannot be read');
      continue;
    }
    const urgency = urgencyOf(each, now);
    if (urgency === 'good') continue;
    const alert = urgency === 'expired' ? 'certificate_expired' : 'certificate_expiring';
    const days = Math.floor((each.notAfter.getTime() - now.getTime()) / DAY);
    const fields = { alert, ...each, notAfter: each.notAfter.toISOString(), days };
    if (urgency === 'renew') log.warn(fields, 'a certificate ends soon');
    else log.error(fields, urgency === 'expired' ? 'a certificate has ended' : 'a certificate ends soon');
  }
}

function sourcesOf(config: Config): { name: string; source: string }[] {
  return MODES.flatMap((mode) => {
    const network = config.networks[mode];
    if (!network) return [];
    const { tls, results } = network;
    const clients = tls === null ? [] : BRANDS.map((brand) => ({ brand, source: tls[brand].cert }));
    const authorities =
      tls === null ? [] : BRANDS.flatMap((brand) => tls[brand].ca.map((source) => ({ brand, source })));
    const servers =
      results === null ? [] : BRANDS.map((brand) => ({ brand, source: results.tls[brand].cert }));
    return [
      ...named(`${mode}_ds_client`, clients),
      ...named(`${mode}_ds_ca`, authorities),
      ...named(`${mode}_results`, servers),
    ];
  });
}

/** One file for all brands is named once, without a brand. */
function named(name: string, sources: { brand: string; source: string }[]) {
  const distinct = new Set(sources.map(({ source }) => source));
  if (distinct.size === 1) return sources.slice(0, 1).map(({ source }) => ({ name, source }));
  return sources.map(({ brand, source }) => ({ name: `${name}_${brand}`, source }));
}

function recordOf(name: string, certificate: X509Certificate): CertificateRecord {
  const { subject, issuer, serialNumber: serial, validTo } = certificate;
  const line = (text: string) => text.split('\n').join(', ');
  return { name, subject: line(subject), issuer: line(issuer), serial, notAfter: new Date(validTo) };
}
