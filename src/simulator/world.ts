import type { Log } from '../lib/log.ts';
import type { Post } from '../lib/tls.ts';
import type { Authentications } from './authentications.ts';
import type { Faults } from './faults.ts';
import type { Times } from './times.ts';

/** What the Directory Server and the ACS share. */
export interface ThreeDsWorld {
  authentications: Authentications;
  faults: Faults;
  times: Times;
  log: Log;
  /** Sends an RReq; with a client certificate where the Directory Servers have one. */
  post: Post;
  /** Where a browser reaches the simulator, without a slash at the end. */
  baseUrl: string;
  /** AA 28: the acquirer's links are closed before an authentication succeeds. */
  closeLinks(): Promise<void>;
}
