/**
 * HTTP Message Signatures (RFC 9421) with `hmac-sha256`, over requests, and Content-Digest (RFC 9530). Our own requests
 * cover `@method`, `@target-uri` and, with a body, `content-digest`; a verifier wants at least these.
 */
import { createHash, createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';

export interface SignedRequest {
  method: string;
  /** As the caller sees it, with scheme and host. */
  url: string;
  /** Empty = none. */
  body: string;
}

/** The headers that sign a request. */
export function signRequest(
  request: SignedRequest & { key: KeyObject; keyId: string; now: Date },
): Record<string, string> {
  const digest: Record<string, string> =
    request.body === '' ? {} : { 'content-digest': contentDigest(request.body) };
  const covered = ['@method', '@target-uri', ...Object.keys(digest)].map((name) => `"${name}"`).join(' ');
  const created = Math.floor(request.now.getTime() / 1000);
  const params = `(${covered});created=${created};keyid="${request.keyId}";alg="hmac-sha256"`;
  const base = signatureBase({ ...request, headers: digest }, params);
  if (base === null) throw new Error('a request of ours cannot be signed');
  return {
    ...digest,
    'signature-input': `sig=${params}`,
    signature: `sig=:${createHmac('sha256', request.key).update(base).digest('base64')}:`,
  };
}

export type SignatureFault =
  | 'missing'
  | 'malformed'
  | 'covers_too_little'
  | 'wrong_digest'
  | 'too_old'
  | 'wrong_signature';

/** Whether a request was signed with this key, now and as it stands. Header names in any case. */
export function verifyRequest(
  request: SignedRequest & {
    headers: Record<string, string>;
    key: KeyObject;
    now: Date;
    toleranceMs: number;
  },
): { ok: true; keyId: string | null } | { ok: false; fault: SignatureFault } {
  const headers = lowerCase(request.headers);
  const input = /^([a-z0-9_*.-]+)=(\(.*)$/i.exec(headers['signature-input'] ?? '');
  const [, label = '', params = ''] = input ?? [];
  const signature = signatureOf(headers.signature ?? '', label);
  if (input === null || signature === null) return { ok: false, fault: 'missing' };
  const names = coveredNames(params);
  const base = signatureBase({ ...request, headers }, params);
  if (names === null || base === null) return { ok: false, fault: 'malformed' };
  const wanted = ['@method', '@target-uri', ...(request.body === '' ? [] : ['content-digest'])];
  if (!wanted.every((name) => names.includes(name))) return { ok: false, fault: 'covers_too_little' };
  const digest = headers['content-digest'];
  if (digest !== undefined && digest !== contentDigest(request.body))
    return { ok: false, fault: 'wrong_digest' };
  const created = Number(/;created=(\d{1,12})(;|$)/.exec(params)?.[1] ?? Number.NaN);
  const age = Math.abs(request.now.getTime() - created * 1000);
  if (!(age <= request.toleranceMs)) return { ok: false, fault: 'too_old' };
  const expected = createHmac('sha256', request.key).update(base).digest();
  const equal = signature.length === expected.length && timingSafeEqual(signature, expected);
  if (!equal) return { ok: false, fault: 'wrong_signature' };
  return { ok: true, keyId: /;keyid="([^"]*)"/.exec(params)?.[1] ?? null };
}

/** `sha-256=:…:` of a body. */
export function contentDigest(body: string): string {
  return `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;
}

/** The bytes that are signed, or null where a component is missing, doubled or none that we know. `params` as sent. */
export function signatureBase(
  request: Pick<SignedRequest, 'method' | 'url'> & { headers: Record<string, string> },
  params: string,
): string | null {
  const names = coveredNames(params);
  if (names === null || new Set(names).size !== names.length) return null;
  const headers = lowerCase(request.headers);
  const lines = names.map((name) => {
    const value = name.startsWith('@') ? derived(request, name) : headers[name]?.trim();
    return value === undefined ? null : `"${name}": ${value}`;
  });
  return lines.includes(null) ? null : [...lines, `"@signature-params": ${params}`].join('\n');
}

function derived({ method, url }: Pick<SignedRequest, 'method' | 'url'>, name: string): string | undefined {
  const target = new URL(url);
  switch (name) {
    case '@method':
      return method;
    case '@target-uri':
      return url;
    case '@authority':
      return target.host;
    case '@path':
      return target.pathname;
    case '@query':
      return target.search === '' ? '?' : target.search;
    default:
      return undefined;
  }
}

/** The names in the inner list; null where it is none, or where a component has parameters. */
function coveredNames(params: string): string[] | null {
  const list = /^\(([^()]*)\)(;|$)/.exec(params)?.[1];
  if (list === undefined) return null;
  const names = list.split(' ').filter((item) => item !== '');
  return names.every((item) => /^"[@a-z0-9-]+"$/.test(item)) ? names.map((item) => item.slice(1, -1)) : null;
}

function signatureOf(header: string, label: string): Buffer | null {
  const [name, value] = [header.slice(0, label.length + 1), header.slice(label.length + 1)];
  const base64 = name === `${label}=` ? /^:([A-Za-z0-9+/=]+):$/.exec(value)?.[1] : undefined;
  return base64 === undefined ? null : Buffer.from(base64, 'base64');
}

function lowerCase(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
