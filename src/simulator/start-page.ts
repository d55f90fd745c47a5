import { randomBytes } from 'node:crypto';
import { STYLE } from './acs-style.ts';
import type { HttpReply } from './http.ts';
import { testPan } from './test-cards.ts';

/** What somebody who opens the simulator's address by hand finds: what it is, and the cards worth trying. */
const CARDS = [
  ['00', '00', 'Approved, no challenge'],
  ['01', '00', 'Challenge: the code is 123456'],
  ['02', '00', 'Authentication fails'],
  ['03', '00', 'Authentication rejected by the issuer'],
  ['05', '00', 'Authentication not available'],
  ['00', '05', 'Declined'],
  ['00', '51', 'Insufficient funds'],
  ['00', '54', 'Expired card'],
  ['00', '82', 'Wrong security code'],
  ['00', '21', 'Approved, but the answer is lost: reversed after 15 seconds'],
  ['00', '22', 'Approved after 8 seconds'],
] as const;

export function startPage(): HttpReply {
  const nonce = randomBytes(16).toString('base64');
  const rows = CARDS.map(
    ([authentication, issuer, text]) =>
      `<div><dt>${text}</dt><dd>${grouped(testPan('visa', authentication, issuer))}</dd></div>`,
  );
  return {
    status: 200,
    headers: {
      'content-type': 'text/html; charset=UTF-8',
      'content-security-policy': `default-src 'none'; style-src 'nonce-${nonce}'; base-uri 'none'`,
      'x-content-type-options': 'nosniff',
    },
    body: `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Simulated payment network</title><style nonce="${nonce}">${STYLE}</style></head>
<body><header class="bar"><div><b>Simulated payment network</b><span>Test mode</span></div></header>
<main><h1>The outside world, for tests</h1>
<p class="quiet">Directory Servers, an issuer with its challenge page, an acquirer, a voucher centre and banks.
No real money moves here.</p>
<p>Cards to try. Any expiry to come, any security code.</p>
<dl class="cards">${rows.join('')}</dl>
<p>All of them, other brands and every scenario: <b>docs/simulator.md</b>.</p>
<p><a href="/register">The register</a>, where numbers of konbini and Pay-easy are paid</p>
<p><a href="/ledger">The acquirer's ledger</a></p></main></body></html>
`,
  };
}

function grouped(pan: string): string {
  return pan.replace(/(.{4})(?=.)/g, '$1 ');
}
