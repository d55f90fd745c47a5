import type { Message } from '../texts.ts';

/** The words of the page behind a link that was sent by e-mail, and of the check of such links. */
export interface RequestTexts {
  title: string;
  labels: Record<'payee' | 'amount' | 'due' | 'about' | 'order' | 'items', string>;
  open: { text: string; button: string };
  /** A number was issued, or the money is on its way. */
  awaiting: { text: string; button: string };
  paid: Message;
  receipt: string;
  alreadyPaid: Message;
  beingPaid: Message;
  expired: (due: string) => Message;
  canceled: Message;
  /** Over the shop's address and telephone number. */
  contact: string;
  /** The link to the check. */
  genuine: string;
  check: {
    title: string;
    lead: string;
    field: string;
    hint: string;
    button: string;
    genuine: (shop: string) => Message;
    /** Also: it was made to try things out. */
    test: string;
    unknown: Message;
    foreign: Message;
    none: Message;
    tooMany: Message;
  };
}
