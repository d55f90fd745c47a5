import { userInfo } from 'node:os';
import type { Acting } from '../merchants/merchant.ts';

/** Who runs a command, for the audit log: the service, by the hand of an account of this machine. */
export function operator(): Acting {
  return {
    actor: { kind: 'service', id: null, name: accountName(), role: null },
    origin: 'command line',
  };
}

/** A container may run under a number that has no name. */
function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
