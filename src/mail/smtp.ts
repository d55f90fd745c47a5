import { createTransport } from 'nodemailer';
import type { Mailer, Message, Sent } from './port.ts';

export interface SmtpOptions {
  /** `smtp://` or `smtps://`, with user and password where the server wants them. */
  url: string;
  /** The address that mails come from. */
  from: string;
}

const CONNECTIONS = 8;
const TIMEOUT_MS = 15_000;

/** Sends by SMTP, over a few connections that stay open. */
export function openSmtpMailer({ url, from }: SmtpOptions): Mailer {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: CONNECTIONS,
    maxMessages: 100,
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    domain: from.slice(from.lastIndexOf('@') + 1),
    send: async (message) => {
      try {
        const { response } = await transport.sendMail(envelopeOf(from, message));
        return { kind: 'accepted', answer: shortened(response) };
      } catch (error) {
        return outcomeOf(error);
      }
    },
    close: () => transport.close(),
  };
}

function envelopeOf(from: string, { messageId, fromName, to, returnPath, subject, html, text }: Message) {
  return {
    from: { name: fromName, address: from },
    to: { name: '', address: to },
    envelope: { from: returnPath, to },
    messageId,
    subject,
    html,
    text,
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
  };
}

/**
 * A 5xx to RCPT TO is about the recipient (RFC 5321, 4.2.1): for good. Whatever else goes wrong, a login or a greeting
 * too, is tried again.
 */
function outcomeOf(error: unknown): Sent {
  const { responseCode, command, message } = detailsOf(error);
  const answer = shortened(message);
  return responseCode >= 500 && command === 'RCPT TO'
    ? { kind: 'refused', answer }
    : { kind: 'unknown', answer };
}

function detailsOf(error: unknown): { responseCode: number; command: string; message: string } {
  const of = (name: string): unknown =>
    typeof error === 'object' && error !== null
      ? Object.getOwnPropertyDescriptor(error, name)?.value
      : undefined;
  return {
    responseCode: Number(of('responseCode') ?? 0),
    command: String(of('command') ?? ''),
    message: error instanceof Error ? error.message : 'failed',
  };
}

function shortened(answer: string): string {
  return answer.slice(0, 300);
}
