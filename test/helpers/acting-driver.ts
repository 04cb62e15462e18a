import type { LoadDriver, LoadTurn, SentTurn } from '../../src/bench/run/load-driver.ts';
import { Receiver } from '../../src/stream/receiver.ts';
import type { Ending, Hop } from '../../src/stream/stream-part.ts';

export interface ActingDriverOptions {
  /** How long a turn takes: until this settles. Default: it ends at once. */
  readonly work?: (turn: LoadTurn, number: number) => Promise<unknown> | undefined;
  /** What is changed in the outcome of a turn. */
  readonly change?: (sent: SentTurn, turn: LoadTurn, number: number) => SentTurn;
  readonly stop?: (sessionId: string) => Promise<void>;
}

/** A driver that sends nothing: each turn takes as long as the test says, measured as every stream is. */
export interface ActingDriver extends LoadDriver {
  /** In the order in which they began, with the stamp of that. */
  readonly begun: readonly { readonly turn: LoadTurn; readonly at: number }[];
  readonly stopped: readonly { readonly hop: Hop; readonly sessionId: string }[];
  readonly mostAtOnce: number;
}

const EVENT = Buffer.from('data: "hello"\n\n');
const HEADERS = { 'content-type': 'text/event-stream' };

export function createActingDriver(options: ActingDriverOptions = {}): ActingDriver {
  const begun: { readonly turn: LoadTurn; readonly at: number }[] = [];
  const stopped: { readonly hop: Hop; readonly sessionId: string }[] = [];
  let inFlight = 0;
  let mostAtOnce = 0;
  return {
    begun,
    stopped,
    get mostAtOnce() {
      return mostAtOnce;
    },
    async send(turn, signal) {
      const sentAt = performance.now();
      const number = begun.length;
      begun.push({ turn, at: sentAt });
      inFlight += 1;
      mostAtOnce = Math.max(mostAtOnce, inFlight);
      const receiver = new Receiver();
      receiver.push({ type: 'sent', at: sentAt });
      receiver.push({ type: 'headers', at: performance.now(), status: 200, headers: HEADERS });
      receiver.push({ type: 'chunk', at: performance.now(), bytes: EVENT });
      try {
        await Promise.race([options.work?.(turn, number) ?? Promise.resolve(), aborted(signal)]);
      } finally {
        inFlight -= 1;
      }
      const at = performance.now();
      const ending: Ending = signal.aborted ? 'cancelled' : 'end';
      const sent: SentTurn = {
        sentAt,
        metrics: receiver.finish(at, ending),
        serverTiming: undefined,
        status: 200,
        code: undefined,
        tokens: undefined,
        probeEvents: [],
        trace: undefined,
      };
      return options.change?.(sent, turn, number) ?? sent;
    },
    async stop(hop, sessionId) {
      stopped.push({ hop, sessionId });
      await options.stop?.(sessionId);
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
