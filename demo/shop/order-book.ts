import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Order, OrderShape } from './orders.ts';

/** The shop's order book: in memory, and in a file so that a restart keeps it. */
export interface OrderBook {
  /** By the key in its page's address. */
  byKey(key: string): Order | null;
  byId(id: string): Order | null;
  /** Puts an order in, or keeps a change of it; on disk when it returns. */
  keep(order: Order): void;
}

const BookShape = z.object({ orders: z.array(OrderShape) });
const MOST_ORDERS = 500;

export function openOrderBook(folder: string): OrderBook {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'shop.json');
  const orders = new Map(read(file).map((order) => [order.id, order]));
  return {
    byKey: (key) => [...orders.values()].find((order) => order.key === key) ?? null,
    byId: (id) => orders.get(id) ?? null,
    keep: (order) => {
      orders.set(order.id, order);
      for (const id of [...orders.keys()].slice(0, Math.max(0, orders.size - MOST_ORDERS))) orders.delete(id);
      write(file, [...orders.values()]);
    },
  };
}

/** A book that cannot be read is set aside: a shop without its past is better than none. */
function read(file: string): Order[] {
  if (!existsSync(file)) return [];
  try {
    return BookShape.parse(JSON.parse(readFileSync(file, 'utf8'))).orders;
  } catch {
    renameSync(file, `${file}.unreadable`);
    return [];
  }
}

/** Whole or not at all: a crash in between leaves the old file. */
function write(file: string, orders: Order[]): void {
  writeFileSync(`${file}.new`, JSON.stringify({ orders }), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
