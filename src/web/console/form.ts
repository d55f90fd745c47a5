import type { Context } from 'hono';
import { BODY_LIMIT, readBody } from '../body.ts';
import type { ConsoleCall } from './route.ts';

type Posted = Pick<ConsoleCall, 'form' | 'files'>;

/** What a form posted: its fields, and with an `uploadBytes` limit its files. Throws `too_large`, `unsupported_media_type`. */
export async function readForm(c: Context, uploadBytes: number | null): Promise<Posted> {
  const type = c.req.header('Content-Type') ?? '';
  if (uploadBytes === null || !type.startsWith('multipart/form-data')) {
    const body = await readBody(c, 'application/x-www-form-urlencoded');
    return { form: new URLSearchParams(body.toString('utf8')), files: {} };
  }
  const body = await readBody(c, 'multipart/form-data', uploadBytes + BODY_LIMIT);
  const headers = { 'Content-Type': type };
  const data = await new Response(new Uint8Array(body), { headers }).formData();
  const posted: Posted = { form: new URLSearchParams(), files: {} };
  for (const [name, value] of data) {
    if (typeof value === 'string') posted.form.append(name, value);
    else posted.files[name] = { name: value.name, bytes: Buffer.from(await value.arrayBuffer()) };
  }
  return posted;
}
