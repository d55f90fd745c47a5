import { expect, test } from 'vitest';
import { encode } from '../../src/acquirer/codec.ts';
import { scrub } from '../../src/acquirer/scrub.ts';
import { PAN } from './messages.ts';

test('private and secret fields are removed, also those that are never sent', () => {
  const secret: Record<number, string> = {
    14: '3912',
    35: `${PAN}=3912`,
    45: `B${PAN}`,
    46: 'private46',
    48: 'private48',
    52: '0123456789ABCDEF',
    54: 'private54',
    55: 'private55',
    60: 'private60',
    62: 'private62',
    126: 'private126',
  };
  const text = scrub(encode({ mti: '0200', fields: { ...secret, 2: PAN, 11: '000042', 39: '05' } }));
  const removed = Object.keys(secret).map((number) => `${number}=[removed]`);
  expect(text.split(' ')).toEqual([
    '0200',
    `2=***********${PAN.slice(-4)}`,
    ...['11=000042', '39=05', ...removed].sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10)),
  ]);
});

test.each([
  ['is cut', `0200400000000000000016${PAN.slice(0, 12)}`],
  ['is no message', `hello ${PAN}`],
  ['has something after it', `0200400000000000000015${PAN}${PAN}`],
])('nothing is shown of what %s', (_, wire) => {
  expect(scrub(wire)).toContain('unreadable message');
  expect(scrub(Buffer.from(wire))).not.toContain(PAN.slice(0, 8));
});
