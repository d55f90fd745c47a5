/**
 * The 3DS Method: a hidden frame in which the issuer looks at the browser before it is asked (EMV 3DS 2.2.0,
 * section 3.1 step 2, Req 255–263, table A.2). Both directions carry the form field `threeDSMethodData`.
 */
import { decodeMessage, encodeMessage, transIdOf } from './encoding.ts';

/** The value of `threeDSMethodData` that the page posts to the range's method address. */
export function writeMethodData(transId: string, notificationUrl: string): string {
  return encodeMessage({ threeDSServerTransID: transId, threeDSMethodNotificationURL: notificationUrl });
}

/** The transaction that the issuer's `threeDSMethodData` reports as done, or null when it names none. */
export function readMethodNotification(text: string): string | null {
  return transIdOf(decodeMessage(text)?.threeDSServerTransID);
}
