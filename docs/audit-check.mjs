// node audit-check.mjs EXPORT.jsonl JWKS.json [ANCHORS.jsonl]: whether an exported audit log is as it was recorded. Node.js 20.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const [, , exported, jwks, anchored] = process.argv;
const keys = new Map(
  JSON.parse(readFileSync(jwks, 'utf8')).keys.map((jwk) => [
    jwk.kid,
    createPublicKey({ key: jwk, format: 'jwk' }),
  ]),
);
const lines = (file) => createInterface({ input: createReadStream(file), crlfDelay: Infinity });
const signed = (e, bytes) =>
  keys.has(e.key_id) && verify(null, bytes, keys.get(e.key_id), Buffer.from(e.signature, 'base64url'));
const anchors = new Map();
let [faults, entries, last, held] = [0, 0, { sequence: 0, hash: '0'.repeat(64) }, 0];
const say = (text) => process.stdout.write(`${text}\n`);
const fault = (text) => {
  faults += 1;
  say(text);
};

if (anchored)
  for await (const line of lines(anchored)) {
    const a = JSON.parse(line);
    const said = `payresort audit anchor 1\n${JSON.stringify([a.merchant_id, a.sequence, a.hash, a.at])}`;
    if (signed(a, Buffer.from(said))) anchors.set(`${a.merchant_id} ${a.sequence}`, a.hash);
    else fault(`anchor ${a.sequence}: false signature`);
  }
for await (const line of lines(exported)) {
  const e = JSON.parse(line);
  const { kind, id, name, role } = e.actor;
  const details = Object.entries(e.details).sort(([a], [b]) => (a < b ? -1 : 1));
  const said = [
    'payresort audit 1',
    e.merchant_id,
    e.sequence,
    e.at,
    e.mode,
    [kind, id, name, role],
    e.action,
    e.outcome,
    e.origin,
    e.target,
    details,
    e.previous_hash,
  ];
  const hash = createHash('sha256').update(JSON.stringify(said)).digest();
  if (hash.toString('hex') !== e.hash) fault(`entry ${e.sequence}: changed`);
  else if (!signed(e, Buffer.concat([Buffer.from('payresort audit 1\n'), hash])))
    fault(`entry ${e.sequence}: false signature, or an unknown key`);
  if (e.sequence !== last.sequence + 1 || e.previous_hash !== last.hash)
    fault(`entry ${e.sequence}: does not follow entry ${last.sequence}`);
  const anchor = `${e.merchant_id} ${e.sequence}`;
  if (anchors.has(anchor) && anchors.get(anchor) !== e.hash)
    fault(`entry ${e.sequence}: not the one that was anchored`);
  if (anchors.delete(anchor)) held += 1;
  [entries, last] = [entries + 1, e];
}
for (const left of anchors.keys()) fault(`entry ${left.split(' ')[1]}: anchored, and not here: cut off`);
say(`${entries} entries, ${held} anchors: ${faults === 0 ? 'all hold' : `${faults} faults`}`);
process.exit(faults === 0 ? 0 : 1);
