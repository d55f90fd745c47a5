import { createHmac, createSecretKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { contentDigest, signatureBase, signRequest, verifyRequest } from '../../src/lib/http-signature.ts';

interface Vector {
  name: string;
  algorithm: string;
  request: { method: string; targetUri: string; headers: Record<string, string>; body: string };
  response?: unknown;
  signatureBase: string;
  signatureInput: string;
  signature: string;
}
const vectors: {
  keys: Record<string, { base64?: string }>;
  cases: Vector[];
  contentDigest: { name: string; body: string; header: string }[];
} = JSON.parse(readFileSync('test/vectors/rfc9421.json', 'utf8'));
const secret = createSecretKey(Buffer.from(vectors.keys['test-shared-secret']?.base64 ?? '', 'base64'));

test.each(vectors.cases.filter(({ response }) => response === undefined))(
  'the signature base of $name is the published one',
  ({ request, signatureInput, signatureBase: published }) => {
    const params = signatureInput.slice(signatureInput.indexOf('=') + 1);
    expect(signatureBase({ ...request, url: request.targetUri }, params)).toBe(published);
  },
);

test('the published HMAC is ours', () => {
  const vector = vectors.cases.find(({ algorithm }) => algorithm === 'hmac-sha256');
  const mac = createHmac('sha256', secret)
    .update(vector?.signatureBase ?? '')
    .digest('base64');
  expect(vector?.signature).toBe(`sig-b25=:${mac}:`);
});

test.each(vectors.contentDigest.filter(({ header }) => header.startsWith('sha-256')))(
  'Content-Digest: $name',
  ({ body, header }) => expect(contentDigest(body)).toBe(header),
);

describe('a signed request', () => {
  const now = new Date('2026-01-15T03:00:00Z');
  const sent = { method: 'POST', url: 'http://localhost:3000/vouchers/notices/test', body: '{"a":1}' };
  const signed = { ...sent, headers: signRequest({ ...sent, key: secret, keyId: 'centre', now }) };
  const check = { key: secret, now, toleranceMs: 300_000 };

  test('is believed as it was sent', () => {
    expect(verifyRequest({ ...signed, ...check })).toEqual({ ok: true, keyId: 'centre' });
    const bare = { method: 'GET', url: 'http://127.0.0.1:1/numbers/num_1', body: '' };
    const headers = signRequest({ ...bare, key: secret, keyId: 'payresort', now });
    expect(verifyRequest({ ...bare, headers, ...check }).ok).toBe(true);
  });

  const { signature = '', 'signature-input': input = '' } = signed.headers;
  test.each([
    ['another method', { method: 'PUT' }, 'wrong_signature'],
    ['another address', { url: 'http://localhost:3000/vouchers/notices/live' }, 'wrong_signature'],
    ['another body', { body: '{"a":2}' }, 'wrong_digest'],
    [
      'another body and its digest',
      { body: '{}', headers: { ...signed.headers, 'content-digest': contentDigest('{}') } },
      'wrong_signature',
    ],
    ['no signature', { headers: {} }, 'missing'],
    [
      'a signature by another name',
      { headers: { ...signed.headers, signature: signature.replace('sig=', 'other=') } },
      'missing',
    ],
    [
      'no body covered',
      { headers: { ...signed.headers, 'signature-input': input.replace(' "content-digest"', '') } },
      'covers_too_little',
    ],
    [
      'an unknown component',
      { headers: { ...signed.headers, 'signature-input': input.replace('@method', '@nothing') } },
      'malformed',
    ],
    [
      'a component twice',
      {
        headers: { ...signed.headers, 'signature-input': input.replace('"@method"', '"@method" "@method"') },
      },
      'malformed',
    ],
    [
      'no time',
      { headers: { ...signed.headers, 'signature-input': input.replace(/;created=\d+/, '') } },
      'too_old',
    ],
    ['an old time', { now: new Date('2026-01-15T03:05:01Z') }, 'too_old'],
    ['another key', { key: createSecretKey(Buffer.alloc(32, 1)) }, 'wrong_signature'],
  ])('with %s is not', (_, changes, fault) => {
    expect(verifyRequest({ ...signed, ...check, ...changes })).toEqual({ ok: false, fault });
  });
});
