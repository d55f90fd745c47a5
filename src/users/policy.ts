import type { Actor, Role } from '../db/schema.ts';

/**
 * Who may do what, the same for console and API. What is not listed is denied. docs/users.md shows this table.
 */
export const PERMISSIONS = {
  'payments.read': ['owner', 'manager', 'operator', 'viewer', 'developer'],
  /** Names, addresses and telephone numbers of shoppers; without it they are masked. */
  'personal_data.read': ['owner', 'manager', 'operator'],
  'payments.export': ['owner', 'manager', 'operator'],
  'payments.capture': ['owner', 'manager', 'operator'],
  'payments.cancel': ['owner', 'manager', 'operator'],
  'payments.refund': ['owner', 'manager', 'operator'],
  /** Of a card that a shopper let the merchant charge: programs alone. */
  'payments.charge': [],
  'sessions.write': ['owner', 'manager', 'operator'],
  'saved_cards.write': ['owner', 'manager', 'operator'],
  'tokens.create': [],
  'action_items.resolve': ['owner', 'manager', 'operator'],
  'requests.read': ['owner', 'manager', 'operator', 'viewer'],
  'requests.write': ['owner', 'manager', 'operator'],
  'links.read': ['owner', 'manager', 'operator', 'viewer', 'developer'],
  'links.write': ['owner', 'manager', 'operator'],
  'design.read': ['owner', 'manager', 'operator', 'viewer', 'developer'],
  'design.write': ['owner', 'manager'],
  'developer.read': ['owner', 'manager', 'developer'],
  'developer.write': ['owner', 'developer'],
  'users.read': ['owner', 'manager'],
  'users.write': ['owner'],
  'audit.read': ['owner', 'manager'],
  'audit.export': ['owner'],
  /** One's own name, language, factors and sessions. */
  'account.own': ['owner', 'manager', 'operator', 'viewer', 'developer'],
} as const satisfies Record<string, readonly Role[]>;

export type Permission = keyof typeof PERMISSIONS;

export const ROLES = ['owner', 'manager', 'operator', 'viewer', 'developer'] as const satisfies Role[];

/** What a secret key may do: what a merchant's server needs, and nothing of people. */
const BY_KEY: readonly Permission[] = [
  'payments.read',
  'personal_data.read',
  'payments.capture',
  'payments.cancel',
  'payments.refund',
  'payments.charge',
  'sessions.write',
  'saved_cards.write',
  'tokens.create',
  'action_items.resolve',
  'requests.read',
  'requests.write',
  'links.read',
  'links.write',
  'developer.read',
  'developer.write',
];

/** Whether an actor may do it. The service itself may do everything; a visitor nothing. */
export function allows({ kind, role }: Pick<Actor, 'kind' | 'role'>, permission: Permission): boolean {
  if (kind === 'service') return true;
  if (kind === 'key') return BY_KEY.includes(permission);
  const roles: readonly Role[] = PERMISSIONS[permission];
  return kind === 'user' && role !== null && roles.includes(role);
}
