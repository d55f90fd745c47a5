import type { Log } from '../lib/log.ts';
import type { Authentications } from './authentications.ts';
import type { Faults } from './faults.ts';
import type { Times } from './times.ts';

/** What the Directory Server and the ACS share. */
export interface ThreeDsWorld {
  authentications: Authentications;
  faults: Faults;
  times: Times;
  log: Log;
  /** Where a browser reaches the simulator, without a slash at the end. */
  baseUrl: string;
  /** AA 28: the acquirer's links are closed before an authentication succeeds. */
  closeLinks(): Promise<void>;
}
