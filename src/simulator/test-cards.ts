import { BRAND_RULES, BRANDS, type Brand, passesLuhn } from '../lib/card.ts';

/** The cards that exist in the simulated world: contract, section 8. */
const PREFIXES = {
  visa: '400000',
  mastercard: '555555',
  jcb: '353011',
  amex: '378282',
  diners: '360000',
} as const satisfies Record<Brand, string>;

const WELL_KNOWN = {
  visa: '4111111111111111',
  mastercard: '5555555555554444',
  jcb: '3530111333300000',
  amex: '378282246310005',
  diners: '36006666333344',
} as const satisfies Record<Brand, string>;

const AUTHENTICATIONS = [
  '00',
  '01',
  '02',
  '03',
  '04',
  '05',
  '06',
  '07',
  '08',
  '09',
  '10',
  '11',
  '12',
  '14',
] as const;
/** What the Directory Server and the ACS do: the card's digits 7 and 8 (TT). */
export type AuthenticationScenario = (typeof AUTHENTICATIONS)[number];

const ISSUERS = [
  ...['00', '05', '51', '54', '57', '61', '65', '82', '91', '96'],
  ...['20', '21', '22', '25', '26', '27', '28'],
];
/**
 * What the issuer and the acquirer do: the card's digits 9 and 10 (AA). A response code, or a way of
 * answering.
 */
export type IssuerScenario = string;

export interface TestCard {
  brand: Brand;
  last4: string;
  authentication: AuthenticationScenario;
  issuer: IssuerScenario;
}

/** The test card of this number, or null where there is none. An unlisted scenario acts as `00`. */
export function testCardOf(pan: string): TestCard | null {
  const known = BRANDS.find((brand) => WELL_KNOWN[brand] === pan);
  if (known) return { brand: known, last4: pan.slice(-4), authentication: '00', issuer: '00' };
  const brand = BRANDS.find((each) => pan.startsWith(PREFIXES[each]) && pan.length === lengthOf(each));
  if (!brand || !/^\d{10}0*\d$/.test(pan) || !passesLuhn(pan)) return null;
  return {
    brand,
    last4: pan.slice(-4),
    authentication: AUTHENTICATIONS.find((code) => code === pan.slice(6, 8)) ?? '00',
    issuer: ISSUERS.find((code) => code === pan.slice(8, 10)) ?? '00',
  };
}

/** The number of the test card with these scenarios, check digit included. */
export function testPan(brand: Brand, authentication: string, issuer: string): string {
  const body = `${PREFIXES[brand]}${authentication}${issuer}`.padEnd(lengthOf(brand) - 1, '0');
  return `${body}${Array.from('0123456789').find((digit) => passesLuhn(body + digit))}`;
}

/** First and last number of the issuer's ranges of one brand, by scenario; TT 11 lies in none. */
export function testRanges(brand: Brand): { start: string; end: string; authentication: string }[] {
  const codes = Array.from({ length: 100 }, (_, index) => String(index).padStart(2, '0'));
  const ranges = codes
    .filter((code) => code !== '11')
    .map((code) => ({ ...boundsOf(brand, `${PREFIXES[brand]}${code}`), authentication: code }));
  const known = WELL_KNOWN[brand];
  if (known.startsWith(PREFIXES[brand])) return ranges;
  return [...ranges, { ...boundsOf(brand, known.slice(0, 8)), authentication: '99' }];
}

function boundsOf(brand: Brand, prefix: string): { start: string; end: string } {
  return { start: prefix.padEnd(lengthOf(brand), '0'), end: prefix.padEnd(lengthOf(brand), '9') };
}

function lengthOf(brand: Brand): number {
  return BRAND_RULES[brand].lengths[0];
}
