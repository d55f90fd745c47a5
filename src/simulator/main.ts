import type { KeyObject } from 'node:crypto';
import { join } from 'node:path';
import type { Log } from '../lib/log.ts';
import { type Identity, openIdentity, openTlsPost, type TlsFiles } from '../lib/tls.ts';
import { openAcquirerLink } from './acquirer-link.ts';
import { openAcs } from './acs.ts';
import { authenticationValueOf, openAuthentications } from './authentications.ts';
import { handleBank } from './bank.ts';
import { type Centre, handleCentre } from './centre.ts';
import { openCentreBook } from './centre-book.ts';
import { openNotices } from './centre-notices.ts';
import { handleControl } from './control.ts';
import { handleDirectory } from './directory-server.ts';
import { type Faults, openFaults } from './faults.ts';
import { type HttpReply, type HttpRequest, type HttpServer, openHttp } from './http.ts';
import { decide } from './issuer.ts';
import { type Journal, openJournal } from './journal.ts';
import { type Ledger, openLedger } from './ledger.ts';
import { handleRegister } from './register.ts';
import { startPage } from './start-page.ts';
import { TIMES, type Times } from './times.ts';
import type { ThreeDsWorld } from './world.ts';

export interface SimulatorOptions {
  /** Port of Directory Servers, ACS and control port; 0 picks a free one. */
  httpPort: number;
  /** Port of the acquirer's link; 0 picks a free one. */
  acquirerPort: number;
  /** The Directory Servers by https alone, to who has a certificate; RReqs go out with theirs. */
  tls?: { port: number; files: TlsFiles } | null;
  /** What the voucher centre and the service sign with. */
  voucherKey: KeyObject;
  /** Where `simulator.jsonl`, the memory, is kept. */
  dataDir: string;
  log: Log;
  /** Tests shorten the waits. */
  times?: Partial<Times>;
}

export interface Simulator {
  /** `http://127.0.0.1:{port}`: Directory Servers under `/ds/{brand}`, ACS, control port. */
  httpUrl: string;
  /** Port of the Directory Servers by https; null without `tls`. */
  dsPort: number | null;
  acquirerPort: number;
  close(): Promise<void>;
}

/**
 * Starts the simulated network of test mode (contract, section 8) on 127.0.0.1. Rejects where a port is
 * taken.
 */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { log } = options;
  const times = { ...TIMES, ...options.times };
  const journal = openJournal(join(options.dataDir, 'simulator.jsonl'));
  const ledger = openLedger(journal);
  const authentications = openAuthentications(journal);
  const faults = openFaults();
  const issuedValue = (dsTransId: string) => {
    const authentication = authentications.byDsTransId(dsTransId);
    return authentication && authenticationValueOf(authentication);
  };
  const link = await openAcquirerLink({
    port: options.acquirerPort,
    log,
    faults,
    times,
    decide: (request, told) => decide({ ledger, times, issuedValue }, request, told),
  });
  const identity = options.tls
    ? openIdentity(options.tls.files, () => log.error({}, 'certificate unusable'))
    : null;
  const world: ThreeDsWorld = {
    authentications,
    faults,
    times,
    log,
    baseUrl: '',
    closeLinks: link.closeLinks,
    post: identity === null ? fetch : openTlsPost(identity),
  };
  const acs = openAcs(world);
  const centre = openCentre(options, times, journal, ledger, faults);
  const handle = async (request: HttpRequest): Promise<HttpReply> =>
    handleControl({ ledger, faults }, request) ??
    (identity === null ? await handleDirectory(world, acs, request) : null) ??
    (await acs.handle(request)) ??
    (await handleCentre(centre, request)) ??
    handleBank(centre, request) ??
    handleRegister(centre, request) ??
    (request.url.pathname === '/' ? startPage() : { status: 404 });
  const servers = await openServers(options, times.holdMs, identity, handle, (request) =>
    handleDirectory(world, acs, request),
  ).catch(async (error) => {
    await link.close();
    centre.notices.close();
    throw error;
  });
  const { http, directory } = servers;
  centre.baseUrl = `http://127.0.0.1:${http.port}`;
  world.baseUrl = `http://127.0.0.1:${http.port}`;
  log.info({ http: http.port, ds: directory?.port, acquirer: link.port }, 'simulator listens');
  return {
    httpUrl: world.baseUrl,
    dsPort: directory?.port ?? null,
    acquirerPort: link.port,
    close: async () => {
      centre.notices.close();
      await Promise.all([http.close(), directory?.close(), link.close()]);
      journal.close();
    },
  };
}

function openCentre(
  { voucherKey: key, log }: SimulatorOptions,
  times: Times,
  journal: Journal,
  ledger: Ledger,
  faults: Faults,
): Centre {
  const book = openCentreBook(journal, ledger);
  const notices = openNotices({ book, faults, times, key, log });
  return { book, notices, faults, key, log, baseUrl: '' };
}

type Handle = (request: HttpRequest) => Promise<HttpReply | null>;

async function openServers(
  { httpPort, tls, log }: SimulatorOptions,
  holdMs: number,
  identity: (() => Identity) | null,
  handle: (request: HttpRequest) => Promise<HttpReply>,
  direct: Handle,
): Promise<{ http: HttpServer; directory: HttpServer | null }> {
  const http = await openHttp({ port: httpPort, holdMs, log }, handle);
  if (!tls || identity === null) return { http, directory: null };
  const handleOrNot = async (request: HttpRequest) => (await direct(request)) ?? { status: 404 };
  try {
    const options = { port: tls.port, holdMs, log, identity: identity() };
    return { http, directory: await openHttp(options, handleOrNot) };
  } catch (error) {
    await http.close();
    throw error;
  }
}
