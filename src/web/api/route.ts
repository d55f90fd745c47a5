import type { z } from 'zod';
import type { Deps } from '../../deps.ts';
import type { IdPrefix } from '../../lib/ids.ts';
import type { ProblemCode } from '../../lib/problem.ts';
import type { KeyKind } from '../../merchants/keys.ts';
import type { Merchant } from '../../merchants/merchant.ts';
import type { Page } from '../../payments/queries.ts';
import type { Permission } from '../../users/policy.ts';

/** What a route's work is given. Everything in it but the merchant came from the caller and is still to be parsed. */
export interface Call {
  merchant: Merchant;
  /** The `{id}` of the path, or ''. */
  id: string;
  body: unknown;
  query: Record<string, string[]>;
  /** Of the page that a browser asks from; null for programs. */
  origin: string | null;
  /** The id for what the work makes; the same again when a request is resumed. */
  workId: string;
}

export interface Result {
  status: number;
  /** Null = no body. */
  body: object | null;
}

export interface RouteAnswer {
  status: number;
  description: string;
  /** Name of a schema in the document; null = no body. */
  schema: string | null;
}

/** One route: what mounts it and what documents it. */
export interface ApiRoute {
  method: 'get' | 'post' | 'delete';
  /** As OpenAPI writes it: `/v1/sessions/{id}`. */
  path: string;
  operationId: string;
  summary: string;
  tag: string;
  key: KeyKind;
  /** What the policy is asked, the same as in the console. */
  permission: Permission;
  testOnly?: boolean;
  /** POST only: the kind of id that the work needs. With one the route takes an Idempotency-Key. */
  work?: IdPrefix;
  /** How large its body may be; default `BODY_LIMIT`. */
  bodyBytes?: number;
  /** Name of the body's schema in the document. */
  body?: string;
  query?: z.ZodObject;
  answers: RouteAnswer[];
  /** Besides those that every route may give. */
  problems: ProblemCode[];
  run(deps: Deps, call: Call): Promise<Result>;
}

/** A list as the API shows it. */
export function presentPage<T>(page: Page<T>, present: (item: T) => object | null): object {
  return { object: 'list', data: page.data.map(present), next_cursor: page.nextCursor };
}
