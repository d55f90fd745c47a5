import type { Json } from './api.ts';
import type { World } from './world.ts';

export interface CallAnswer {
  status: number;
  headers: Headers;
  text: string;
  /** The body as JSON, {} when there is none. */
  body: Json;
}

export interface CallOptions {
  key?: string;
  body?: unknown;
  /** Sent as it is, instead of `body`. */
  raw?: string | Uint8Array<ArrayBuffer>;
  headers?: Record<string, string>;
}

/** One request to a world's app: `call(world, 'POST /v1/sessions', { key, body })`. */
export async function call(world: World, what: string, options: CallOptions = {}): Promise<CallAnswer> {
  const [method = 'GET', path = '/'] = what.split(' ');
  const raw = options.raw ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
  const response = await world.app.request(path, {
    method,
    headers: {
      ...(options.key === undefined ? {} : { Authorization: `Bearer ${options.key}` }),
      ...(raw === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...options.headers,
    },
    ...(raw === undefined ? {} : { body: raw }),
  });
  const text = await response.text();
  const json = response.headers.get('Content-Type')?.includes('json') ?? false;
  return { status: response.status, headers: response.headers, text, body: json ? JSON.parse(text) : {} };
}
