import type { KeyObject } from 'node:crypto';
import { and, eq, isNull, or, sql } from 'drizzle-orm';
import { inTransaction } from '../db/client.ts';
import { type ConformanceCheck, type ConformanceRun, webhookEndpoints } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { MINUTE, plus, SECOND } from '../lib/clock.ts';
import { postSafely } from '../lib/fetch.ts';
import { newId } from '../lib/ids.ts';
import { throughSeam } from '../lib/seams.ts';
import { type SignedContent, signEd25519, signHmac } from '../lib/sign.ts';
import type { Merchant } from '../merchants/merchant.ts';
import { activeSecrets } from '../merchants/secrets.ts';
import { CHECKS, type Check, type Shot } from './conformance-checks.ts';
import { type EndpointRow, loadEndpoint } from './endpoints.ts';
import { signingKey } from './jwks.ts';
import { readableAnswer } from './readable-answer.ts';
import { notificationHeaders } from './sign-event.ts';

export type { ConformanceRun };

/** With what a run signs: as notifications are signed, and the service's own key by itself. */
export interface Signers {
  sign(content: SignedContent): string;
  ed25519: KeyObject;
}

const FIRST_TIMEOUT_MS = 15 * SECOND;
const TIMEOUT_MS = 5 * SECOND;
/** A run that has not ended by then was cut off: its process is gone. */
const GIVEN_UP_AFTER_MS = 3 * MINUTE;
/** Notifications that take longer come near the 15 seconds after which they are sent again. */
const SLOW_MS = 5 * SECOND;
const KEPT_ANSWER = 200;

/**
 * Sends one endpoint of test mode what a receiver meets, good and bad, and keeps how it answered. It goes on after the
 * answer; `running`: one is under way; `no_secret`: there is nothing to sign with. Throws `not_found`.
 */
export async function startConformance(
  deps: Deps,
  merchant: Merchant,
  endpointId: string,
): Promise<'started' | 'running' | 'no_secret'> {
  const endpoint = await loadEndpoint(deps, merchant, endpointId);
  const secrets = await activeSecrets(deps, merchant.merchantId, 'test', 'signing');
  if (secrets.length === 0) return 'no_secret';
  if (!(await claim(deps, endpoint))) return 'running';
  const { privateKey: ed25519 } = signingKey(deps.config, 'test');
  const sign = (content: SignedContent) =>
    [...secrets.map((secret) => signHmac(secret, content)), signEd25519(ed25519, content)].join(' ');
  deps.background.run(shootAll(deps, endpoint, { sign, ed25519 }));
  return 'started';
}

/** Whether a kept run is still going on. */
export function isRunning({ startedAt, endedAt }: ConformanceRun, now: Date): boolean {
  return endedAt === null && plus(new Date(startedAt), GIVEN_UP_AFTER_MS) > now;
}

async function claim(deps: Deps, endpoint: EndpointRow): Promise<boolean> {
  const now = deps.clock.now();
  const { conformance } = webhookEndpoints;
  const givenUp = plus(now, -GIVEN_UP_AFTER_MS).toISOString();
  const fresh: ConformanceRun = { startedAt: now.toISOString(), endedAt: null, checks: [] };
  return inTransaction(deps.db, 'notify.begin_conformance', async (tx) => {
    const free = or(
      isNull(conformance),
      sql`${conformance} ->> 'endedAt' is not null`,
      sql`${conformance} ->> 'startedAt' <= ${givenUp}`,
    );
    const rows = await tx
      .update(webhookEndpoints)
      .set({ conformance: fresh })
      .where(and(sameEndpoint(endpoint), free))
      .returning({ id: webhookEndpoints.id });
    return rows.length > 0;
  });
}

/**
 * One check after the other. Where the good event got no answer there is nothing to learn from the others; where it was
 * not taken, nothing from what is refused.
 */
