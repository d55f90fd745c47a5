/**
 * The way to a Directory Server: one HTTP POST of JSON, its answer in the same exchange (EMV 3DS 2.2.0, section 5.1,
 * Req 184–191, 229, 231). A message that may have arrived is never sent a second time; only a connection that was
 * never made is tried again, once and at once. By https we show our certificate and believe only the Directory
 * Server's own authorities; there is no way round that. Bodies carry card numbers: nothing of them is logged or thrown.
 */
import type { Config, Mode } from '../config.ts';
import type { Deps } from '../deps.ts';
import type { Brand } from '../lib/card.ts';
import { describeError } from '../lib/log.ts';
import { throughSeam } from '../lib/seams.ts';
import { openIdentity, openTlsPost, type Post, type TlsFiles } from '../lib/tls.ts';

export type Answer = { ok: true; text: string } | { ok: false; reason: string };

/** One brand's, in one mode. */
export interface DirectoryServer {
  url: string;
  tls: TlsFiles | null;
}

type Net = Pick<Deps, 'config' | 'fetch' | 'log'>;

/** A brand's Directory Server, or null where the mode has no network. */
export function directoryServerOf(config: Config, mode: Mode, brand: Brand): DirectoryServer | null {
  const network = config.networks[mode];
  if (network === null) return null;
  return { url: network.dsUrl.replace('{brand}', brand), tls: network.tls?.[brand] ?? null };
}

/** Where the Directory Server is to post the result of a challenge: threeDSServerURL. */
export function resultsUrlOf(config: Config, mode: Mode, brand: Brand): string {
  return config.networks[mode]?.results?.urls[brand] ?? `${config.publicUrl}/3ds/results`;
}

/** Sends an AReq, waiting at most `config.dsTimeoutMs`. Never throws for what the network does. */
export function sendAReq(deps: Net, server: DirectoryServer, message: string): Promise<Answer> {
  return throughSeam('threeds.areq', () => post(deps, server, message, MAX_MESSAGE_BYTES));
}

/** Sends a PReq, likewise; its answer may be long. */
export function sendPReq(deps: Net, server: DirectoryServer, message: string): Promise<Answer> {
  return throughSeam('threeds.preq', () => post(deps, server, message, MAX_RANGES_BYTES));
}

/** Tells the Directory Server what was wrong with its answer; whether it hears it changes nothing here. */
export async function sendErro(deps: Net, server: DirectoryServer, message: string | null): Promise<void> {
  if (message === null) return;
  await throughSeam('threeds.erro', () => post(deps, server, message, MAX_MESSAGE_BYTES));
}

/** Far more than any ARes. */
const MAX_MESSAGE_BYTES = 256 * 1024;
/** Some 200,000 ranges of usual size. A longer list is refused and the old one stays. */
const MAX_RANGES_BYTES = 64 * 1024 * 1024;

/** Codes of a connection that was never made: nothing of the message has left. */
const NOT_CONNECTED: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

async function post(deps: Net, server: DirectoryServer, message: string, maxBytes: number): Promise<Answer> {
  const signal = AbortSignal.timeout(deps.config.dsTimeoutMs);
  const once = () => exchange(deps, server, message, maxBytes, signal);
  try {
    return await once().catch((error) => {
      if (NOT_CONNECTED.has(codeOf(error)) && !signal.aborted) return once();
      throw error;
    });
  } catch (error) {
    return {
      ok: false,
      reason: signal.aborted ? 'no answer in time' : `connection failed (${codeOf(error)})`,
    };
  }
}

async function exchange(
  deps: Net,
  server: DirectoryServer,
  message: string,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Answer> {
  const response = await wayTo(deps, server)(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=UTF-8', accept: 'application/json' },
    body: message,
    redirect: 'manual',
    signal,
  });
  if (!response.ok) {
    await response.body?.cancel();
    return { ok: false, reason: `HTTP status ${response.status}` };
  }
  const text = await readText(response, maxBytes);
  return text === null ? { ok: false, reason: 'the answer is too large' } : { ok: true, text };
}

/** Connections of one identity are kept together. */
const ways = new Map<string, Post>();

function wayTo(deps: Net, { tls }: DirectoryServer): Post {
  if (tls === null) return deps.fetch;
  const name = JSON.stringify(tls);
  const known = ways.get(name);
  if (known !== undefined) return known;
  const current = openIdentity(tls, (error) =>
    deps.log.error({ ...describeError(error), alert: 'certificate_unusable' }, 'the one before stays in use'),
  );
  const way = openTlsPost(current);
  ways.set(name, way);
  return way;
}

/** The body, or null as soon as it is longer than allowed. */
async function readText(response: Response, maxBytes: number): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Node gives the system's code in the error's cause. */
function codeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? code : 'unknown';
}
