import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What the server really did with one request; stamps of the monotonic clock that all processes share, ms. */
export interface TruthEntry {
  readonly receivedAt: number;
  readonly headersAt: number;
  readonly writes: readonly number[];
  readonly endedAt: number;
  readonly end: 'end' | 'cut';
  readonly isError: boolean;
}

/** `test/helpers/truth-sender.mjs` in a process of its own. */
export interface TruthServer {
  /** Base URL of a scenario. */
  url(scenario: string): string;
  /** What has been done since the last call, in the order in which it was asked for; and begins anew. */
  takeLog(): Promise<readonly TruthEntry[]>;
  close(): Promise<void>;
}

export async function startTruthServer(): Promise<TruthServer> {
  const child = fork(fileURLToPath(new URL('truth-sender.mjs', import.meta.url)), { execArgv: [], serialization: 'advanced' });
  const { port } = await answer<{ readonly port: number }>(child);
  return {
    url: (scenario) => `http://127.0.0.1:${port}/${scenario}`,
    async takeLog() {
      child.send({ type: 'log' });
      return (await answer<{ readonly log: readonly TruthEntry[] }>(child)).log;
    },
    async close() {
      child.kill();
      await once(child, 'exit');
    },
  };
}

async function answer<T>(child: ChildProcess): Promise<T> {
  const [message] = (await once(child, 'message')) as [T];
  return message;
}
