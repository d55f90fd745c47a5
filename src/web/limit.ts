import type { Deps } from '../deps.ts';
import { MINUTE } from '../lib/clock.ts';

/** Counts in memory, by the minute: no address is kept longer than that, or anywhere else. */
export function limitPerMinute(
  { clock }: Pick<Deps, 'clock'>,
  { perAddress, ofAll }: { perAddress: number; ofAll: number },
): (address: string) => boolean {
  let minute = 0;
  let all = 0;
  const counts = new Map<string, number>();
  return (address) => {
    const now = Math.floor(clock.now().getTime() / MINUTE);
    if (now !== minute) {
      minute = now;
      all = 0;
      counts.clear();
    }
    all += 1;
    if (all > ofAll) return false;
    const count = (counts.get(address) ?? 0) + 1;
    counts.set(address, count);
    return count <= perAddress;
  };
}
