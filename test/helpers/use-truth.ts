import { afterAll, beforeAll } from 'vitest';
import { startTruthServer, type TruthServer } from './truth-server.ts';
import { type TruthRow, truthTable } from './truth-table.ts';

export interface Truth extends Pick<TruthServer, 'url' | 'takeLog'> {
  /** A line of the table that is printed at the end. */
  add(...rows: readonly TruthRow[]): void;
}

/** A truth server for the tests of a file. */
export function useTruth(): Truth {
  let server: TruthServer | undefined;
  const rows: TruthRow[] = [];
  const running = (): TruthServer => {
    if (!server) throw new Error('the truth server does not run yet');
    return server;
  };
  beforeAll(async () => {
    server = await startTruthServer();
  });
  afterAll(async () => {
    await server?.close();
    console.log(truthTable(rows));
  });
  return {
    url: (scenario) => running().url(scenario),
    takeLog: () => running().takeLog(),
    add: (...more) => void rows.push(...more),
  };
}
