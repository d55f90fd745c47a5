import { BRANDS, type Brand, passesLuhn } from '../lib/card.ts';
import { unreachable } from '../lib/unreachable.ts';
import type { Acs } from './acs.ts';
import { type Authentication, authenticationValueOf } from './authentications.ts';
import { cardRanges, lastVersionOf } from './card-ranges.ts';
import { eciOf } from './eci.ts';
import { type HttpReply, type HttpRequest, json } from './http.ts';
import { type TestCard, testCardOf } from './test-cards.ts';
import { erroFor, type MessageFault, readMessage } from './threeds-messages.ts';
import { areqFault, type Elements, preqFault, purchaseTime } from './threeds-rules.ts';
import type { ThreeDsWorld } from './world.ts';

/**
 * The Directory Servers, one a brand, and the issuer's first answer behind them: EMV 3-D Secure Protocol
 * and Core Functions Specification, chapters 3 and 5 (AReq, ARes, PReq, PRes). What a card's scenario (TT)
 * does is in the contract, section 8.
 */
const DS_REFERENCE = 'SIMULATED_DS_020200_00001';
const ACS_REFERENCE = 'SIMULATED_ACS_020200_00001';
const PURCHASE_TOLERANCE_MS = 30 * 60_000;

/** Answers `POST /ds/{brand}`; null where the address is not a Directory Server's. */
export async function handleDirectory(
  world: ThreeDsWorld,
  acs: Acs,
  request: HttpRequest,
): Promise<HttpReply | null> {
  const brand = BRANDS.find((each) => request.url.pathname === `/ds/${each}`);
  if (!brand) return null;
  if (request.method !== 'POST') return { status: 405, headers: { allow: 'POST' } };
  const { message, fault } = readMessage(request.body, ['AReq', 'PReq']);
  if (fault) return refuse(world, message, 'D', fault);
  return message.messageType === 'PReq'
    ? withFault(world, 'PReq', undefined, async () => answerPReq(world, brand, message))
    : withFault(world, 'AReq', String(message.acctNumber ?? '').slice(-4), () =>
        answerAReq(world, acs, brand, message),
      );
}

/** Lets a test's fault change how a request is answered. */
async function withFault(
  world: ThreeDsWorld,
  type: string,
  last4: string | undefined,
  answer: () => Promise<HttpReply>,
): Promise<HttpReply> {
  const fault = world.faults.take({ message: type, last4 });
  if (fault) world.log.info({ message: type, action: fault.action }, 'ds fault');
  if (fault?.action === 'drop_request') return { silence: 'hold' };
  if (fault?.action === 'close') return { silence: 'cut' };
  const reply = await answer();
  if (fault?.action === 'drop_answer') return { silence: 'hold' };
  if (fault?.action === 'delay') await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
  return reply;
}

function refuse(
  world: ThreeDsWorld,
  message: Elements,
  component: 'D' | 'A',
  fault: MessageFault,
): HttpReply {
  world.log.warn({ error: fault.errorCode, detail: fault.errorDetail }, 'ds answers Erro');
  return json(erroFor(message, component, fault));
}

function answerPReq(world: ThreeDsWorld, brand: Brand, message: Elements): HttpReply {
  const version = String(message.messageVersion);
  const fault = preqFault(message, version);
  if (fault) return refuse(world, message, 'D', fault);
  const { ranges, serial } = cardRanges(brand, version, (scenario) =>
    scenario === '08' ? `${world.baseUrl}/acs/method/silent` : `${world.baseUrl}/acs/method`,
  );
  if (message.serialNum !== undefined && message.serialNum !== serial) {
    return refuse(world, message, 'D', { errorCode: '307', errorDetail: 'serialNum' });
  }
  const changed = message.serialNum === undefined;
  world.log.info({ brand, ranges: changed ? ranges.length : 0 }, 'ds answers PRes');
  return json({
    messageType: 'PRes',
    messageVersion: version,
    threeDSServerTransID: message.threeDSServerTransID,
    dsTransID: crypto.randomUUID(),
    serialNum: serial,
    dsStartProtocolVersion: '2.1.0',
    dsEndProtocolVersion: '2.2.0',
    ...(changed ? { cardRangeData: ranges } : {}),
  });
}

async function answerAReq(
  world: ThreeDsWorld,
  acs: Acs,
  brand: Brand,
  message: Elements,
): Promise<HttpReply> {
  const version = String(message.messageVersion);
  const fault = areqFault(message, version) ?? brandFault(brand, message) ?? timeFault(message);
  if (fault) return refuse(world, message, 'D', fault);
  const card = testCardOf(String(message.acctNumber));
  if (card === null || card.brand !== brand || card.authentication === '11') {
    return refuse(world, message, 'D', { errorCode: '305', errorDetail: 'acctNumber' });
  }
  if (lastVersionOf(card.authentication) < version) {
    return refuse(world, message, 'D', { errorCode: '102', errorDetail: lastVersionOf(card.authentication) });
  }
  if (card.authentication === '06') return { silence: 'hold' };
  if (card.authentication === '07') {
    return refuse(world, message, 'A', { errorCode: '203', errorDetail: 'cardExpiryDate' });
  }
  const authentication = world.authentications.open(toAuthentication(message, card));
  const transStatus = statusOf(authentication);
  if (card.issuer === '28' && (transStatus === 'Y' || transStatus === 'A')) await world.closeLinks();
  if (transStatus === 'C') acs.begin(authentication);
  world.log.info(
    { brand, last4: card.last4, transStatus, dsTransId: authentication.dsTransId },
    'ds answers ARes',
  );
  return json({ ...commonElements(authentication), ...statusElements(world, authentication, transStatus) });
}

