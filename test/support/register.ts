import type { Stack } from './processes.ts';
import { open, type Page, submit } from './shopper.ts';

/** The shopper at the store, the ATM or the bank: pays a number at the simulated register. */
export async function payAtRegister({ demo }: Pick<Stack, 'demo'>, number: string): Promise<Page> {
  const page = await open(`${demo.simulator_url}/register?number=${number}`);
  const till = page.forms.find(({ names }) => names.includes('reference'));
  if (till === undefined) throw new Error(`the register does not know ${number}`);
  return submit(till);
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