async function shootAll(deps: Deps, endpoint: EndpointRow, signers: Signers): Promise<void> {
  const startedAt = deps.clock.now();
  const run = newId('op', startedAt).slice(3, 24);
  const checks: ConformanceCheck[] = [];
  for (const check of CHECKS) {
    const valid = checks[0];
    const silent = valid?.answers[0]?.status === null;
    const skipped = silent || (check.expects === 'refused' && valid?.outcome !== 'pass');
    const aim = { merchantId: endpoint.merchantId, run, now: deps.clock.now(), signers };
    const answers: ConformanceCheck['answers'] = [];
    const timeoutMs = check.name === 'valid' ? FIRST_TIMEOUT_MS : TIMEOUT_MS;
    for (const shot of skipped ? [] : check.shots(aim))
      answers.push(await shoot(deps, endpoint, shot, timeoutMs));
    checks.push({ name: check.name, outcome: skipped ? 'skipped' : judge(check, answers), answers });
    await keep(deps, endpoint, { startedAt: startedAt.toISOString(), endedAt: null, checks });
  }
  checks.push(speedOf(checks));
  const endedAt = deps.clock.now().toISOString();
  await keep(deps, endpoint, { startedAt: startedAt.toISOString(), endedAt, checks });
}

async function shoot(
  deps: Deps,
  { url }: EndpointRow,
  { id, timestamp, signature, payload }: Shot,
  timeoutMs: number,
): Promise<ConformanceCheck['answers'][number]> {
  const { 'webhook-signature': signed, ...unsigned } = notificationHeaders({
    id,
    timestamp,
    signature: signature ?? '',
  });
  const headers = signature === null ? unsigned : { ...unsigned, 'webhook-signature': signed };
  const startedAt = performance.now();
  const result = await throughSeam('notify.conformance', () =>
    postSafely({ url, body: payload, headers, timeoutMs, allowPrivate: !deps.config.production }),
  );
  const tookMs = Math.round(performance.now() - startedAt);
  if (result.kind === 'fault') return { status: null, fault: result.fault, tookMs, body: '' };
  const body = readableAnswer(result.body).slice(0, KEPT_ANSWER);
  return { status: result.status, fault: null, tookMs, body };
}

/** To refuse is to answer 4xx. 5xx refuses too, but says that something broke; no answer says nothing. */
export function judge(
  { expects }: Pick<Check, 'expects'>,
  answers: ConformanceCheck['answers'],
): ConformanceCheck['outcome'] {
  const statuses = answers.map(({ status }) => status ?? 0);
  const taken = statuses.filter((status) => status >= 200 && status < 300);
  if (expects === 'taken') return taken.length === statuses.length ? 'pass' : 'fail';
  if (taken.length > 0) return 'fail';
  return statuses.every((status) => status >= 400 && status < 500) ? 'pass' : 'warning';
}

/** The slowest answer of all. */
function speedOf(checks: ConformanceCheck[]): ConformanceCheck {
  const answers = checks.flatMap((check) => check.answers);
  const slowest = answers.reduce<(typeof answers)[number] | null>(
    (most, answer) => (most === null || answer.tookMs > most.tookMs ? answer : most),
    null,
  );
  if (slowest === null || checks[0]?.answers[0]?.status === null)
    return { name: 'speed', outcome: 'skipped', answers: [] };
  const outcome = slowest.fault === 'timeout' ? 'fail' : slowest.tookMs > SLOW_MS ? 'warning' : 'pass';
  return { name: 'speed', outcome, answers: [slowest] };
}

async function keep(deps: Deps, endpoint: EndpointRow, conformance: ConformanceRun): Promise<void> {
  await inTransaction(deps.db, 'notify.keep_conformance', (tx) =>
    tx.update(webhookEndpoints).set({ conformance }).where(sameEndpoint(endpoint)),
  );
}

function sameEndpoint({ merchantId, id }: EndpointRow) {
  return and(eq(webhookEndpoints.merchantId, merchantId), eq(webhookEndpoints.id, id));
}
