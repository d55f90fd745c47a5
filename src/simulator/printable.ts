/** What a store's terminal has type for: JIS X 0208, rows 1 to 8 and 16 to 84. */
const PRINTABLE = new Set(rowsOf(1, 8).concat(rowsOf(16, 84)));

/** Full-width characters that a terminal prints, at most `most` of them. */
export function isPrintable(text: string, most: number): boolean {
  const characters = [...text];
  return characters.length <= most && characters.every((character) => PRINTABLE.has(character));
}

function rowsOf(first: number, last: number): string[] {
  const euc = new TextDecoder('euc-jp');
  const characters: string[] = [];
  for (let row = first; row <= last; row += 1) {
    for (let cell = 1; cell <= 94; cell += 1) {
      const character = euc.decode(Uint8Array.of(0xa0 + row, 0xa0 + cell));
      if (!character.includes('\ufffd')) characters.push(character);
    }
  }
  return characters;
}
