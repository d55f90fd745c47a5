import { expect, test } from 'vitest';
import { checkOrder, fingerprint, verifyResult } from '../../demo/shop/verify.ts';
import { MERCHANT, newKey, newSecret, publishing, SECRET, SERVICE, signed } from './signing.ts';

const trust = { merchantId: MERCHANT, mode: 'test', secrets: [SECRET], publishedKeys: publishing(SERVICE) };
const order = { id: 'KH-1', amount: 3_850 };
const seconds = (off: number) => new Date(Date.now() + off * 1_000);

test('a result that both keys signed is believed, and says which keys', async () => {
  const verdict = await verifyResult(signed({}), trust);
  expect(verdict).toMatchObject({ ok: true, proof: { hmacKey: fingerprint(SECRET), kid: 'first' } });
  expect(verdict.ok && checkOrder(verdict.event, order)).toBeNull();
});

const good = signed({});
const REFUSED = [
  ['another amount written in', { ...good, payload: good.payload.replaceAll('3850', '1') }, 'bad_hmac'],
  ['one space added', { ...good, payload: `${good.payload} ` }, 'bad_hmac'],
  ['another id', { ...good, id: 'evt_2' }, 'bad_hmac'],
  ['another time', { ...good, timestamp: String(Number(good.timestamp) - 1) }, 'bad_hmac'],
  ['301 s old', signed({}, { at: seconds(-302) }), 'too_old'],
  ['301 s ahead', signed({}, { at: seconds(302) }), 'too_new'],
  ['a foreign secret', signed({}, { secrets: [newSecret()] }), 'bad_hmac'],
  ['no HMAC', signed({}, { secrets: [] }), 'bad_hmac'],
  ['a foreign Ed25519 key', signed({}, { keys: [newKey('other')] }), 'bad_ed25519'],
  ['no Ed25519', signed({}, { keys: [] }), 'bad_ed25519'],
  ['another merchant', signed({ merchantId: 'A199999999' }), 'other_merchant'],
  ['the other mode', signed({ mode: 'live' }), 'other_mode'],
  ['a time that is not one', { ...good, timestamp: `${good.timestamp}.0` }, 'incomplete'],
  ['no signature', { ...good, signature: '' }, 'incomplete'],
  ['no field at all', {}, 'incomplete'],
] as const;

test.each(REFUSED)('refused: %s', async (_, fields, refusal) => {
  expect(await verifyResult(fields, trust)).toEqual({ ok: false, refusal });
});

test.each([
  ['old and new both sign, we hold the old', [SECRET, newSecret()], [SECRET]],
  ['old and new both sign, we hold the new', [newSecret(), SECRET], [SECRET]],
  ['only the new signs, we hold both', [SECRET], [newSecret(), SECRET]],
])('during a rotation of the secret it is believed: %s', async (_, secrets, held) => {
  expect(await verifyResult(signed({}, { secrets }), { ...trust, secrets: held })).toMatchObject({
    ok: true,
    proof: { hmacKey: fingerprint(SECRET) },
  });
});

test('a service key that is new to us is fetched, once', async () => {
  const next = newKey('next');
  let fetches = 0;
  const publishedKeys = {
    known: publishing(SERVICE).known,
    refreshed: () => {
      fetches += 1;
      return publishing(SERVICE, next).known();
    },
  };
  expect(await verifyResult(signed({}, { keys: [next] }), { ...trust, publishedKeys })).toMatchObject({
    ok: true,
    proof: { kid: 'next' },
  });
  expect(fetches).toBe(1);
});

test.each([
  ['an order we do not know', {}, null, 'unknown_order'],
  ['another order', { orderId: 'KH-2' }, order, 'unknown_order'],
  ['another amount', { amount: 1 }, order, 'other_amount'],
  ['another amount of the payment', { payment: { amount: 1 } }, order, 'other_amount'],
  ['another currency', { session: { currency: 'USD' } }, order, 'other_amount'],
])('a good signature about %s is not enough', async (_, made, ordered, refusal) => {
  const verdict = await verifyResult(signed(made), trust);
  expect(verdict.ok && checkOrder(verdict.event, ordered)).toBe(refusal);
});
