import type { Credentials } from './credentials.ts';
import type { OrderBook } from './order-book.ts';
import type { Order } from './orders.ts';
import type { Trust } from './verify.ts';

/** What is known once PayResort+ has given its credentials. */
export interface Account {
  credentials: Credentials;
  trust: Trust;
}

/** What the pages work with. */
export interface Shop {
  /** Address of this shop, without a slash at its end. */
  url: string;
  /** How its customers pay: on the service's page, or with card fields of the service's on its own. */
  pattern: 'link' | 'token';
  /** The same shop, connected in the other way. */
  sister: string;
  book: OrderBook;
  /** null until the credentials are there. */
  account(): Account | null;
  now(): Date;
}

export function orderPath(order: Order): string {
  return `/orders/${order.key}`;
}
