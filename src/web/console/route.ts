import type { Deps } from '../../deps.ts';
import type { Merchant } from '../../merchants/merchant.ts';
import type { LoginRow, UserRow } from '../../users/logins.ts';
import type { Permission } from '../../users/policy.ts';
import type { AssetName } from '../static.ts';
import type { ConsoleTemplates } from './templates.ts';

export type ConsoleLanguage = 'ja' | 'en';

/** What a route's work is given. The merchant acts in the name of the user, in the mode that the login looks at. */
export interface ConsoleCall {
  merchant: Merchant;
  user: UserRow;
  login: LoginRow;
  language: ConsoleLanguage;
  /** Whether the user may: what a page does not offer is not done either, the routes see to that. */
  may(permission: Permission): boolean;
  /** The parts of the path that begin with a colon. */
  params: Record<string, string>;
  query: URLSearchParams;
  /** Empty for GET. */
  form: URLSearchParams;
  /** Of an upload, by field; empty otherwise. */
  files: Record<string, { name: string; bytes: Buffer }>;
  requestId: string;
}

export type ConsoleAnswer =
  | ConsolePage<keyof ConsoleTemplates>
  /** 303; `to` is a path of the console. */
  | { kind: 'redirect'; to: string; capability?: string | null }
  /** A shopper's page or a mail as a picture of itself: framed by a page of the console, it does nothing. */
  | { kind: 'preview'; html: string; imageUrl: string | null; mail?: boolean }
  | {
      kind: 'download';
      name: string;
      type: string;
      body: ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer> | string;
    };

export interface ConsolePage<Name extends keyof ConsoleTemplates> {
  kind: 'page';
  template: Name;
  title: string;
  /** Which entry of the navigation it belongs to. */
  place: Place;
  data: ConsoleTemplates[Name];
  /** Scripts that this page alone has, as modules. */
  modules?: AssetName[];
  /** What the login's cookie holds from now on; null takes it away. */
  capability?: string | null;
  /** The page comes anew after so many seconds. */
  refresh?: number;
  /** Default 200; 422 for a form that came back with faults. */
  status?: number | undefined;
}

/** The entries of the navigation, in its order. */
export type Place =
  | 'home'
  | 'payments'
  | 'requests'
  | 'links'
  | 'design'
  | 'developers'
  | 'users'
  | 'audit'
  | 'account';

/** One route: what mounts it, who may, and what the test of routes × roles reads. */
export interface ConsoleRoute {
  method: 'get' | 'post';
  /** As Hono writes it: `/console/payments/:id`. */
  path: string;
  permission: Permission;
  /** Only while the login looks at test mode. */
  testOnly?: boolean;
  /** Takes files, up to this many bytes in all. */
  uploadBytes?: number;
  run(deps: Deps, call: ConsoleCall): Promise<ConsoleAnswer>;
}

export function page<Name extends keyof ConsoleTemplates>(
  template: Name,
  rest: Omit<ConsolePage<Name>, 'kind' | 'template'>,
): ConsolePage<Name> {
  return { kind: 'page', template, ...rest };
}

export function redirect(to: string): ConsoleAnswer & { kind: 'redirect' } {
  return { kind: 'redirect', to };
}
