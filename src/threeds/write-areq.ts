/**
 * An authentication request on the wire: AReq, browser channel, payment, in 2.2.0 or 2.1.0 (EMV 3DS 2.2.0, tables
 * A.1 and B.1). Whatever does not fit an optional element is left out rather than sent wrong: a Directory Server
 * refuses the whole message for one bad value. Names and texts are cut to their length.
 */
import { isIP } from 'node:net';
import type { OpenedCard } from '../vault/cards.ts';
import { accountElements, loginElements, riskElements } from './account.ts';
import { challengeIndicator } from './challenge-preference.ts';
import { countryNumber } from './countries.ts';
import type { Elements } from './field-rule.ts';
import { phoneOf } from './phone.ts';
import type { AuthenticationRequest, BrowserData, PostalAddress, Requestor, Shopper } from './port.ts';
import { SERVER_REFERENCE } from './requestor-id.ts';

/**
 * The AReq as JSON: it holds the card number, so it goes to the Directory Server and nowhere else. Null when the
 * version cannot be spoken for this browser: 2.1.0 knows none without JavaScript.
 */
export function writeAReq(
  request: AuthenticationRequest,
  card: OpenedCard,
  publicUrl: string,
  resultsUrl = `${publicUrl}/3ds/results`,
): string | null {
  const { version, browser } = request;
  const seen = scriptElements(browser);
  if (version === '2.1.0' && seen === null) return null;
  return JSON.stringify({
    messageType: 'AReq',
    messageVersion: version,
    messageCategory: '01',
    deviceChannel: '02',
    threeDSServerTransID: request.transId,
    threeDSServerRefNumber: SERVER_REFERENCE,
    threeDSServerURL: resultsUrl,
    notificationURL: `${publicUrl}/3ds/notification`,
    threeDSCompInd: request.compInd,
    threeDSRequestorAuthenticationInd: request.installments ? '03' : '01',
    threeDSRequestorChallengeInd: challengeIndicator(request.challenge, version),
    ...merchantElements(request.requestor),
    ...purchaseElements(request),
    ...instalmentElements(request),
    acctNumber: card.pan.reveal(),
    cardExpiryDate: `${twoDigits(card.expYear)}${twoDigits(card.expMonth)}`,
    ...shopperElements(request.shopper),
    ...knowledgeElements(request),
    ...headerElements(browser),
    ...(version === '2.2.0' ? { browserJavascriptEnabled: seen !== null } : {}),
    ...seen,
  });
}

/** What the shop told of customer and order. */
function knowledgeElements({ shopper, risk, purchasedAt }: AuthenticationRequest): Elements {
  const { reference, account } = shopper;
  const acctInfo = accountElements(account, purchasedAt);
  const login = loginElements(account);
  const merchantRiskIndicator = riskElements(risk);
  return {
    ...(reference === null ? {} : { acctID: cut(reference, 64) }),
    ...(acctInfo === null ? {} : { acctInfo }),
    ...(login === null ? {} : { threeDSRequestorAuthenticationInfo: login }),
    ...(merchantRiskIndicator === null ? {} : { merchantRiskIndicator }),
  };
}

function merchantElements(requestor: Requestor): Elements {
  const name = cut(requestor.merchantName, 40);
  return {
    threeDSRequestorID: requestor.merchantId,
    threeDSRequestorName: name,
    threeDSRequestorURL: requestor.url,
    acquirerBIN: requestor.acquirerBin,
    acquirerMerchantID: requestor.acquirerMerchantId,
    mcc: requestor.mcc,
    merchantCountryCode: requestor.countryCode,
    merchantName: name,
  };
}

/** ISO 4217: number, and how many digits the minor unit has. */
const CURRENCIES = { JPY: { number: '392', exponent: '0' } } as const;

function purchaseElements({ amount, currency, purchasedAt }: AuthenticationRequest): Elements {
  return {
    purchaseAmount: String(amount),
    purchaseCurrency: CURRENCIES[currency].number,
    purchaseExponent: CURRENCIES[currency].exponent,
    purchaseDate: purchasedAt.toISOString().replace(/\D/g, '').slice(0, 14),
  };
}

/** With authentication indicator 03: how many payments, about a month apart, and when the last is surely over. */
function instalmentElements({ installments, purchasedAt }: AuthenticationRequest): Elements {
  if (!installments) return {};
  const [year, month] = [purchasedAt.getUTCFullYear(), purchasedAt.getUTCMonth()];
  // The first payment is due in one of the two months after the purchase: to the end of the month after the last.
  const over = new Date(Date.UTC(year, month + installments + 2, 0));
  return {
    purchaseInstalData: String(installments),
    recurringFrequency: '28',
    recurringExpiry: over.toISOString().slice(0, 10).replaceAll('-', ''),
  };
}

