/**
 * Asking the issuer, by way of the Directory Server, whether the shopper is the cardholder: AReq and ARes (EMV 3DS
 * 2.2.0, section 3.1 steps 4–8, Req 212). Every way in which that can go wrong ends as `unavailable`, and where the
 * answer was at fault the Directory Server is told so by an Erro of ours.
 */
import type { Deps } from '../deps.ts';
import { openCard } from '../vault/cards.ts';
import { mayInform } from './challenge-preference.ts';
import { directoryServerOf, resultsUrlOf, sendAReq, sendErro } from './directory-server.ts';
import { type MessageFault, writeErro } from './erro.ts';
import type { AuthenticationRequest, AuthenticationResult, TransIds } from './port.ts';
import { type Message, readMessage, textOf } from './read-message.ts';
import { writeAReq } from './write-areq.ts';

/**
 * Sends one AReq and reads its ARes, waiting at most `config.dsTimeoutMs`. Never throws for what the network does;
 * throws when the card is not kept any more.
 */
export async function authenticate(
  deps: Deps,
  request: AuthenticationRequest,
): Promise<AuthenticationResult> {
  const server = directoryServerOf(deps.config, request.mode, request.brand);
  if (server === null) return unavailable('no Directory Server in this mode');
  // The number is in the clear from here into the message, and nowhere else.
  const card = await openCard(deps, request.card);
  const results = resultsUrlOf(deps.config, request.mode, request.brand);
  const areq = writeAReq(request, card, deps.config.publicUrl, results);
  if (areq === null)
    return { ...unavailable('version 2.1.0 needs a browser with JavaScript'), byBrowser: true };
  const answer = await sendAReq(deps, server, areq);
  if (!answer.ok) return unavailable(answer.reason);
  const read = readAnswer(answer.text, request);
  if (read.kind === 'ares') return resultOf(read.message, request);
  // Nobody waits for this: the payment goes on by what is known.
  if (read.erro !== null) deps.background.run(sendErro(deps, server, read.erro));
  return unavailable(read.detail);
}

type Read =
  | { kind: 'ares'; message: Message }
  /** `erro` is what to tell the Directory Server; null when it sent an Erro itself. */
  | { kind: 'useless'; erro: string | null; detail: string };

function readAnswer(text: string, request: AuthenticationRequest): Read {
  const reading = readMessage(text, { expected: ['ARes', 'Erro'] });
  if (!reading.ok) {
    const about = { threeDSServerTransID: request.transId, ...reading.elements };
    return refusal(writeErro(about, reading.fault), reading.fault);
  }
  const { message } = reading;
  if (message.type === 'Erro') {
    const detail = `Erro ${textOf(message, 'errorCode')}: ${printable(textOf(message, 'errorDetail') ?? '')}`;
    return { kind: 'useless', erro: null, detail };
  }
  const fault = foreign(message, request);
  return fault === null ? { kind: 'ares', message } : refusal(writeErro(message.elements, fault), fault);
}

/** An answer belongs to its request: same transaction, same version (Req 212). */
function foreign(message: Message, request: AuthenticationRequest): MessageFault | null {
  const transId = textOf(message, 'threeDSServerTransID') ?? '';
  if (transId.toLowerCase() !== request.transId.toLowerCase()) {
    return { errorCode: '301', errorDetail: 'threeDSServerTransID' };
  }
  return message.version === request.version ? null : { errorCode: '203', errorDetail: 'messageVersion' };
}

function refusal(erro: string | null, { errorCode, errorDetail }: MessageFault): Read {
  return { kind: 'useless', erro, detail: `ARes refused: ${errorCode} ${printable(errorDetail)}` };
}

/** What others wrote is kept short, on one line, and nothing in it may look like a card number. */
function printable(text: string): string {
  return text
    .slice(0, 200)
    .replace(/\p{Cc}/gu, ' ')
    .replace(/\d{7,}/g, '…');
}

/**
 * What follows from the status. U means that it could not be done; decoupled (D) is never asked for, and I tells
 * nothing of the shopper: it is honoured where it was asked for.
 */
function resultOf(message: Message, { challenge }: AuthenticationRequest): AuthenticationResult {
  const transStatus = textOf(message, 'transStatus');
  const eci = textOf(message, 'eci');
  const cardholderInfo = textOf(message, 'cardholderInfo');
  const ids: TransIds = {
    acsTransId: textOf(message, 'acsTransID') ?? '',
    dsTransId: textOf(message, 'dsTransID') ?? '',
  };
  const authenticationValue = textOf(message, 'authenticationValue');
  const acsUrl = textOf(message, 'acsURL');
  if ((transStatus === 'Y' || transStatus === 'A') && authenticationValue !== null) {
    return { kind: 'authenticated', transStatus, ids, eci, authenticationValue };
  }
  if (transStatus === 'C' && acsUrl !== null) return { kind: 'challenge', ids, acsUrl, cardholderInfo };
  if (transStatus === 'N' || transStatus === 'R') {
    const reason = textOf(message, 'transStatusReason');
    return { kind: 'refused', transStatus, ids, eci, reason, cardholderInfo };
  }
  if (transStatus === 'I' && mayInform(challenge)) {
    return { kind: 'informational', transStatus, ids, eci, authenticationValue };
  }
  return { kind: 'unavailable', transStatus, ids, eci, detail: `transStatus ${transStatus}` };
}

function unavailable(detail: string): AuthenticationResult & { kind: 'unavailable' } {
  return { kind: 'unavailable', transStatus: null, ids: null, eci: null, detail };
}
