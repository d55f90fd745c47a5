import { newTransactionId } from '../../src/lib/ids.ts';
import type { AuthenticationRequest, BrowserData, Shopper } from '../../src/threeds/port.ts';

export const MERCHANT_ID = 'A100000042';

export const SCRIPTED: BrowserData = {
  acceptHeader: 'text/html,application/xhtml+xml',
  userAgent: 'Mozilla/5.0 (test)',
  ip: '192.0.2.10',
  javascriptEnabled: true,
  javaEnabled: false,
  language: 'ja-JP',
  colorDepth: 24,
  screenHeight: 900,
  screenWidth: 1440,
  timeZoneOffset: -540,
};

export const UNSCRIPTED: BrowserData = {
  ...SCRIPTED,
  javascriptEnabled: false,
  javaEnabled: null,
  language: null,
  colorDepth: null,
  screenHeight: null,
  screenWidth: null,
  timeZoneOffset: null,
};

export const SHOPPER: Shopper = {
  cardholderName: 'TARO YAMADA',
  email: 'shopper@example.com',
  phone: '+819012345678',
  reference: null,
  account: undefined,
  billingAddress: null,
  shippingAddress: null,
};

export function request(changes: Partial<AuthenticationRequest> = {}): AuthenticationRequest {
  return {
    mode: 'test',
    transId: newTransactionId(MERCHANT_ID),
    version: '2.2.0',
    card: { merchantId: MERCHANT_ID, cardId: 'card_none' },
    brand: 'visa',
    compInd: 'U',
    challenge: 'no_preference',
    requestor: {
      merchantId: MERCHANT_ID,
      merchantName: 'Example Shop',
      url: 'https://shop.example/',
      mcc: '5942',
      countryCode: '392',
      acquirerBin: '900001',
      acquirerMerchantId: MERCHANT_ID,
    },
    shopper: SHOPPER,
    risk: null,
    browser: SCRIPTED,
    amount: 12_800,
    currency: 'JPY',
    purchasedAt: new Date('2026-01-15T03:04:05.678Z'),
    ...changes,
  };
}
