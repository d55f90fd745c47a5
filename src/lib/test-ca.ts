/**
 * A certification authority for tests and for test mode: X.509 v3 certificates (RFC 5280) with P-256 keys. Node.js
 * reads certificates but makes none; this writes the few fields that TLS looks at. It is never used in production,
 * where the Directory Servers' own authorities issue what there is.
 */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIPv4 } from 'node:net';
import { bits, boolean, integer, octets, oid, sequence, set, tagged, time, utf8 } from './der.ts';

export interface TestCa {
  /** PEM. */
  cert: string;
  issue(wanted: Wanted): { cert: string; key: string };
}

export interface Wanted {
  /** Common name. */
  name: string;
  /** Host names and IPv4 addresses that a server answers to. */
  hosts?: string[];
  notBefore: Date;
  notAfter: Date;
}

/** Draws a new authority; its key stays in this object. */
export function makeTestCa(wanted: Wanted): TestCa {
  const keys = newKeys();
  const issuer = { name: wanted.name, key: keys.privateKey, keyId: keyIdOf(keys.publicKey) };
  return {
    cert: certificate(wanted, keys.publicKey, issuer, true),
    issue: (leaf) => {
      const { publicKey, privateKey } = newKeys();
      const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
      return { cert: certificate(leaf, publicKey, issuer, false), key };
    },
  };
}

interface Issuer {
  name: string;
  key: KeyObject;
  keyId: Buffer;
}

const ECDSA_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));

function certificate(wanted: Wanted, subject: KeyObject, issuer: Issuer, isCa: boolean): string {
  const body = sequence(
    tagged(0, integer(Buffer.of(2))),
    integer(serialNumber()),
    ECDSA_SHA256,
    nameOf(issuer.name),
    sequence(time(wanted.notBefore), time(wanted.notAfter)),
    nameOf(wanted.name),
    subject.export({ type: 'spki', format: 'der' }),
    tagged(3, sequence(...extensions(wanted, subject, issuer, isCa))),
  );
  const der = sequence(body, ECDSA_SHA256, bits(sign('sha256', body, issuer.key)));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

/** Basic constraints, key usage, extended key usage, subject alternative names, key identifiers. */
function extensions(wanted: Wanted, subject: KeyObject, issuer: Issuer, isCa: boolean): Buffer[] {
  const critical = (id: string, value: Buffer) => sequence(oid(id), boolean(true), octets(value));
  const plain = (id: string, value: Buffer) => sequence(oid(id), octets(value));
  const identifiers = [
    plain('2.5.29.14', octets(keyIdOf(subject))),
    plain('2.5.29.35', sequence(tagged(0, issuer.keyId, true))),
  ];
  if (isCa) {
    const certSignAndCrlSign = bits(Buffer.of(0b0000_0110), 1);
    return [
      critical('2.5.29.19', sequence(boolean(true))),
      critical('2.5.29.15', certSignAndCrlSign),
      ...identifiers,
    ];
  }
  const digitalSignature = bits(Buffer.of(0b1000_0000), 7);
  const serverAndClient = sequence(oid('1.3.6.1.5.5.7.3.1'), oid('1.3.6.1.5.5.7.3.2'));
  const names = (wanted.hosts ?? []).map((host) =>
    isIPv4(host)
      ? tagged(7, Buffer.from(host.split('.').map(Number)), true)
      : tagged(2, Buffer.from(host), true),
  );
  return [
    critical('2.5.29.19', sequence()),
    critical('2.5.29.15', digitalSignature),
    plain('2.5.29.37', serverAndClient),
    ...(names.length === 0 ? [] : [plain('2.5.29.17', sequence(...names))]),
    ...identifiers,
  ];
}

function nameOf(commonName: string): Buffer {
  return sequence(set(sequence(oid('2.5.4.3'), utf8(commonName))));
}

/** Positive, without a leading zero byte. */
function serialNumber(): Buffer {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes;
}

function keyIdOf(key: KeyObject): Buffer {
  return createHash('sha1')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest();
}

function newKeys() {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}
