/** A file as rows of cells. What it is written in is found out: spreadsheets in Japan save Shift_JIS, others UTF-8 or UTF-16. */
export type Table =
  | { ok: true; encoding: string; header: string[]; rows: { line: number; cells: string[] }[] }
  | { ok: false; fault: 'empty' | 'encoding' | 'quote' };

/** `line`: as a spreadsheet counts its rows, from 1. */
export function readTable(bytes: Uint8Array): Table {
  const decoded = decode(bytes);
  if (decoded === null) return { ok: false, fault: 'encoding' };
  const rows = split(decoded.text, separatorOf(decoded.text));
  if (rows === null) return { ok: false, fault: 'quote' };
  const filled = rows
    .map((cells, index) => ({ line: index + 1, cells }))
    .filter(({ cells }) => cells.some((cell) => cell.trim() !== ''));
  const [header, ...rest] = filled;
  if (header === undefined) return { ok: false, fault: 'empty' };
  return { ok: true, encoding: decoded.encoding, header: header.cells, rows: rest };
}

/** A byte order mark says it; else what is good UTF-8 is that, and what is not may be Shift_JIS (as Windows writes it). */
function decode(bytes: Uint8Array): { text: string; encoding: string } | null {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return attempt(bytes, 'utf-16le');
  if (first === 0xfe && second === 0xff) return attempt(bytes, 'utf-16be');
  return attempt(bytes, 'utf-8') ?? attempt(bytes, 'shift_jis');
}

function attempt(bytes: Uint8Array, encoding: string): { text: string; encoding: string } | null {
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return text.includes('\0') ? null : { text, encoding };
  } catch {
    return null;
  }
}

/** What a spreadsheet calls "Unicode text" has tabs. */
function separatorOf(text: string): ',' | '\t' {
  const [head = ''] = text.split(/\r\n|[\r\n]/, 1);
  return !head.includes(',') && head.includes('\t') ? '\t' : ',';
}

/** RFC 4180, with any line ends; null when a quote is not closed. */
function split(text: string, separator: string): string[][] | null {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  const endCell = () => {
    row.push(cell);
    cell = '';
  };
  const endRow = () => {
    endCell();
    rows.push(row);
    row = [];
  };
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (quoted) {
      if (character !== '"') cell += character;
      else if (text.charAt(at + 1) === '"') {
        cell += '"';
        at += 1;
      } else quoted = false;
    } else if (character === '"' && cell === '') quoted = true;
    else if (character === separator) endCell();
    else if (character === '\n' || character === '\r') {
      if (character === '\r' && text.charAt(at + 1) === '\n') at += 1;
      endRow();
    } else cell += character;
  }
  if (quoted) return null;
  if (cell !== '' || row.length > 0) endRow();
  return rows;
}
