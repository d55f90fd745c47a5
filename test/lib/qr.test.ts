import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { type Qr, qr } from '../../src/lib/qr.ts';
import { ROOT } from '../../src/lib/root.ts';

const WASM = join(ROOT, 'node_modules', 'zxing-wasm', 'dist', 'reader', 'zxing_reader.wasm');
prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(readFileSync(WASM)).buffer } });

const TEXTS = [
  'otpauth://totp/PayResort%2B:A100000001%2Fowner?secret=JBSWY3DPEHPK3PXP&issuer=PayResort%2B',
  'https://pay.example/l/abc',
];

test.each(TEXTS)('a telephone reads %s', async (text) => {
  const [found] = await readBarcodes(asPixels(qr(text)), { formats: ['QRCode'] });
  expect(found?.text).toBe(text);
});

type Corner = [x: number, y: number];

/** The path as a browser fills it (even-odd), four pixels a module. */
function asPixels({ size, path }: Qr) {
  const scale = 4;
  const width = size * scale;
  const data = new Uint8ClampedArray(width * width * 4).fill(255);
  const edges = [...path.matchAll(/M([^z]+)z/g)].flatMap(([, outline = '']) => {
    const points = outline.split(/[L ]/).map(Number);
    const corners = Array.from(
      { length: points.length / 2 },
      (_, i): Corner => [points[2 * i] ?? 0, points[2 * i + 1] ?? 0],
    );
    return corners.map((corner, i): [Corner, Corner] => [
      corner,
      corners[(i + 1) % corners.length] ?? corner,
    ]);
  });
  for (let y = 0; y < width; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const [px, py] = [(x + 0.5) / scale, (y + 0.5) / scale];
      const crossed = edges.filter(([from, to]) => from[1] > py !== to[1] > py && from[0] < px).length;
      if (crossed % 2 === 1) data.fill(0, (y * width + x) * 4, (y * width + x) * 4 + 3);
    }
  }
  return { data, width, height: width, colorSpace: 'srgb' as const };
}
