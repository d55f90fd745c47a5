import { recorded } from './transcript.ts';

/** A merchant's server: calls the API with its key and reads the JSON. */
export interface Answer {
  status: number;
  headers: Headers;
  body: Json;
}

/** JSON as tests read it: any path may be asked for; a wrong guess fails the assertion on it. */
// biome-ignore lint/suspicious/noExplicitAny: what a test reads from an answer may be anything
export type Json = any;

export type ApiClient = (
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<Answer>;

export function apiClient(baseUrl: string, key: string): ApiClient {
  return async (method, path, body, headers = {}) => {
    const response = await fetch(`${baseUrl}${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await recorded(response);
    return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) };
  };
}

let counter = 0;

/** An order id that no other test has. */
export function newOrderId(prefix = 'order'): string {
  counter += 1;
  return `${prefix}-${process.pid}-${Date.now().toString(36)}-${counter}`;
}

/** The body of a session for ¥12,800. */
export function sessionBody(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    order_id: newOrderId(),
    amount: 12_800,
    return_url: 'http://127.0.0.1:9/return',
    customer: { email: 'taro@example.com', name: '山田 太郎' },
    ...changes,
  };
}
