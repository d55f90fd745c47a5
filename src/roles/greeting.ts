import type { Config } from '../config.ts';
import { demoFile, shopUrl, simulatorUrl } from './prepare-demo.ts';

/** What a newcomer reads first: where to click, what to pay with, where the keys are. */
export function greeting(config: Config): string {
  return `
  PayResort+ is running in test mode.

    Start here        ${shopUrl(config)}   (the demo shop: buy something)
    Payment pages     ${config.publicUrl}
    Test network      ${simulatorUrl(config)}   (simulated 3-D Secure and acquirer)
    Keys, addresses   ${demoFile(config)}

    Cards             4000 0000 0000 0002   approved
                      4000 0001 0000 0001   asks for a one-time code: 123456
                      4000 0002 0000 0000   authentication refused
                      4000 0000 5100 0000   declined, insufficient funds
                      any future expiry, any security code

  Ctrl-C stops everything; the data stays in ${config.dataDir}.

`;
}
