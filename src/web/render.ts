import { join } from 'node:path';
import { Eta } from 'eta';
import { ROOT } from '../lib/root.ts';
import type { CaughtPage, InboxPage } from './demo/inbox.ts';
import type { FieldsPage } from './fields/page.ts';
import type { OrderPage } from './links/page.ts';
import type { MessagePage } from './pay/page.ts';
import type {
  BankPage,
  ChallengePage,
  EndedPage,
  FormPage,
  PreparingPage,
  WaitingPage,
} from './pay/pages.ts';
import type { AskPage, DocumentPage } from './receipts/page.ts';
import type { CheckPage, LandingPage } from './requests/page.ts';
import type { LegalPage } from './shop/routes.ts';

/** Every template with what it is given as `it`. */
export interface Templates {
  'pay/form': FormPage;
  'pay/preparing': PreparingPage;
  'pay/challenge': ChallengePage;
  'pay/waiting': WaitingPage;
  'pay/bank': BankPage;
  'pay/ended': EndedPage;
  'pay/message': MessagePage;
  'receipts/ask': AskPage;
  'receipts/document': DocumentPage;
  'shop/legal': LegalPage;
  'requests/landing': LandingPage;
  'requests/check': CheckPage;
  'links/order': OrderPage;
  'fields/card': FieldsPage;
  'demo/inbox': InboxPage;
  'demo/mail': CaughtPage;
}

/** Those of whole pages: the rest stand in a frame. */
export type PageTemplate = Exclude<keyof Templates, 'fields/card' | `demo/${string}`>;

/**
 * `<%=` escapes and is the only way for data to get into a page: `<%~` is for layouts and parts alone, and a test
 * holds it.
 */
const eta = new Eta({ views: join(ROOT, 'views'), cache: true, autoEscape: true, autoTrim: [false, 'nl'] });

/** A page as HTML. Templates are compiled once. */
export function render<Name extends keyof Templates>(name: Name, page: Templates[Name]): string {
  return eta.render(name, page);
}
