/**
 * Shift_JIS as Windows writes it (WHATWG Encoding: `shift_jis`), for spreadsheets that read nothing else. The table is
 * the platform's own decoder turned round.
 */
export function toShiftJis(text: string): Uint8Array<ArrayBuffer> {
  table ??= buildTable();
  const bytes = new Uint8Array(text.length * 2);
  let length = 0;
  for (const character of text) {
    const code = table.get(character) ?? table.get(ALIKE[character] ?? MISSING) ?? 0x3f;
    if (code > 0xff) bytes[length++] = code >> 8;
    bytes[length++] = code & 0xff;
  }
  return bytes.slice(0, length);
}

/** 〓, as printers have always set it for a character that they lack. */
const MISSING = '〓';

/** What other systems call by another code. */
const ALIKE: Readonly<Record<string, string>> = {
  '〜': '～',
  '−': '－',
  '–': '－',
  '—': '―',
  '‖': '∥',
  '¢': '￠',
  '£': '￡',
  '¬': '￢',
  '¥': '\\',
  '‾': '~',
  '\u00a0': ' ',
};

let table: Map<string, number> | null = null;

function buildTable(): Map<string, number> {
  const decoder = new TextDecoder('shift_jis', { fatal: true });
  const found = new Map<string, number>();
  const take = (code: number, ...bytes: number[]) => {
    try {
      const character = decoder.decode(new Uint8Array(bytes));
      if (!found.has(character)) found.set(character, code);
    } catch {
      // Not a code of the set.
    }
  };
  for (let byte = 0; byte < 0x80; byte += 1) take(byte, byte);
  for (let byte = 0xa1; byte <= 0xdf; byte += 1) take(byte, byte);
  for (let lead = 0x81; lead <= 0xfc; lead += 1) {
    if (lead >= 0xa0 && lead <= 0xdf) continue;
    for (let trail = 0x40; trail <= 0xfc; trail += 1) take((lead << 8) | trail, lead, trail);
  }
  return found;
}
