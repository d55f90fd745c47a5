/**
 * Both ends of mutual TLS as EMV 3DS wants it between 3DS Server and Directory Server (2.2.0, chapter 6 and Annex D):
 * TLS 1.2 or later, AES-GCM with ephemeral keys, RSA of 2048 bits or P-256 at least, and each side's certificate
 * issued under the Directory Server's authority. Files are read anew when they change: a renewal needs no restart.
 */
import { readFileSync } from 'node:fs';
import https from 'node:https';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { createSecureContext, type SecureContextOptions } from 'node:tls';

/** Where our certificate chain, its key, and the authorities of the other side are: each a file, or PEM itself. */
export interface TlsFiles {
  cert: string;
  key: string;
  ca: readonly string[];
}

/** Options for `tls`, complete and tried; the same object for as long as the files are the same. */
export type Identity = SecureContextOptions & { cert: string; key: string; ca: string[] };

const CIPHERS = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  '@SECLEVEL=2',
].join(':');

export const REREAD_MS = 60_000;

/**
 * Reads an identity, and again when it is asked for `rereadMs` later. Throws when it cannot be used; once there was a
 * good one, that one stays and `onFault` is told.
 */
export function openIdentity(
  files: TlsFiles,
  onFault: (error: unknown) => void,
  rereadMs = REREAD_MS,
): () => Identity {
  let identity = readIdentity(files);
  let readAt = performance.now();
  return () => {
    if (performance.now() - readAt < rereadMs) return identity;
    readAt = performance.now();
    try {
      const read = readIdentity(files);
      if (JSON.stringify(read) !== JSON.stringify(identity)) identity = read;
    } catch (error) {
      onFault(error);
    }
    return identity;
  };
}

/** The PEM of a file, or what is PEM already. */
export function readPem(source: string): string {
  return source.includes('-----BEGIN ') ? source.replaceAll('\\n', '\n') : readFileSync(source, 'utf8');
}

function readIdentity(files: TlsFiles): Identity {
  const identity = {
    cert: readPem(files.cert),
    key: readPem(files.key),
    ca: files.ca.map(readPem),
    minVersion: 'TLSv1.2',
    ciphers: CIPHERS,
  } as const satisfies Identity;
  createSecureContext(identity);
  return identity;
}

/** What of `fetch` is needed to send a message. */
export type Post = (
  url: string,
  init: {
    method: 'POST';
    headers: Record<string, string>;
    body: string;
    redirect: 'manual';
    signal: AbortSignal;
  },
) => Promise<Response>;

/** As long as `fetch` keeps a connection that nobody uses. */
const IDLE_MS = 4_000;

/**
 * `fetch` with a client certificate, for https alone. The server's certificate must come from the given authorities
 * and name its host, whatever the environment says.
 */
export function openTlsPost(current: () => Identity): Post {
  let used: { identity: Identity; agent: https.Agent } | null = null;
  return (url, { method, headers, body, signal }) => {
    const identity = current();
    // The old agent's connections end by themselves: one may be waiting for an answer.
    if (used?.identity !== identity) {
      const agent = new https.Agent({
        ...identity,
        rejectUnauthorized: true,
        keepAlive: true,
        timeout: IDLE_MS,
      });
      used = { identity, agent };
    }
    const { agent } = used;
    return new Promise((resolve, reject) => {
      const request = https.request(url, { method, agent, signal, headers });
      request.on('error', reject);
      request.on('response', (response) => {
        const { statusCode: status = 0 } = response;
        const empty = status === 204 || status === 205 || status === 304;
        if (status < 200 || status > 599 || empty) response.resume();
        if (status < 200 || status > 599) return reject(new Error(`HTTP status ${status}`));
        resolve(new Response(empty ? null : streamOf(response), { status }));
      });
      request.end(body);
    });
  };
}

type Body = ConstructorParameters<typeof Response>[0];

/** Node.js and the DOM describe the same stream in two types. */
function streamOf(readable: Readable): Body {
  const stream: ReadableStream<Uint8Array> = Readable.toWeb(readable);
  return stream as unknown as Body;
}
