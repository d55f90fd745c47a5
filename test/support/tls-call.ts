import { readFileSync } from 'node:fs';
import https, { type RequestOptions } from 'node:https';
import { readPem, type TlsFiles } from '../../src/lib/tls.ts';

export interface Answer {
  status: number;
  text: string;
}

/** One request by https on a connection of its own; the error's code where there was no answer. */
export function tlsCall(
  url: string,
  files: TlsFiles | { ca: readonly string[] },
  body = '{}',
  options: RequestOptions = {},
): Promise<Answer | string> {
  const identity = 'cert' in files ? { cert: readPem(files.cert), key: readPem(files.key) } : {};
  const ca = files.ca.map((file) => readFileSync(file, 'utf8'));
  return new Promise((resolve) => {
    const request = https.request(
      url,
      { method: 'POST', agent: false, ...identity, ca, ...options },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
        response.on('error', () => resolve('cut'));
      },
    );
    request.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    request.end(body);
  });
}
