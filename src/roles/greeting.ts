import type { Config } from '../config.ts';
import { consoleUrl, demoFile, shopUrl, simulatorUrl, tokenShopUrl } from './prepare-demo.ts';

/** What a newcomer reads first: where to click, where the keys are. No card number, not even a test one, is printed. */
export function greeting(config: Config): string {
  return `
  PayResort+ is running in test mode.

    Start here        ${shopUrl(config)}   (the demo shop: buy something)
    The other way     ${tokenShopUrl(config)}   (the same shop, with our card fields on its own page)
    Console           ${consoleUrl(config)}   (log in with what stands under "console" in the file below)
    Payment pages     ${config.publicUrl}
    Test network      ${simulatorUrl(config)}   (simulated 3-D Secure, acquirer, banks)
    Register, ATM     ${simulatorUrl(config)}/register   (pay a konbini or Pay-easy number)
    Mails             ${config.publicUrl}/demo/inbox   (every mail that was sent)
    Keys, addresses   ${demoFile(config)}

    Test cards        the shop shows them; all of them are in docs/simulator.md

  Ctrl-C stops everything; the data stays in ${config.dataDir}.

`;
}
