import { format, inspect } from 'node:util';
import { expect, test } from 'vitest';
import { openLog } from '../../src/lib/log.ts';
import { Secret } from '../../src/lib/secret.ts';

const PAN = '4000000000000002';
const secret = new Secret(PAN);

test('a secret is given out by reveal', () => {
  expect(secret.reveal()).toBe(PAN);
});

test.each([
  ['String', String(secret)],
  ['a template', `${secret}`],
  ['concatenation', ['card ', secret].join('')],
  ['JSON', JSON.stringify({ secret, list: [secret] })],
  ['inspect', inspect(secret)],
  [
    'inspect, everything shown',
    inspect({ a: { b: [secret] } }, { depth: 9, showHidden: true, getters: true }),
  ],
  ['format', format('%s %o %O %j %d', secret, secret, secret, secret, secret)],
  ['an error', inspect(new Error(`no good: ${secret}`, { cause: secret }))],
  ['its keys', Reflect.ownKeys(secret).join()],
  ['a copy', JSON.stringify({ ...secret })],
  ['a structured clone', inspect(structuredClone(secret))],
  ['a Map', inspect(new Map([[secret, secret]]))],
])('a secret does not show in %s', (_, text) => {
  expect(text).not.toMatch(/4000000000000002/);
});

test('a secret does not show in a log line', () => {
  const lines: string[] = [];
  const write = process.stdout.write;
  process.stdout.write = (chunk: string | Uint8Array) => lines.push(String(chunk)) > 0;
  try {
    openLog('info').info(
      { secret, deep: { secret }, error: new Error('x', { cause: secret }) },
      `card ${secret}`,
    );
  } finally {
    process.stdout.write = write;
  }
  expect(lines.join('')).not.toContain(PAN);
});
