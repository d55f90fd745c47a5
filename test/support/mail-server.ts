import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { recordTranscript } from './transcript.ts';

/** A mail server as a merchant's shoppers have it: keeps what it is given, may refuse people, may be down. */
export interface MailServer {
  url: string;
  received: { to: string; returnPath: string; mail: Email }[];
  /** Addresses that there are not. */
  unknown: Set<string>;
  /** Nobody answers at its address. */
  down(): Promise<void>;
  up(): Promise<void>;
  close(): Promise<void>;
}

export async function startMailServer(): Promise<MailServer> {
  let running: SMTPServer | null = null;
  let port = 0;
  const open = async () => {
    running = new SMTPServer({
      authOptional: true,
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      onRcptTo: ({ address }, _session, done) => {
        if (!server.unknown.has(address)) return done();
        const error: Error & { responseCode?: number } = new Error('5.1.1 no such user');
        error.responseCode = 550;
        done(error);
      },
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const bytes = Buffer.concat(chunks);
          const to = session.envelope.rcptTo[0]?.address ?? '';
          const from = session.envelope.mailFrom;
          const returnPath = from === false ? '' : from.address;
          PostalMime.parse(bytes).then((mail) => {
            recordTranscript(`${mail.subject}\n${mail.text}\n${mail.html}`);
            server.received.push({ to, returnPath, mail });
            done();
          }, done);
        });
      },
    });
    const opened = running;
    await new Promise<void>((resolve, reject) => {
      opened.once('error', reject);
      opened.listen(port, '127.0.0.1', () => resolve());
    });
    opened.on('error', () => {});
    const address = opened.server.address();
    port = address !== null && typeof address === 'object' ? address.port : port;
  };
  const shut = async () => {
    const opened = running;
    running = null;
    if (opened !== null) await new Promise<void>((resolve) => opened.close(() => resolve()));
  };
  const server: MailServer = {
    url: '',
    received: [],
    unknown: new Set(),
    down: shut,
    up: open,
    close: shut,
  };
  await open();
  server.url = `smtp://127.0.0.1:${port}`;
  return server;
}
