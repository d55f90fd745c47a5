import { type Authentication, authenticationValueOf, type ChallengeResult } from './authentications.ts';
import { eciOf } from './eci.ts';
import { parseJson } from './threeds-messages.ts';
import { type Elements, elementsOf } from './threeds-rules.ts';
import type { ThreeDsWorld } from './world.ts';

/**
 * The result of a challenge on its way to the 3DS Server: EMV 3-D Secure Protocol and Core Functions
 * Specification, RReq and RRes (tables B.8, B.9; Req 241 to 244). TT 09 sends none, TT 10 sends it twice.
 */
export async function reportResult(
  world: ThreeDsWorld,
  authentication: Authentication,
  result: ChallengeResult,
): Promise<void> {
  const { scenario, issuer, last4 } = authentication;
  if (scenario === '09') return;
  if (issuer === '28' && result.transStatus === 'Y') await world.closeLinks();
  const fault = world.faults.take({ message: 'RReq', last4 });
  if (fault) world.log.info({ message: 'RReq', action: fault.action }, 'ds fault');
  if (fault?.action === 'drop_request') return;
  const message = results(authentication, result);
  if (fault?.action === 'delay') {
    setTimeout(() => void deliver(world, authentication, message), fault.delayMs).unref();
    return;
  }
  if (fault?.action === 'drop_answer' || fault?.action === 'close')
    await post(world, authentication, message);
  await deliver(world, authentication, message);
  if (fault?.action === 'duplicate' || scenario === '10') await post(world, authentication, message);
}

/** Sends once, and once more where no RRes came. */
async function deliver(
  world: ThreeDsWorld,
  authentication: Authentication,
  message: Elements,
): Promise<void> {
  if (await post(world, authentication, message)) return;
  await new Promise((resolve) => setTimeout(resolve, world.times.resultsRetryMs));
  await post(world, authentication, message);
}

/** True where a proper RRes came back. */
async function post(
  world: ThreeDsWorld,
  authentication: Authentication,
  message: Elements,
): Promise<boolean> {
  const { dsTransId, threeDsServerUrl } = authentication;
  try {
    const response = await world.post(threeDsServerUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=UTF-8' },
      body: JSON.stringify(message),
      redirect: 'manual',
      signal: AbortSignal.timeout(world.times.resultsMs),
    });
    const answer = elementsOf(parseJson(await response.text()));
    const same = answer.dsTransID === dsTransId && answer.acsTransID === authentication.acsTransId;
    const accepted = response.ok && answer.messageType === 'RRes' && same;
    const { messageType, errorCode, errorDetail } = answer;
    world.log.info(
      {
        dsTransId,
        transStatus: message.transStatus,
        status: response.status,
        messageType,
        errorCode,
        errorDetail,
      },
      accepted ? 'ds sent RReq' : 'ds got no RRes',
    );
    // An Erro is an answer too: it would not change by asking again.
    return accepted || messageType === 'Erro';
  } catch (error) {
    world.log.warn(
      { dsTransId, error: error instanceof Error ? error.name : 'unknown' },
      'ds could not send RReq',
    );
    return false;
  }
}

function results(authentication: Authentication, result: ChallengeResult): Elements {
  const { brand, challenge } = authentication;
  const tries = (challenge?.wrongCodes ?? 0) + (result.transStatus === 'Y' ? 1 : 0);
  return {
    messageType: 'RReq',
    messageVersion: authentication.version,
    messageCategory: '01',
    threeDSServerTransID: authentication.threeDsServerTransId,
    acsTransID: authentication.acsTransId,
    dsTransID: authentication.dsTransId,
    transStatus: result.transStatus,
    eci: eciOf(brand, result.transStatus),
    authenticationType: '02',
    authenticationMethod: '02',
    interactionCounter: String(tries).padStart(2, '0'),
    ...(result.transStatus === 'Y' ? { authenticationValue: authenticationValueOf(authentication) } : {}),
    ...(result.reason ? { transStatusReason: result.reason } : {}),
    ...(result.cancel ? { challengeCancel: result.cancel } : {}),
  };
}