/** What Visa asks of every browser request since August 2024, and what a number must fulfil anywhere. */
function brandFault(brand: Brand, message: Elements): MessageFault | null {
  if (!passesLuhn(String(message.acctNumber))) return { errorCode: '305', errorDetail: 'acctNumber' };
  if (brand !== 'visa') return null;
  const missing = ['browserIP', 'cardholderName'].filter((name) => !(name in message));
  const reachable = ['email', 'homePhone', 'mobilePhone', 'workPhone'].some((name) => name in message);
  const names = [...missing, ...(reachable ? [] : ['email'])];
  return names.length > 0 ? { errorCode: '201', errorDetail: names.join(',') } : null;
}

function timeFault(message: Elements): MessageFault | null {
  const offMs = Math.abs(Date.now() - purchaseTime(String(message.purchaseDate ?? '')));
  return offMs > PURCHASE_TOLERANCE_MS ? { errorCode: '203', errorDetail: 'purchaseDate' } : null;
}

function toAuthentication(
  message: Elements,
  card: TestCard,
): Omit<Authentication, 'acsTransId' | 'dsTransId'> {
  const value = (name: string) => (typeof message[name] === 'string' ? message[name] : '');
  return {
    threeDsServerTransId: value('threeDSServerTransID'),
    version: value('messageVersion'),
    brand: card.brand,
    last4: card.last4,
    scenario: card.authentication,
    issuer: card.issuer,
    merchantName: value('merchantName'),
    amount: Number(value('purchaseAmount')),
    currency: value('purchaseCurrency'),
    exponent: Number(value('purchaseExponent')),
    notificationUrl: value('notificationURL'),
    threeDsServerUrl: value('threeDSServerURL'),
    language: value('browserLanguage'),
    challenge: isChallenged(card.authentication, value('threeDSRequestorChallengeInd'))
      ? { begun: false, sessionData: null, wrongCodes: 0, result: null, reported: false }
      : null,
  };
}

const CHALLENGED: ReadonlySet<string> = new Set(['01', '09', '10', '14']);
const FRICTIONLESS: ReadonlySet<string> = new Set(['00', '08', '12']);

/** An issuer that would be satisfied without one challenges all the same where that is mandated (04). */
function isChallenged(scenario: string, challengeInd: string): boolean {
  return CHALLENGED.has(scenario) || (challengeInd === '04' && FRICTIONLESS.has(scenario));
}

type TransStatus = 'Y' | 'A' | 'N' | 'R' | 'U' | 'C';

function statusOf(authentication: Authentication): TransStatus {
  if (authentication.challenge) return 'C';
  switch (authentication.scenario) {
    case '02':
      return 'N';
    case '03':
      return 'R';
    case '04':
      return 'A';
    case '05':
      return 'U';
    default:
      return 'Y';
  }
}

function commonElements(authentication: Authentication): Elements {
  return {
    messageType: 'ARes',
    messageVersion: authentication.version,
    threeDSServerTransID: authentication.threeDsServerTransId,
    acsTransID: authentication.acsTransId,
    dsTransID: authentication.dsTransId,
    acsReferenceNumber: ACS_REFERENCE,
    dsReferenceNumber: DS_REFERENCE,
    acsOperatorID: 'SIMULATED-ACS',
  };
}

const CARDHOLDER_INFO =
  'カード会社で本人確認ができませんでした。カード裏面の番号へお問い合わせください。 Please call the number on your card.';

function statusElements(
  world: ThreeDsWorld,
  authentication: Authentication,
  transStatus: TransStatus,
): Elements {
  const eci = eciOf(authentication.brand, transStatus);
  switch (transStatus) {
    case 'Y':
    case 'A':
      return { transStatus, eci, authenticationValue: authenticationValueOf(authentication) };
    case 'N':
      return { transStatus, eci, transStatusReason: '01', cardholderInfo: CARDHOLDER_INFO };
    case 'R':
      return { transStatus, eci, transStatusReason: '11' };
    case 'U':
      return { transStatus, eci, transStatusReason: authentication.version === '2.1.0' ? '07' : '22' };
    case 'C': {
      const path = authentication.scenario === '14' ? '/acs/down' : '/acs/challenge';
      return {
        transStatus,
        acsURL: `${world.baseUrl}${path}`,
        acsChallengeMandated: 'Y',
        authenticationType: '02',
      };
    }
    default:
      return unreachable(transStatus);
  }
}
