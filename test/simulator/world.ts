import { createSecretKey } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log } from '../../src/lib/log.ts';
import { type Simulator, startSimulator } from '../../src/simulator/main.ts';
import type { Times } from '../../src/simulator/times.ts';

/** A simulator on free ports with short waits, what it logged, and a 3DS Server that collects RReqs. */
export interface World {
  simulator: Simulator;
  log: string[];
  dataDir: string;
  results: ResultsServer;
  /** Ends the simulator and starts another on the same ports and memory. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export interface ResultsServer {
  url: string;
  received: Record<string, unknown>[];
  /** How many more RReqs are left without a proper answer. */
  failures: number;
}

/** What the voucher centre and whoever calls it sign with. */
export const VOUCHER_KEY = createSecretKey(Buffer.alloc(32, 7));

const SHORT: Partial<Times> = {
  resultsMs: 500,
  resultsRetryMs: 10,
  holdMs: 200,
  slowMs: 60,
  lateMs: 120,
  refuseSignOnMs: 150,
  drainMs: 50,
  noticeRepeatsMs: [10, 10, 10],
  noticeMs: 500,
};

export async function openWorld(times: Partial<Times> = {}): Promise<World> {
  const dataDir = mkdtempSync(join(tmpdir(), 'simulator-'));
  const lines: string[] = [];
  const log = collectingLog(lines);
  const { server, results } = await openResults();
  const start = (ports: { httpPort: number; acquirerPort: number }) =>
    startSimulator({ ...ports, dataDir, voucherKey: VOUCHER_KEY, log, times: { ...SHORT, ...times } });
  const world: World = {
    simulator: await start({ httpPort: 0, acquirerPort: 0 }),
    log: lines,
    dataDir,
    results,
    restart: async () => {
      const { httpUrl, acquirerPort } = world.simulator;
      await world.simulator.close();
      world.simulator = await start({ httpPort: Number(new URL(httpUrl).port), acquirerPort });
    },
    close: async () => {
      await world.simulator.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(dataDir, { recursive: true });
    },
  };
  return world;
}

function collectingLog(lines: string[]): Log {
  const write = (fields: Record<string, unknown>, message: string) => {
    lines.push(JSON.stringify({ ...fields, message }));
  };
  return { info: write, warn: write, error: write };
}

async function openResults(): Promise<{ server: Server; results: ResultsServer }> {
  const results: ResultsServer = { url: '', received: [], failures: 0 };
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const part of request) text += part;
    const message: Record<string, unknown> = JSON.parse(text);
    results.received.push(message);
    results.failures -= 1;
    if (results.failures >= 0) return void response.writeHead(503).end();
    const { threeDSServerTransID, acsTransID, dsTransID, messageVersion } = message;
    const ids = { threeDSServerTransID, acsTransID, dsTransID, messageVersion };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ messageType: 'RRes', ...ids, resultsStatus: '01' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  results.url = `http://127.0.0.1:${port}/3ds/results`;
  return { server, results };
}
