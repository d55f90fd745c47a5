import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

export type Encoding = 'br' | 'gzip';

/** The better of the encodings that the client takes, or null for none (RFC 9110, section 12.5.3). */
export function acceptedEncoding(header: string | undefined): Encoding | null {
  const refused = /;\s*q=0(\.0+)?$/;
  const taken = (header ?? '').split(',').map((item) => item.trim().toLowerCase());
  const takes = (name: string) =>
    taken.some((item) => (item === name || item.startsWith(`${name};`)) && !refused.test(item));
  if (takes('br')) return 'br';
  return takes('gzip') ? 'gzip' : null;
}

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

/** `quality` 11 for what is compressed once, 5 for what is made for one request. */
export function compress(
  content: string | Buffer,
  encoding: Encoding,
  quality: 5 | 11,
): Promise<Buffer<ArrayBuffer>> {
  if (encoding === 'gzip') return zip(content, { level: quality === 11 ? 9 : 6 });
  return brotli(content, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } });
}
