/**
 * Messages that pass through a browser: JSON in base64url (EMV 3DS 2.2.0, Req 119, 192, 193, 263). Written without
 * padding; read with either alphabet, with padding or without, white space ignored, as issuers differ.
 */
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function encodeMessage(message: Record<string, string>): string {
  return Buffer.from(JSON.stringify(message)).toString('base64url');
}

/** The members of the object inside, or null where there is none. */
export function decodeMessage(text: string): Record<string, unknown> | null {
  const packed = text.replace(/\s/g, '');
  if (!BASE64.test(packed)) return null;
  return elementsOf(parseJson(Buffer.from(packed, 'base64').toString('utf8')));
}

/** The members of a JSON object; null for anything else. */
export function elementsOf(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
}

/** A transaction id, any UUID version, or null. */
export function transIdOf(value: unknown): string | null {
  return typeof value === 'string' && UUID.test(value) ? value : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
