import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../../src/lib/root.ts';
import { MERCHANT, newKey, newSecret, SECRET, SERVICE, signed } from './signing.ts';

/** The samples of docs/webhooks.md, run as they stand. */
const guide = readFileSync(join(ROOT, 'docs/webhooks.md'), 'utf8');
const samples = [...guide.matchAll(/```js\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');

function run(name: string, call: string): unknown {
  const code = samples.find((sample) => sample.includes(`function ${name}(`)) ?? '';
  const input = `${code}\nlet told; try { told = ${call}; } catch (error) { told = 'refused'; }\nprocess.stdout.write(JSON.stringify(told));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-'], {
    cwd: ROOT,
    input,
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

const self = JSON.stringify({ merchantId: MERCHANT, mode: 'test' });
const jwks = JSON.stringify({ keys: [SERVICE.jwk] });
const good = signed({});
const minutes = (count: number) => new Date(Date.now() + count * 60_000);
const cases = [
  ['a good result', good, true],
  ['one signed by old and new secret', signed({}, { secrets: [newSecret(), SECRET] }), true],
  ['a tampered one', { ...good, payload: good.payload.replaceAll('3850', '1') }, false],
  ['an old one', signed({}, { at: minutes(-6) }), false],
  ['one from the future', signed({}, { at: minutes(6) }), false],
  ['one by other keys', signed({}, { secrets: [newSecret()], keys: [newKey('other')] }), false],
  ['one for another merchant', signed({ merchantId: 'A199999999' }), false],
  ['one of the other mode', signed({ mode: 'live' }), false],
] as const;

test.each(cases)('the samples of the guide judge %s rightly', (_, fields, believed) => {
  const given = JSON.stringify(fields);
  const expected = believed ? expect.objectContaining({ type: 'session.completed' }) : 'refused';
  expect(run('verifyHmac', `verifyHmac(${given}, '${SECRET}', ${self})`)).toEqual(expected);
  expect(run('verifyEd25519', `verifyEd25519(${given}, ${jwks}, ${self})`)).toEqual(expected);
});

test('the sample that signs an entry writes ASCII and the five fields', () => {
  const secret = `esec_${Buffer.alloc(32, 9).toString('base64')}`;
  const session = JSON.stringify({ mode: 'test', order_id: 'o-1', description: '器と𠮷' });
  const entry = run('signEntry', `signEntry('${MERCHANT}', '${secret}', 'n-1', ${session})`);
  expect(entry).toEqual({
    merchant_id: MERCHANT,
    id: 'n-1',
    timestamp: expect.stringMatching(/^\d{10}$/),
    signature: expect.stringMatching(/^v1,[A-Za-z0-9+/]{43}=$/),
    payload: '{"mode":"test","order_id":"o-1","description":"\\u5668\\u3068\\ud842\\udfb7"}',
  });
});
