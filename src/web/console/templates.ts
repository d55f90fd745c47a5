import type { AccountData } from './account.ts';
import type { PasskeyData } from './account-factors.ts';
import type { AskData } from './ask.ts';
import type { AuditData } from './audit.ts';
import type { DesignData } from './design.ts';
import type { DeveloperTemplates } from './developers-templates.ts';
import type { HomeData } from './home.ts';
import type { LinkData, LinkFormData, LinksData, PosterData } from './links.ts';
import type { MessageData } from './message.ts';
import type { PaymentActData } from './payment-acts.ts';
import type { PaymentData } from './payment-detail.ts';
import type { PaymentsData } from './payments.ts';
import type { CodesData, EnrolData, SecondData } from './second.ts';
import type { InviteData, PersonData, UsersData } from './users.ts';

/** Every template of `views/console` with what it is given as `it.data`; the frame around it is `it.frame`. */
export interface ConsoleTemplates extends DeveloperTemplates {
  audit: AuditData;
  home: HomeData;
  payments: PaymentsData;
  payment: PaymentData;
  'payment-act': PaymentActData;
  message: MessageData;
  links: LinksData;
  'links-form': LinkFormData;
  'links-detail': LinkData;
  'links-poster': PosterData;
  design: DesignData;
  ask: AskData;
  second: SecondData;
  enrol: EnrolData;
  codes: CodesData;
  account: AccountData;
  passkey: PasskeyData;
  users: UsersData;
  user: PersonData;
  'user-new': InviteData;
}
