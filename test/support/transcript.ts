import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';

/** Keeps what the service answered for the leak scan: address, headers and body of every answer. */
export async function recorded(response: Response): Promise<string> {
  const body = await response.text();
  const headers = [...response.headers].map(([name, value]) => `${name}: ${value}`).join('\n');
  recordTranscript(`${response.status} ${response.url}\n${headers}\n\n${body}`);
  return body;
}

/** Whatever else left the service as text. */
export function recordTranscript(text: string): void {
  appendFileSync(join(inject('outputDir'), `http-${process.pid}.txt`), `${text}\n`);
}
