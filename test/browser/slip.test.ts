import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { ROOT } from '../../src/lib/root.ts';
import { checkDigit, isSlipCode, parseSlipCode } from '../../src/vouchers/slip-code.ts';
import { launchBrowser } from '../support/browser.ts';
import { ISSUED_NUMBERS } from '../web/pay/number-visits.ts';
import { type Gallery, openGallery } from './gallery.ts';

interface Vector {
  name: string;
  data43?: string;
  checkDigit?: number;
  data44: string;
  fields?: {
    companyCode: string;
    freeField: string;
    reissue: string;
    dueDate: string;
    stampFlag: string;
    amount: number;
  };
  valid: boolean;
}

const FILE = join(ROOT, 'test', 'vectors', 'konbini-gs1-128.json');
const { cases }: { cases: Vector[] } = JSON.parse(readFileSync(FILE, 'utf8'));
const slips = cases.filter(({ valid, data44 }) => valid && /^\d{44}$/.test(data44));

describe.each(cases)('$name', (vector) => {
  test('is read as it is, or refused', () => {
    const { data44, fields, valid, data43 } = vector;
    expect(parseSlipCode(data44)).toEqual(valid ? fields : null);
    if (valid && fields !== undefined && data43 !== undefined) {
      expect(checkDigit(data43)).toBe(data44.slice(-1));
      expect(isSlipCode(data44, fields.amount)).toBe(true);
      expect(isSlipCode(data44, fields.amount + 1)).toBe(false);
    }
  });
});

/** The slip of a number, with each code of the vectors. */
const VIEWS = Object.fromEntries(
  slips.flatMap(({ data44 }) => {
    const visit = ISSUED_NUMBERS.seven_eleven;
    if (visit === undefined) return [];
    const numbers = visit.numbers.map((row) => ({ ...row, barcode: data44 }));
    return [[`slip${data44}`, { visit: { ...visit, numbers } }]];
  }),
);

let browser: Browser;
let gallery: Gallery;
beforeAll(async () => {
  const wasm = join(ROOT, 'node_modules', 'zxing-wasm', 'dist', 'reader', 'zxing_reader.wasm');
  prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(readFileSync(wasm)).buffer } });
  [browser, gallery] = await Promise.all([launchBrowser(), openGallery(VIEWS)]);
});
afterAll(async () => {
  await browser?.close();
  await gallery?.close();
});

test.each(
  slips.flatMap(({ name, data44 }) => [
    { name, data44, width: 390, media: 'screen' as const },
    { name, data44, width: 320, media: 'screen' as const },
    { name, data44, width: 794, media: 'print' as const },
  ]),
)(
  'a reader finds the digits of "$name" in a picture of the page, $width px, $media',
  async ({ data44, width, media }) => {
    // 384 dots an inch are a common printer's.
    const deviceScaleFactor = media === 'print' ? 4 : 2;
    const context = await browser.newContext({ viewport: { width, height: 844 }, deviceScaleFactor });
    onTestFinished(() => context.close());
    const page = await context.newPage();
    await page.goto(gallery.at(`slip${data44}`));
    await page.emulateMedia({ media });
    const picture = await page.screenshot({ fullPage: true });
    const found = await readBarcodes(new Uint8Array(picture), { formats: ['Code128'], tryHarder: true });
    expect(found.map(({ text }) => text.replace(/\D/g, ''))).toEqual([data44]);
    expect(found[0]?.symbologyIdentifier).toBe(']C1');
  },
);
