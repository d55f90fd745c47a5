import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decode, encode, Iso8583Error, type Iso8583Fault } from '../../src/acquirer/codec.ts';
import { FIELDS, type FieldKind } from '../../src/acquirer/fields.ts';
import { ROOT } from '../../src/lib/root.ts';

interface Vector {
  name: string;
  spec: string;
  packed: string;
  mti: string;
  bitmap: string;
  fields: Record<string, string>;
  error?: string;
  note?: string;
}

const file = readFileSync(join(ROOT, 'test/vectors/iso8583/messages.json'), 'utf8');
const { cases } = JSON.parse(file) as { cases: Vector[] };
const spoken = cases.filter(({ spec }) => spec === 'spec87');
const readable = spoken.filter(({ error }) => error === undefined);

test.each(readable.map((vector) => [vector.name, vector] as const))('reads %s', (_, vector) => {
  expect(decode(vector.packed)).toEqual({ mti: vector.mti, fields: vector.fields });
});

/** Lower-case bitmaps and empty second ones are read, never written. */
const writable = readable.filter(({ packed, bitmap }) => packed.slice(4, 4 + bitmap.length) === bitmap);

test.each(writable.map((vector) => [vector.name, vector] as const))('writes %s as it was', (_, vector) => {
  expect(encode({ mti: vector.mti, fields: vector.fields })).toBe(vector.packed);
});

test.each(spoken.filter(({ error }) => error !== undefined).map((vector) => [vector.name, vector] as const))(
  'refuses %s for its reason',
  (_, vector) => {
    expect(faultOf(() => decode(vector.packed))).toBe(vector.error);
  },
);

const fixed128 = cases.filter(({ spec }) => spec === 'spec87-fixed128');

test.each(fixed128.map((vector) => [vector.name, vector] as const))(
  '%s is in a dialect that is not ours, and is refused',
  (_, vector) => {
    expect(faultOf(() => decode(vector.packed))).toBe('trailing-bytes');
  },
);

test('no vector is left out', () => {
  expect(spoken.length + fixed128.length).toBe(cases.length);
  expect(readable.filter((vector) => !writable.includes(vector)).map(({ name }) => name)).toEqual([
    'network-management-lower-case-bitmap',
  ]);
});

const ALPHABET: Record<FieldKind, string> = {
  n: '0123456789',
  an: 'AZaz09 ',
  ans: 'Az09 ~!=',
  'x+n': '0123456789',
  z: '0123456789=D',
  hex: '09AFaf',
};

function textFor(number: number): fc.Arbitrary<string> {
  const { kind, length, digits } = FIELDS[number] ?? { kind: 'n', length: 0, digits: 0 };
  const size = kind === 'x+n' ? length - 1 : length;
  const text = fc.string({
    unit: fc.constantFrom(...ALPHABET[kind]),
    minLength: digits === 0 ? size : 0,
    maxLength: size,
  });
  return kind === 'x+n' ? text.map((tail) => `C${tail}`) : text;
}

const anyMessage = fc.record({
  mti: fc.stringMatching(/^[0-9]{4}$/),
  fields: fc
    .subarray(Object.keys(FIELDS).map(Number))
    .chain((numbers) =>
      fc
        .tuple(...numbers.map(textFor))
        .map((values) => Object.fromEntries(numbers.map((number, index) => [number, values[index] ?? '']))),
    ),
});

test('what is written is read back, whatever it is', () => {
  fc.assert(
    fc.property(anyMessage, (message) => {
      expect(decode(encode(message))).toEqual(message);
    }),
  );
});

test('a message that is cut anywhere is refused, and so is one with something after it', () => {
  fc.assert(
    fc.property(anyMessage, fc.nat(), (message, cut) => {
      const text = encode(message);
      expect(faultOf(() => decode(text.slice(0, cut % text.length)))).toBe('truncated');
      expect(faultOf(() => decode(`${text}0`))).toBe('trailing-bytes');
    }),
  );
});

test('whatever comes in is read or refused, never anything else', () => {
  const anyText = fc.string({ unit: fc.constantFrom(...'0123456789ABCDEFabc \u00e9'), maxLength: 80 });
  fc.assert(
    fc.property(anyText, (text) => {
      const error = catching(() => decode(text));
      expect(error === null || error instanceof Iso8583Error).toBe(true);
    }),
  );
});

test('no refusal repeats what a field held', () => {
  const pan = '4000000000000002';
  const bad: Record<number, string>[] = [{ 2: `${pan}x` }, { 4: pan }, { 48: `${pan}\u3042` }];
  for (const fields of bad) {
    const error = catching(() => encode({ mti: '0200', fields }));
    expect(error).toBeInstanceOf(Iso8583Error);
    expect(JSON.stringify(error) + String(error)).not.toContain('00000000');
  }
  const wire = `0200400000000000000017${pan}x`;
  expect(faultOf(() => decode(wire))).toBe('bad-characters');
  expect(String(catching(() => decode(wire)))).not.toContain(pan);
});

function faultOf(work: () => unknown): Iso8583Fault | null {
  const error = catching(work);
  return error instanceof Iso8583Error ? error.fault : null;
}

function catching(work: () => unknown): unknown {
  try {
    work();
    return null;
  } catch (error) {
    return error;
  }
}
