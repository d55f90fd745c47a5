import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openSmtpMailer } from '../../src/mail/smtp.ts';
import { startCatcher } from '../../src/roles/locate-mail.ts';
import { inboxRoutes } from '../../src/web/demo/inbox.ts';

test('what is sent on this machine is caught, and can be looked at', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'inbox-'));
  const catcher = await startCatcher(join(dataDir, 'inbox'));
  const mailer = openSmtpMailer({ url: catcher.url, from: 'no-reply@pay.example' });
  onTestFinished(async () => {
    mailer.close();
    await catcher.close();
    rmSync(dataDir, { recursive: true });
  });
  const app = inboxRoutes({ dataDir });
  expect(await (await app.request('/demo/inbox')).text()).toContain('No mail yet');
  const sent = await mailer.send({
    messageId: '<mail_1@pay.example>',
    fromName: 'うつわ',
    to: 'taro@example.com',
    returnPath: 'bounces+mail_1@pay.example',
    subject: 'お支払い <b>完了</b>',
    html: '<!doctype html><p>12,800円</p><script>alert(1)</script>',
    text: '12,800円',
  });
  expect(sent.kind).toBe('accepted');
  const list = await (await app.request('/demo/inbox')).text();
  expect(list).toContain('お支払い &lt;b&gt;完了&lt;/b&gt;');
  const path = /href="(\/demo\/inbox\/mail_\w+)"/.exec(list)?.[1] ?? '';
  expect(await (await app.request(path)).text()).toContain('<pre>12,800円');
  const html = await app.request(`${path}/html`);
  expect(await html.text()).toContain('<p>12,800円</p>');
  // No script of a mail runs.
  expect(html.headers.get('Content-Security-Policy')).toContain('sandbox');
  expect((await app.request('/demo/inbox/..%2fdemo')).status).toBe(404);
});
