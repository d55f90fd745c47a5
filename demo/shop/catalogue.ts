import { type Drawing, drawBowl, drawPlates, drawTeapot } from './drawings.ts';
import type { Language } from './texts.ts';

export interface Product {
  id: string;
  /** Yen, tax included. */
  price: number;
  draw: () => Drawing;
  name: Record<Language, string>;
  note: Record<Language, string>;
  detail: Record<Language, string>;
}

export const PRODUCTS: readonly Product[] = [
  {
    id: 'bowl',
    price: 3_850,
    draw: drawBowl,
    name: { ja: '十草の飯碗', en: 'Tokusa rice bowl' },
    note: {
      ja: '一本ずつ筆で引いた呉須の縞。手のひらに収まる、ほどよい深さです。',
      en: 'Cobalt stripes, each drawn by hand. Deep enough for seconds, small enough for one palm.',
    },
    detail: { ja: '磁器・径 11.8 cm', en: 'Porcelain, 11.8 cm wide' },
  },
  {
    id: 'plates',
    price: 5_500,
    draw: drawPlates,
    name: { ja: '豆皿 五枚揃え', en: 'Five small plates' },
    note: {
      ja: '梅、波、月、雨、格子。醤油にも、ひとくちの菓子にも。',
      en: 'Plum, wave, moon, rain and lattice. For soy sauce, or one bite of something sweet.',
    },
    detail: { ja: '半磁器・径 9 cm・桐箱入り', en: 'Stoneware, 9 cm, boxed' },
  },
  {
    id: 'teapot',
    price: 12_800,
    draw: drawTeapot,
    name: { ja: '飴釉の土瓶', en: 'Amber-glazed teapot' },
    note: {
      ja: '飴色の釉に、山ぶどうの弦。たっぷり四人分、茶こし付きです。',
      en: 'Amber glaze under a handle of wild vine. Pours for four; the strainer is inside.',
    },
    detail: { ja: '陶器・900 ml', en: 'Stoneware, 900 ml' },
  },
];

export function findProduct(id: string): Product | null {
  return PRODUCTS.find((product) => product.id === id) ?? null;
}

/** Product id → how many. */
export type Cart = ReadonlyMap<string, number>;

const MOST = 9;

/** From `bowl:1,teapot:2`; what is not for sale is left out. */
export function readCart(text: string): Cart {
  const cart = new Map<string, number>();
  for (const part of text.split(',').slice(0, 20)) {
    const [id = '', quantity = ''] = part.split(':');
    if (findProduct(id) !== null && /^[1-9]$/.test(quantity)) cart.set(id, Number(quantity));
  }
  return cart;
}

export function writeCart(cart: Cart): string {
  return [...cart].map(([id, quantity]) => `${id}:${quantity}`).join(',');
}

/** One more or one less of a product, within 0 and 9. */
export function changeCart(cart: Cart, id: string, by: 1 | -1): Cart {
  if (findProduct(id) === null) return cart;
  const quantity = Math.min(MOST, (cart.get(id) ?? 0) + by);
  const changed = new Map(cart);
  if (quantity > 0) changed.set(id, quantity);
  else changed.delete(id);
  return changed;
}

export interface Line {
  product: Product;
  quantity: number;
  /** Yen. */
  total: number;
}

export function linesOf(cart: Cart): Line[] {
  return [...cart].flatMap(([id, quantity]) => {
    const product = findProduct(id);
    return product === null ? [] : [{ product, quantity, total: product.price * quantity }];
  });
}

/** Yen, tax and delivery included. */
export function totalOf(cart: Cart): number {
  return linesOf(cart).reduce((sum, { total }) => sum + total, 0);
}
