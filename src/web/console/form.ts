import type { Context } from 'hono';
import { Problem } from '../../lib/problem.ts';
import { BODY_LIMIT, readBody, readForm } from '../body.ts';
import type { ConsoleCall } from './route.ts';

type Posted = Pick<ConsoleCall, 'form' | 'files'>;

/** What a form posted: its fields, and with an `uploadBytes` limit its files. Throws `too_large`, `unsupported_media_type`. */
export async function readPosted(c: Context, uploadBytes: number | null): Promise<Posted> {
  const type = c.req.header('Content-Type') ?? '';
  if (uploadBytes === null || !type.startsWith('multipart/form-data')) {
    return { form: await readForm(c), files: {} };
  }
  const body = await readBody(c, 'multipart/form-data', uploadBytes + BODY_LIMIT);
  const data = await partsOf(body, type);
  const posted: Posted = { form: new URLSearchParams(), files: {} };
  for (const [name, value] of data) {
    if (typeof value === 'string') posted.form.append(name, value.replaceAll('\0', ''));
    else posted.files[name] = { name: value.name, bytes: Buffer.from(await value.arrayBuffer()) };
  }
  return posted;
}

async function partsOf(body: Uint8Array, type: string): Promise<FormData> {
  try {
    return await new Response(new Uint8Array(body), { headers: { 'Content-Type': type } }).formData();
  } catch {
    throw new Problem(
      'unsupported_media_type',
      'The form cannot be read. Open the page again and choose the file once more.',
    );
  }
}
