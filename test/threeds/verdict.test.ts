import { expect, test } from 'vitest';
import { BRANDS } from '../../src/lib/card.ts';
import { liabilityShift } from '../../src/threeds/verdict.ts';

const STATUSES = ['Y', 'A', 'N', 'U', 'R', 'C', 'D', 'I', null] as const;
const INDICATORS = ['00', '01', '02', '04', '05', '06', '07', null] as const;

test('of every status and indicator, exactly the brands own two pairs shift the liability', () => {
  const shifting = BRANDS.map((brand) => {
    const pairs = STATUSES.flatMap((transStatus) =>
      INDICATORS.filter((eci) =>
        liabilityShift({ brand, transStatus, eci, authenticationValue: 'AAABBZEEBgAAAAAAAAQGAAAAAAA=' }),
      ).map((eci) => `${transStatus} ${eci}`),
    );
    return [brand, ...pairs].join(': ');
  });
  expect(shifting).toEqual([
    'visa: Y 05: A 06',
    'mastercard: Y 02: A 01',
    'jcb: Y 05: A 06',
    'amex: Y 05: A 06',
    'diners: Y 05: A 06',
  ]);
});

test('without an authentication value nothing shifts', () => {
  const proof = { brand: 'visa', transStatus: 'Y', eci: '05' } as const;
  expect(liabilityShift({ ...proof, authenticationValue: null })).toBe(false);
  expect(liabilityShift({ ...proof, authenticationValue: '' })).toBe(false);
});
