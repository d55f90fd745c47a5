import { expect, test } from 'vitest';
import { type FieldRule, MESSAGE_TYPES, VERSIONS } from '../../src/threeds/field-rule.ts';
import { rulesFor } from '../../src/threeds/fields.ts';
import { accepts } from '../../src/threeds/read-message.ts';
import { readVectors } from './vectors.ts';

/** A rule of the reference, `test/vectors/threeds-fields.json`. */
interface Reference {
  name: string;
  messages: string[];
  type: string;
  inclusion: string;
  min?: number;
  max?: number;
  values?: unknown[];
  regex?: string;
  versions: string[];
  note?: string;
}

const { fields } = readVectors<{ fields: Reference[] }>('threeds-fields.json');

const TYPES: Record<string, FieldRule['type']> = {
  string: 'string',
  boolean: 'boolean',
  object: 'object',
  'array<object>': 'array',
  'object{cc:1-3,subscriber:1-15}': 'phone',
};

/** Where we take more than the reference on purpose. */
const MORE: Record<string, string> = {
  challengeCancel: 'any two digits: older texts used other ones',
};
/** Where we take less, and nothing that the reference refuses. */
const LESS: Record<string, string> = {
  threeDSRequestorURL: 'must be a web address besides',
  threeDSServerURL: 'likewise',
  notificationURL: 'likewise',
  acsURL: 'likewise',
  eci: 'letters and digits: the authorisation is ASCII',
};

const pairs = MESSAGE_TYPES.flatMap((type) => VERSIONS.map((version) => [type, version] as const));

test.each(pairs)(
  '%s %s has the same elements, inclusions, types and lengths as the reference',
  (type, version) => {
    const theirs = referencesFor(type, version).map(({ name, inclusion, type: kind, min, max }) => {
      return { name, inclusion, type: TYPES[kind], min, max };
    });
    const ours = rulesFor(type, version).map(({ name, inclusion, type: kind, min, max }) => {
      return { name, inclusion, type: kind, min, max };
    });
    const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
    expect(ours.toSorted(byName)).toEqual(theirs.toSorted(byName));
  },
);

test.each(pairs)('%s %s takes and refuses the same values as the reference', (type, version) => {
  const differences = referencesFor(type, version).flatMap((reference) => {
    const rule = rulesFor(type, version).find(({ name }) => name === reference.name);
    if (rule === undefined) return [];
    const differs = (ours: boolean, theirs: boolean) =>
      (ours && !theirs && !(reference.name in MORE)) || (theirs && !ours && !(reference.name in LESS));
    return PROBES.filter((probe) => differs(accepts(rule, probe), takes(reference, probe, version))).map(
      (probe) => `${reference.name}: ${JSON.stringify(probe).slice(0, 60)}`,
    );
  });
  expect(differences).toEqual([]);
});

function referencesFor(type: string, version: string): Reference[] {
  return fields.filter(
    ({ messages, versions }) =>
      (messages.includes(type) || messages.includes('*')) && versions.includes(version),
  );
}

/** Values of every kind and length, most of them wrong for most elements. */
const PROBES: unknown[] = [
  ...Array.from({ length: 101 }, (_, number) => String(number).padStart(2, '0')),
  ...Array.from({ length: 10 }, (_, number) => String(number)),
  ...[3, 4, 5, 8, 13, 14, 15, 19, 20, 28, 35, 36, 48, 49].map((length) => '7'.repeat(length)),
  ...[
    1, 2, 3, 9, 16, 17, 28, 32, 33, 40, 41, 45, 46, 50, 51, 64, 65, 128, 129, 254, 255, 256, 257, 2048, 2049,
  ].map((length) => 'x'.repeat(length)),
  ...'YNUACRDIEPSZ',
  ...[
    '',
    ' ',
    '-540',
    '+540',
    '-54000',
    '00000',
    '00001',
    '10080',
    '10081',
    '1a',
    '３９２',
    '2.2.0',
    '2.10.0',
    '2.2',
  ],
  ...['0112', '3012', '3013', '3000', 'AReq', 'ARes', 'Erro', 'OReq', 'Xxxx', 'true'],
  ...[
    '8a880dc0-d2d2-4067-bcb1-b08d1690b26e',
    '8A880DC0-D2D2-4067-BCB1-B08D1690B26E',
    '8a880dc0d2d24067bcb1b08d1690b26e',
  ],
  true,
  false,
  null,
  0,
  24,
  [],
  [{}],
  Array.from({ length: 10 }, () => ({})),
  Array.from({ length: 11 }, () => ({})),
  {},
  { any: 1 },
  { any: 'x'.repeat(4097) },
  { cc: '81', subscriber: '9012345678' },
  { cc: '8181', subscriber: '9012345678' },
  { cc: '81', subscriber: '' },
  { cc: '81' },
  { cc: 81, subscriber: 9012345678 },
  `${'A'.repeat(27)}=`,
  'https://example.jp/',
];

/** The reference read by itself; an empty object is no value (Req 309). */
function takes(reference: Reference, value: unknown, version: string): boolean {
  const { type, min = 0, max = Number.POSITIVE_INFINITY, values, regex, note = '' } = reference;
  const within = (length: number) => length >= min && length <= max;
  if (type === 'boolean') return typeof value === 'boolean' && (values?.includes(value) ?? true);
  if (type.startsWith('array')) return Array.isArray(value) && within(value.length);
  if (type.startsWith('object')) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    if (type === 'object') return Object.keys(value).length > 0 && JSON.stringify(value).length <= max;
    const { cc, subscriber } = { cc: '', subscriber: '', ...value };
    if (typeof cc !== 'string' || typeof subscriber !== 'string') return false;
    return /^\d{1,3}$/.test(cc) && /^\d{1,15}$/.test(subscriber);
  }
  if (typeof value !== 'string' || !within(value.length)) return false;
  if (note.includes('22-26 from 2.2') && version === '2.1.0' && value >= '22' && value <= '26') return false;
  if (note === 'base64 of 20 bytes' && Buffer.from(value, 'base64').length !== 20) return false;
  const left = note.includes('80-99 DS') && /^[89]\d$/.test(value);
  return (values === undefined || values.includes(value) || left) && new RegExp(regex ?? '').test(value);
}
