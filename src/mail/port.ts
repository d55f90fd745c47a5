/** A mail as it leaves. */
export interface Message {
  /** The same on every try. */
  messageId: string;
  fromName: string;
  to: string;
  /** Where a later word about its delivery goes (variable envelope return path). */
  returnPath: string;
  subject: string;
  html: string;
  text: string;
}

/** What the mail server said. Only `refused` is for good, and only about the recipient. */
export type Sent =
  | { kind: 'accepted'; answer: string }
  | { kind: 'refused'; answer: string }
  | { kind: 'unknown'; answer: string };

export interface Mailer {
  /** Domain of its Message-IDs and return paths. */
  domain: string;
  send(message: Message): Promise<Sent>;
  close(): void;
}
