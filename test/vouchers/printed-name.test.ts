import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  isSpoken,
  printedContent,
  printedKana,
  printedName,
  readableName,
} from '../../src/vouchers/printed-name.ts';

/** JIS X 0208 as Shift_JIS has it: rows 1 to 8 and 16 to 84, without what makers added. */
const JIS_X_0208 = jisX0208();

test.each<[typed: string, name1: string, name2: string]>([
  ['山田 太郎', '山田', '太郎'],
  ['山田　太郎', '山田', '太郎'],
  ['  やまだ   たろう ', 'やまだ', 'たろう'],
  ['ﾔﾏﾀﾞ ﾀﾛｳ', 'ヤマダ', 'タロウ'],
  ['髙橋 一郎', '高橋', '一郎'],
  ['山﨑 𠮷子', '山崎', '吉子'],
  ['濵田 德夫', '浜田', '徳夫'],
  ['濱田 榮子', '濱田', '榮子'],
  ['渡邉\u{e0101} 太郎', '渡邉', '太郎'],
  ['神\ufe00宮寺', '神宮寺', ''],
  ['栁瀨 増穗', '柳瀬', '増穗'],
  ['张 伟', '張', '偉'],
  ['刘 建国', '劉', '建国'],
  ['김 민준', 'ｇｉｍ', 'ｍｉｎｊｕｎ'],
  ['Taro Yamada', 'Ｔａｒｏ', 'Ｙａｍａｄａ'],
  ['José Łukasz', 'Ｊｏｓｅ', 'Ｌｕｋａｓｚ'],
  ['Nguyễn Văn Đức', 'Ｎｇｕｙｅｎ', 'ＶａｎＤｕｃ'],
  ["O'Brien Smith-Jones", 'Ｏ’Ｂｒｉｅｎ', 'Ｓｍｉｔｈ‐Ｊｏｎｅ'],
  ['Wolfeschlegelstein Hubert', 'Ｗｏｌｆｅｓｃｈｌｅ', 'ｇｅｌｓｔｅｉｎＨｕ'],
  ['Иван', 'Иван', ''],
  ['㈱こはる', '（株）こはる', ''],
  ['😀 花子❤', '花子', ''],
  ['محمد', '〓〓〓〓', ''],
  ['鑫 鄧', '〓', '〓'],
  ['😀', '〓', ''],
  ['𠮷'.repeat(12), '吉'.repeat(10), '吉吉'],
  ['\u0000<b>"\\', 'ｂ', ''],
])('%s is printed as %s %s', (typed, name1, name2) => {
  expect(printedName(typed)).toEqual({ name1, name2 });
});

test.each<[typed: string, kana: string]>([
  ['やまだ たろう', 'ヤマダタロウ'],
  ['ﾔﾏﾀﾞ ﾀﾛｰ', 'ヤマダタロー'],
  ['ヤマダ タロ-', 'ヤマダタロー'],
  ['ヷレンタイン', 'ヴァレンタイン'],
  ['さかゑヶおか いすゞ みすゝ', 'サカヱケオカイスズミスス'],
  ['Yamada Taro', 'ヤマダタロ'],
  ['SATŌ Jun’ichi', 'サトジュンイチ'],
  ['Kyoko Matsumoto', 'キョコマツモト'],
  ['Honma Sinji', 'ホンマシンジ'],
  ['Emma Scott', 'エンマスコット'],
  ['John Smith', 'ジョンスミス'],
  ['Celine Kelly', 'セリネケリ'],
  ['김민준', 'ギンミンジュン'],
  ['アイウエオカキクケコサシスセソタ', 'アイウエオカキクケコサシスセソ'],
])('%s is spoken %s', (typed, kana) => {
  expect(isSpoken(typed)).toBe(true);
  expect(printedKana(typed)).toBe(kana);
});

test.each(['山田 タロウ', '王伟', 'محمد', '', '123', '😀'])('nobody can tell how %j is spoken', (typed) => {
  expect(isSpoken(typed)).toBe(false);
});

test('what is paid for stands there in at most twelve characters', () => {
  expect(printedContent('うつわと道具 こはる')).toBe('うつわと道具　こはる');
  expect(printedContent('BRAND & CO. <Tokyo>')).toBe('ＢＲＡＮＤ　＆　ＣＯ．');
});

test('a name that is cut reads as both its parts', () => {
  expect(readableName(printedName('山田太郎'))).toBe('山田太郎');
  expect(readableName(printedName('山田 太郎'))).toBe('山田　太郎');
});

const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme', maxLength: 60 }));

test('whatever is typed can be printed, in the space there is', () => {
  fc.assert(
    fc.property(text, (typed) => {
      const { name1, name2 } = printedName(typed);
      const kana = printedKana(typed);
      const content = printedContent(typed);
      expect(name1).not.toBe('');
      expect([...`${name1}${name2}${kana}${content}`].filter((each) => !JIS_X_0208.has(each))).toEqual([]);
      expect(kana).toMatch(/^[ァ-ヴー]{0,15}$/);
      expect(Math.max(name1.length, name2.length)).toBeLessThanOrEqual(10);
      expect(content.length).toBeLessThanOrEqual(12);
    }),
    { numRuns: 500 },
  );
});

test('every kanji of both levels is printed as it is, also where it is a variant', () => {
  const han = [...JIS_X_0208].filter((each) => /\p{Script=Han}/u.test(each));
  expect(han.length).toBeGreaterThan(6_350);
  expect(han.filter((each) => printedName(each).name1 !== each)).toEqual([]);
  const marked = [...'髙﨑𠮷瀨德濵栁桒邨'].filter((each) => printedName(each).name1 === '〓');
  expect(marked).toEqual([]);
});

function jisX0208(): Set<string> {
  const decoder = new TextDecoder('shift_jis');
  const rows = [
    ...Array.from({ length: 8 }, (_, at) => 1 + at),
    ...Array.from({ length: 69 }, (_, at) => 16 + at),
  ];
  const cells = rows.flatMap((row) => Array.from({ length: 94 }, (_, at) => shiftJis(row, 1 + at)));
  return new Set(cells.map((bytes) => decoder.decode(bytes)).filter((each) => !each.includes('\ufffd')));
}

function shiftJis(row: number, cell: number): Uint8Array {
  const lead = (row <= 62 ? 0x81 : 0xc1) + ((row - 1) >> 1);
  const odd = cell + (cell >= 64 ? 0x40 : 0x3f);
  return Uint8Array.of(lead, row % 2 === 1 ? odd : cell + 0x9e);
}
