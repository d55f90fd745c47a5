import { signRequest } from '../../src/lib/http-signature.ts';
import { voucherKeyOf } from '../../src/lib/network-settings.ts';
import type { Form } from './html.ts';
import type { Stack } from './processes.ts';
import { open, type Page, submit } from './shopper.ts';

/** The shopper at the store, the ATM or the bank: pays a number at the simulated register. */
export async function payAtRegister({ demo }: Pick<Stack, 'demo'>, number: string): Promise<Page> {
  return submit(await tillFor(demo.simulator_url, number));
}

async function tillFor(simulatorUrl: string, number: string): Promise<Form> {
  const page = await open(`${simulatorUrl}/register?number=${number}`);
  const till = page.forms.find(({ names }) => names.includes('reference'));
  if (till === undefined) throw new Error(`the register does not know ${number}`);
  return till;
}

/** What the register's page does not offer: a kiosk's voucher is drawn, another amount is paid. */
export async function makeHappen(
  { demo: { simulator_url: simulatorUrl } }: Pick<Stack, 'demo'>,
  number: string,
  verb: 'voucher' | 'pay',
  value: Record<string, unknown> = {},
): Promise<void> {
  const { fields } = await tillFor(simulatorUrl, number);
  const url = `${simulatorUrl}/centre/control/${fields.reference}/${verb}`;
  const request = { method: 'POST', url, body: JSON.stringify(value) };
  const signed = { key: voucherKeyOf({}, 'TEST'), keyId: 'payresort', now: new Date() };
  const response = await fetch(url, { ...request, headers: signRequest({ ...request, ...signed }) });
  if (!response.ok) throw new Error(`${verb} of ${number}: ${response.status}`);
}

/** At the bank that the session's page hands over to: `pay`, `pay_and_close`, `decline` or `cancel`. */
export async function actAtBank(sessionPage: Page, action: string): Promise<Page> {
  const address = /href="([^"]+\/bank\/[^"]+)"/.exec(sessionPage.html)?.[1];
  const handOver = sessionPage.forms.find(({ action: url }) => url.includes('/bank/'));
  const url = address ?? handOver?.action;
  if (url === undefined) throw new Error(`no way to the bank at ${sessionPage.url}`);
  const bank = await open(url);
  const form = bank.forms.find(({ fields }) => fields.action === action);
  if (form === undefined) throw new Error(`the bank does not offer ${action}`);
  return submit(form);
}
