import { createHash } from 'node:crypto';

/**
 * A merchant's brand colour as a style sheet. Contrast is WCAG 2.2's (1.4.3): the colour is darkened for light pages and
 * lightened for dark ones until it can be read on them, and what stands on it is black or white, whichever is better.
 */
const LIGHT_GROUND: Rgb = [0xf5, 0xf8, 0xf6];
const DARK_PAPER: Rgb = [0x17, 0x21, 0x1d];
const ENOUGH = 4.5;

type Rgb = readonly [number, number, number];

/** `hex`: six digits without `#`. */
export function brandStyle(hex: string): string {
  const brand = parseHex(hex);
  const light = moveUntilReadable(brand, [0, 0, 0], LIGHT_GROUND);
  const dark = moveUntilReadable(brand, [255, 255, 255], DARK_PAPER);
  return `:root{${tokens(brand, light, [0, 0, 0])}}@media(prefers-color-scheme:dark){:root{${tokens(brand, dark, [255, 255, 255])}}}`;
}

/** How a page refers to that style sheet. */
export function brandSheet(hex: string): { href: string; integrity: string } {
  const digest = createHash('sha384').update(brandStyle(hex)).digest('base64');
  return { href: `/static/brand/${hex}.css`, integrity: `sha384-${digest}` };
}

/** A `settings.brandColor` as six lower-case digits, or null when it is not a colour. */
export function brandHex(colour: string | null): string | null {
  return /^#?([0-9a-f]{6})$/i.exec(colour ?? '')?.[1]?.toLowerCase() ?? null;
}

/** Of a button in this colour with the letters that fit it best, 1 to 21. */
export function buttonContrast(hex: string): number {
  const own = parseHex(hex);
  return Math.max(contrast(own, [255, 255, 255]), contrast(own, [0, 0, 0]));
}

/** Text and outlines take the readable colour; a button keeps the merchant's own, below letters that fit it. */
function tokens(own: Rgb, readable: Rgb, towards: Rgb): string {
  const white: Rgb = [255, 255, 255];
  const black: Rgb = [0, 0, 0];
  const on = contrast(own, white) >= ENOUGH ? white : black;
  const pressed = mix(own, on === white ? [0, 0, 0] : white, 0.18);
  return [
    `--brand:${toHex(readable)}`,
    `--brand-dark:${toHex(mix(readable, towards, 0.18))}`,
    `--button:${toHex(own)}`,
    `--button-dark:${toHex(pressed)}`,
    `--on-button:${toHex(on)}`,
  ].join(';');
}

function moveUntilReadable(colour: Rgb, towards: Rgb, ground: Rgb): Rgb {
  for (let part = 0; part < 1; part += 0.04) {
    const moved = mix(colour, towards, part);
    if (contrast(moved, ground) >= ENOUGH) return moved;
  }
  return towards;
}

function mix(colour: Rgb, towards: Rgb, part: number): Rgb {
  const one = (index: 0 | 1 | 2) => Math.round(colour[index] + (towards[index] - colour[index]) * part);
  return [one(0), one(1), one(2)];
}

/** 1 to 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((channel) => {
    const value = channel / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0);
}

export function parseHex(hex: string): Rgb {
  const one = (at: number) => Number.parseInt(hex.slice(at, at + 2), 16);
  return [one(0), one(2), one(4)];
}

function toHex(colour: Rgb): string {
  return `#${colour.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}
