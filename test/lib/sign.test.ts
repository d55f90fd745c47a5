import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { ROOT } from '../../src/lib/root.ts';
import {
  ed25519Key,
  isFresh,
  newSecret,
  signEd25519,
  signHmac,
  thumbprint,
  verifyEd25519,
  verifyHmac,
} from '../../src/lib/sign.ts';

interface Vector {
  name: string;
  secret?: string;
  publicKey?: string;
  id: string;
  timestamp: number;
  body: string;
  now: number;
  signature: string;
  valid: boolean;
}

const { cases } = JSON.parse(readFileSync(join(ROOT, 'test/vectors/webhooks.json'), 'utf8')) as {
  cases: Vector[];
};

test.each(cases.map((vector) => [vector.name, vector] as const))('%s', (_, vector) => {
  const content = { id: vector.id, timestamp: vector.timestamp, payload: vector.body };
  const fresh = isFresh(String(vector.timestamp), vector.now);
  const signed =
    (vector.secret !== undefined && verifyHmac(vector.secret, content, vector.signature)) ||
    (vector.publicKey !== undefined && verifyEd25519(publicKey(vector.publicKey), content, vector.signature));
  expect(fresh && signed).toBe(vector.valid);
});

test('what we sign is accepted by the reference library and by the public key alone', () => {
  const secret = newSecret('whsec');
  const { privateKey, jwk } = ed25519Key(Buffer.alloc(32, 7));
  const now = Math.floor(Date.now() / 1000);
  const content = { id: 'evt_1', timestamp: now, payload: '{"type":"ping"}' };
  const signature = `${signHmac(secret, content)} ${signEd25519(privateKey, content)}`;
  const headers = { 'webhook-id': 'evt_1', 'webhook-timestamp': String(now), 'webhook-signature': signature };
  expect(new Webhook(secret).verify(content.payload, headers)).toEqual({ type: 'ping' });
  const key = createPublicKey({ key: { ...jwk }, format: 'jwk' });
  expect(verifyEd25519(key, content, signature)).toBe(true);
  expect(verifyEd25519(key, { ...content, payload: '{"type":"pong"}' }, signature)).toBe(false);
});

test.each([
  ['11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo', 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k'],
  ['JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs', 'poqkLGiymh_W0uP6PZFw-dvez3QJT5SolqXBCW38r0U'],
])('the thumbprint of %s is the published one (RFC 7638)', (x, kid) => {
  expect(thumbprint(x)).toBe(kid);
});

test.each(['', 'NaN', '-5', '1e9', '1614265330.5', 'abc'])('"%s" is no time', (timestamp) => {
  expect(isFresh(timestamp, 1_614_265_330)).toBe(false);
});

function publicKey(text: string) {
  const x = Buffer.from(text.replace(/^whpk_/, ''), 'base64').toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}
