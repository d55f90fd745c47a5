/** Telephone numbers as EMV 3DS wants them: country code and subscriber apart (table A.1; ITU-T E.164). */
export interface Phone {
  kind: 'mobilePhone' | 'homePhone';
  number: { cc: string; subscriber: string };
}

/** Splits an E.164 number (`+819012345678`), or one as it is dialled within Japan (`090-1234-5678`). Null when it is none. */
export function phoneOf(text: string): Phone | null {
  const dialled = text.replace(/[\s()-]/g, '').replace(/^0(?=[1-9]\d{8,9}$)/, `+${JAPAN}`);
  const digits = /^\+([1-9]\d{5,14})$/.exec(dialled)?.[1];
  if (digits === undefined) return null;
  const cc = COUNTRY_CODE.exec(digits)?.[0] ?? digits.slice(0, 3);
  const rest = digits.slice(cc.length);
  const subscriber = cc === JAPAN ? rest.replace(/^0/, '') : rest;
  if (subscriber === '') return null;
  const landline = cc === JAPAN && !/^[5789]0/.test(subscriber);
  return { kind: landline ? 'homePhone' : 'mobilePhone', number: { cc, subscriber } };
}

const JAPAN = '81';
/** Country codes of one and of two digits; all others have three. */
const COUNTRY_CODE = /^(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/;