function shopperElements(shopper: Shopper): Elements {
  const { billingAddress, shippingAddress } = shopper;
  const name = cut(shopper.cardholderName.trim(), 45);
  const email = shopper.email?.trim() ?? '';
  const phone = shopper.phone === null ? null : phoneOf(shopper.phone);
  return {
    ...(name.length >= 2 ? { cardholderName: name } : {}),
    ...(/^[^\s@]+@[^\s@]+$/.test(email) && email.length <= 254 ? { email } : {}),
    ...(phone === null ? {} : { [phone.kind]: phone.number }),
    ...addressElements('bill', billingAddress),
    ...addressElements('ship', shippingAddress),
    ...matchElements(billingAddress, shippingAddress),
  };
}

/** Whether the two addresses are the same, as they are sent. */
function matchElements(billing: PostalAddress | null, shipping: PostalAddress | null): Elements {
  if (billing === null || shipping === null) return {};
  // Under the same names, so that they can be compared.
  const [bill, ship] = [addressElements('bill', billing), addressElements('bill', shipping)];
  if (Object.keys(bill).length === 0 || Object.keys(ship).length === 0) return {};
  return { addrMatch: JSON.stringify(bill) === JSON.stringify(ship) ? 'Y' : 'N' };
}

function addressElements(kind: 'bill' | 'ship', address: PostalAddress | null): Elements {
  if (address === null) return {};
  const country = countryNumber(address.country ?? '');
  const state = address.state?.trim().replace(/^[A-Za-z]{2}-/, '') ?? '';
  return present({
    [`${kind}AddrLine1`]: line(address.line1, 50),
    [`${kind}AddrLine2`]: line(address.line2, 50),
    [`${kind}AddrLine3`]: line(address.line3, 50),
    [`${kind}AddrCity`]: line(address.city, 50),
    // A state means nothing without its country.
    [`${kind}AddrState`]: country !== null && state.length <= 3 ? state : '',
    [`${kind}AddrCountry`]: country ?? '',
    [`${kind}AddrPostCode`]: line(address.postal_code, 16),
  });
}

function line(text: string | undefined, max: number): string {
  return cut(text?.trim() ?? '', max);
}

/** What every browser tells by its request alone; a header that was not sent means as much as what stands here. */
function headerElements(browser: BrowserData): Elements {
  const ip = browser.ip?.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '') ?? '';
  return {
    browserAcceptHeader: cut(browser.acceptHeader, 2048) || '*/*',
    browserUserAgent: cut(browser.userAgent, 2048) || 'unknown',
    ...(isIP(ip) === 0 ? {} : { browserIP: ip }),
  };
}

/** What only a script can tell; null for a browser without one, or that told only a part. */
function scriptElements(browser: BrowserData): Elements | null {
  const { javaEnabled, language, colorDepth, screenHeight, screenWidth, timeZoneOffset } = browser;
  const tag = languageTag(language ?? '');
  if (!browser.javascriptEnabled || javaEnabled === null || timeZoneOffset === null || tag === '')
    return null;
  if (colorDepth === null || screenHeight === null || screenWidth === null) return null;
  return {
    browserJavaEnabled: javaEnabled,
    browserLanguage: tag,
    browserColorDepth: String(DEPTHS.findLast((depth) => depth <= colorDepth) ?? 1),
    browserScreenHeight: whole(screenHeight, 0, 999_999),
    browserScreenWidth: whole(screenWidth, 0, 999_999),
    browserTZ: whole(timeZoneOffset, -9_999, 9_999),
  };
}

/** The list knows not every depth that browsers report: 30 is sent as 24. */
const DEPTHS = [1, 4, 8, 15, 16, 24, 32, 48] as const;

/** At most eight characters: a longer tag keeps its first subtags. */
function languageTag(language: string): string {
  const subtags = language.trim().split('-');
  while (subtags.length > 1 && subtags.join('-').length > 8) subtags.pop();
  return cut(subtags.join('-'), 8);
}

function whole(value: number, from: number, to: number): string {
  const number = Number.isFinite(value) ? Math.round(value) : 0;
  return String(Math.min(Math.max(number, from), to));
}

function twoDigits(value: number): string {
  return String(value % 100).padStart(2, '0');
}

/** The first `max` UTF-16 units, without splitting a pair. */
function cut(text: string, max: number): string {
  const short = text.slice(0, max);
  return short.isWellFormed() ? short : text.slice(0, max - 1).toWellFormed();
}

/** Without the empty ones, which may not be sent (Req 309). */
function present(elements: Record<string, string>): Elements {
  return Object.fromEntries(Object.entries(elements).filter(([, value]) => value !== ''));
}
