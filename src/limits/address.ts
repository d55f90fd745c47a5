import { createHmac, type KeyObject } from 'node:crypto';
import { isIP } from 'node:net';

/**
 * What an address counts as: IPv4 as it is, IPv6 its first 64 bits, since one subscriber has all of them. As an HMAC:
 * the counters need no addresses. Null for what is no address.
 */
export function addressMark(ip: string | null, key: KeyObject): Buffer | null {
  const plain = ip?.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '') ?? '';
  const family = isIP(plain);
  if (family === 0) return null;
  return createHmac('sha256', key)
    .update(family === 4 ? plain : firstGroups(plain))
    .digest();
}

/** `2001:db8::1` → `2001:db8:0:0`. */
function firstGroups(ip: string): string {
  const [head = '', tail] = ip.toLowerCase().split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  return [...before, ...Array<string>(zeros).fill('0'), ...after]
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}
