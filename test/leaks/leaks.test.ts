import { expect, inject, test } from 'vitest';
import { testPan } from '../support/cards.ts';
import { needlesOf } from './needles.ts';
import { scanFolder, scanText } from './scan.ts';

/** Runs after everything else: see the groups in vitest.config.ts. */
test('no card number and no security code stands in anything that the suite has produced', () => {
  const { files, leaks } = scanFolder(inject('outputDir'));
  expect(leaks).toEqual([]);
  expect(files).toBeGreaterThan(0);
});

test.each(needlesOf(testPan('01', '51')))('a planted leak is found: $form', ({ text }) => {
  for (const around of ['', '{"a":"', 'x'.repeat(1_000)]) {
    expect(scanText('planted', `${around}${text}${around}`)).not.toEqual([]);
  }
});

test.each(['{"csc":"123"}', 'number=x&csc=123&name=y', "csc: '1234'", '06003123', '050052.2.006003123'])(
  'a planted security code is found: %s',
  (text) => {
    expect(scanText('planted', text)).not.toEqual([]);
  },
);

test('a card number inside base64 is found at every offset', () => {
  const pan = testPan();
  for (const before of ['', 'a', 'ab', 'abc']) {
    expect(scanText('planted', Buffer.from(`${before}${pan}"}`).toString('base64'))).not.toEqual([]);
  }
});
