/** A 3DS Server's side of the talk with the simulator, written for these tests alone. */
import { randomUUID } from 'node:crypto';

/** A kept connection could be one to a simulator that was restarted since. */
const NEW_CONNECTION = { connection: 'close' };

export type Message = Record<string, unknown>;

export function now(offsetMs = 0): string {
  return new Date(Date.now() + offsetMs).toISOString().replace(/\D/g, '').slice(0, 14);
}

export function areq(pan: string, change: Message = {}): Message {
  const message: Message = {
    messageType: 'AReq',
    messageVersion: '2.2.0',
    messageCategory: '01',
    deviceChannel: '02',
    threeDSServerTransID: randomUUID(),
    threeDSServerRefNumber: '3DS_LOA_SER_TEST_020200_00001',
    threeDSServerURL: 'http://127.0.0.1:9/3ds/results',
    threeDSRequestorID: 'A100000001',
    threeDSRequestorName: 'Test Shop',
    threeDSRequestorURL: 'https://shop.example/',
    threeDSRequestorAuthenticationInd: '01',
    threeDSCompInd: 'U',
    acquirerBIN: '900001',
    acquirerMerchantID: 'A100000001',
    mcc: '5942',
    merchantCountryCode: '392',
    merchantName: 'TEST SHOP',
    acctNumber: pan,
    cardExpiryDate: '3912',
    notificationURL: 'http://localhost:3000/3ds/notification',
    purchaseAmount: '12800',
    purchaseCurrency: '392',
    purchaseExponent: '0',
    purchaseDate: now(),
    browserAcceptHeader: 'text/html',
    browserUserAgent: 'Mozilla/5.0',
    browserIP: '192.0.2.10',
    browserJavascriptEnabled: true,
    browserJavaEnabled: false,
    browserLanguage: 'ja',
    browserColorDepth: '24',
    browserScreenHeight: '900',
    browserScreenWidth: '1440',
    browserTZ: '-540',
    cardholderName: 'TARO YAMADA',
    email: 'shopper@example.com',
    ...change,
  };
  return Object.fromEntries(Object.entries(message).filter(([, value]) => value !== undefined));
}

export async function send(url: string, message: Message | string): Promise<Message> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...NEW_CONNECTION, 'content-type': 'application/json; charset=UTF-8' },
    body: typeof message === 'string' ? message : JSON.stringify(message),
  });
  return response.json() as Promise<Message>;
}

/** The form post of a CReq, as the browser would make it. */
export function challenge(ares: Message, change: Message = {}, sessionData?: string): Promise<Response> {
  const creq = {
    messageType: 'CReq',
    messageVersion: ares.messageVersion,
    threeDSServerTransID: ares.threeDSServerTransID,
    acsTransID: ares.acsTransID,
    challengeWindowSize: '05',
    ...change,
  };
  const form = { creq: Buffer.from(JSON.stringify(creq)).toString('base64url') };
  return post(
    String(ares.acsURL),
    sessionData === undefined ? form : { ...form, threeDSSessionData: sessionData },
  );
}

/** What the shopper types on the challenge page; follows the redirect and gives the page's text. */
export async function answer(ares: Message, fields: Record<string, string>): Promise<string> {
  const response = await post(`${ares.acsURL}/${ares.acsTransID}`, fields);
  return response.text();
}

export function post(url: string, fields: Record<string, string>): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers: { ...NEW_CONNECTION, 'accept-language': 'en' },
  });
}

/** A hidden field of a page, or null. */
export function hiddenField(html: string, name: string): string | null {
  return new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? null;
}

export function decoded(text: string | null): Message {
  return JSON.parse(Buffer.from(text ?? '', 'base64url').toString());
}
