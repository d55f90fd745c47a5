import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { Hono } from 'hono';
import { ROOT } from '../lib/root.ts';
import { brandStyle } from './brand-style.ts';
import { acceptedEncoding } from './encoding.ts';

/** A file of `views/static` as pages refer to it. */
export interface Asset {
  /** Holds a hash of the content: what is there never changes. */
  href: string;
  /** For the `integrity` attribute (Subresource Integrity). */
  integrity: string;
}

interface StoredAsset extends Asset {
  type: string;
  bodies: Record<'br' | 'gzip' | 'identity', Buffer<ArrayBuffer>>;
}

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const ASSETS = loadAssets(join(ROOT, 'views/static'));
const BY_HREF = new Map([...ASSETS.values()].map((asset) => [asset.href, asset]));

/** What a page writes to refer to `views/static/{name}`. */
export function asset(name: 'pay.css' | 'pay.js' | 'card.js' | 'icon.svg'): Asset {
  const found = ASSETS.get(name);
  if (found === undefined) throw new Error(`views/static has no ${name}`);
  return found;
}

/** `/static/…`: compressed once at the start, cached by browsers for ever. And the colours of a merchant. */
export function staticRoutes(): Hono {
  const routes = new Hono();
  routes.get('/static/brand/:file', (c) => {
    const colour = /^([0-9a-f]{6})\.css$/.exec(c.req.param('file'))?.[1];
    if (colour === undefined) return c.notFound();
    return c.body(brandStyle(colour), 200, { ...HEADERS, 'Content-Type': 'text/css; charset=utf-8' });
  });
  routes.get('/static/:file', (c) => {
    const found = BY_HREF.get(c.req.path);
    if (found === undefined) return c.notFound();
    const encoding = acceptedEncoding(c.req.header('Accept-Encoding'));
    return c.body(found.bodies[encoding ?? 'identity'], 200, {
      ...HEADERS,
      'Content-Type': found.type,
      Vary: 'Accept-Encoding',
      ...(encoding === null ? {} : { 'Content-Encoding': encoding }),
    });
  });
  return routes;
}

const HEADERS = {
  'Cache-Control': 'public, max-age=31536000, immutable',
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

function loadAssets(folder: string): Map<string, StoredAsset> {
  return new Map(readdirSync(folder).map((name) => [name, load(folder, name)]));
}

function load(folder: string, name: string): StoredAsset {
  const identity = shrink(readFileSync(join(folder, name), 'utf8'), extname(name));
  const digest = createHash('sha384').update(identity).digest();
  const stem = name.slice(0, name.length - extname(name).length);
  return {
    href: `/static/${stem}.${digest.toString('hex').slice(0, 12)}${extname(name)}`,
    integrity: `sha384-${digest.toString('base64')}`,
    type: TYPES[extname(name)] ?? 'application/octet-stream',
    bodies: { br: brotliCompressSync(identity), gzip: gzipSync(identity, { level: 9 }), identity },
  };
}

/** Comments are for us: they do not travel. Indentation compresses to nothing and stays. */
function shrink(text: string, extension: string): Buffer<ArrayBuffer> {
  if (extension === '.css') return Buffer.from(text.replace(/\/\*[\s\S]*?\*\/\s*/g, ''));
  if (extension === '.js') return Buffer.from(text.replace(/^\s*(\/\/.*|\/\*\*[\s\S]*?\*\/)\n/gm, ''));
  return Buffer.from(text);
}
