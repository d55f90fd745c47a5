import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decodeIso, encodeIso } from '../../src/simulator/iso8583.ts';

interface Case {
  name: string;
  spec: string;
  packed: string;
  mti?: string;
  fields?: Record<string, string>;
  error?: string;
}

const file = new URL('../vectors/iso8583/messages.json', import.meta.url);
const { cases }: { cases: Case[] } = JSON.parse(readFileSync(file, 'utf8'));
/** The other dialect (always two bitmaps) is not ours: docs/acquirer-link.md. */
const ours = cases.filter(({ spec }) => spec === 'spec87');

describe('the codec against messages that others made', () => {
  test.each(ours.filter(({ error }) => !error))('$name is read field by field', ({ packed, mti, fields }) => {
    const message = decodeIso(packed);
    if ('fault' in message) throw new Error(message.fault);
    expect({ mti: message.mti, fields: Object.fromEntries(message.fields) }).toEqual({ mti, fields });
  });

  test.each(ours.filter(({ error }) => error))('$name is refused as $error', ({ packed, error }) => {
    expect(decodeIso(packed)).toEqual({ fault: error });
  });

  test.each(ours.filter(({ error, name }) => !error && name !== 'network-management-lower-case-bitmap'))(
    '$name is written as it was',
    ({ packed }) => {
      const message = decodeIso(packed);
      if ('fault' in message) throw new Error(message.fault);
      expect(encodeIso(message)).toBe(packed);
    },
  );
});

test('a value of the wrong width is never written', () => {
  expect(() => encodeIso({ mti: '0810', fields: new Map([[11, '12345']]) })).toThrow('DE11');
  expect(() => encodeIso({ mti: '0810', fields: new Map([[127, 'x']]) })).toThrow('DE127');
});
