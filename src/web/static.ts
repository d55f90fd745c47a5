import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { type Context, Hono } from 'hono';
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

/** A file in memory, compressed once at the start. */
export interface StoredFile {
  integrity: string;
  type: string;
  bodies: Record<'br' | 'gzip' | 'identity', Buffer<ArrayBuffer>>;
}

type StoredAsset = Asset & StoredFile;

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.ts': 'text/plain; charset=utf-8',
};

const ASSETS = loadAssets(join(ROOT, 'views/static'));
const BY_HREF = new Map([...ASSETS.values()].map((asset) => [asset.href, asset]));

export type AssetName =
  | 'pay.css'
  | 'after.css'
  | 'pay.js'
  | 'card.js'
  | 'fields.css'
  | 'fields.js'
  | 'plan.js'
  | 'method.js'
  | 'number.css'
  | 'number.js'
  | 'receipt.css'
  | 'receipt.js'
  | 'request.css'
  | 'link.css'
  | 'link.js'
  | 'console.css'
  | 'console.js'
  | 'signature.js'
  | 'passkey.js'
  | 'icon.svg';

/** What a page writes to refer to `views/static/{name}`. */
export function asset(name: AssetName): Asset {
  const found = ASSETS.get(name);
  if (found === undefined) throw new Error(`views/static has no ${name}`);
  return found;
}

/** Every script and style sheet that we serve there, with the file it is made of. */
export function servedFiles(): { file: string; integrity: string }[] {
  const named = [...ASSETS].map(([name, { integrity }]) => ({ file: `views/static/${name}`, integrity }));
  return named.filter(({ file }) => /\.(css|js)$/.test(file));
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
    return sendStored(c, found, HEADERS);
  });
  return routes;
}

/** Answers with a stored file, in the best encoding that the client takes; 304 when it has the very same. */
export function sendStored(c: Context, file: StoredFile, headers: Record<string, string>): Response {
  const encoding = acceptedEncoding(c.req.header('Accept-Encoding'));
  const tag = `"${file.integrity.slice(-16)}${encoding ?? ''}"`;
  const always = { ...headers, ETag: tag, Vary: 'Accept-Encoding' };
  if (c.req.header('If-None-Match') === tag) return c.body(null, 304, always);
  return c.body(file.bodies[encoding ?? 'identity'], 200, {
    ...always,
    'Content-Type': file.type,
    ...(encoding === null ? {} : { 'Content-Encoding': encoding }),
  });
}

/** Reads a file as it stands. */
export function storeFile(path: string): StoredFile {
  return store(readFileSync(path), extname(path));
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
  const extension = extname(name);
  const stored = store(shrink(readFileSync(join(folder, name), 'utf8'), extension), extension);
  const digest = Buffer.from(stored.integrity.slice('sha384-'.length), 'base64').toString('hex');
  const stem = name.slice(0, name.length - extension.length);
  return { ...stored, href: `/static/${stem}.${digest.slice(0, 12)}${extension}` };
}

function store(identity: Buffer<ArrayBuffer>, extension: string): StoredFile {
  return {
    integrity: `sha384-${createHash('sha384').update(identity).digest('base64')}`,
    type: TYPES[extension] ?? 'application/octet-stream',
    bodies: { br: brotliCompressSync(identity), gzip: gzipSync(identity, { level: 9 }), identity },
  };
}

/** Comments and indentation are for us: they do not travel. */
function shrink(text: string, extension: string): Buffer<ArrayBuffer> {
  return Buffer.from(bareOf(text, extension).replace(/^ +/gm, ''));
}

function bareOf(text: string, extension: string): string {
  if (extension === '.css') return text.replace(/\/\*[\s\S]*?\*\/\s*/g, '');
  if (extension === '.js') return text.replace(/^\s*(\/\/.*|\/\*\*[\s\S]*?\*\/)\n/gm, '');
  return text;
}
