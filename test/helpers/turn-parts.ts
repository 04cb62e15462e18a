import type { ProbeTurn, Transport, TurnRequest } from '../../src/endpoint/transport.ts';
import type { StreamPart } from '../../src/stream/stream-part.ts';

/** So many parts may wait before the connection is paused: pausing for each would make the test slow. */
const PARTS_WAITING = 32;

/**
 * The parts of a turn, one at a time for a test that decides when it reads on: little more is read from the connection than
 * was taken. The turn is sent when the first part is asked for; leaving the loop aborts it.
 */
export async function* turnParts(
  transport: Transport,
  request: TurnRequest | ProbeTurn,
  signal: AbortSignal,
): AsyncGenerator<StreamPart, undefined> {
  const leave = new AbortController();
  const waiting: StreamPart[] = [];
  let ending: { readonly error?: unknown } | undefined;
  let wake = (): void => undefined;
  let resume = (): void => undefined;
  let taken: Promise<void> | undefined;
  const onPart = (part: StreamPart): Promise<void> | void => {
    waiting.push(part);
    wake();
    if (waiting.length < PARTS_WAITING) return undefined;
    taken ??= new Promise<void>((resolve) => (resume = resolve));
    return taken;
  };
  const end = (how: { readonly error?: unknown }): void => {
    ending = how;
    wake();
  };
  transport.send(request, onPart, AbortSignal.any([signal, leave.signal])).then(
    () => end({}),
    (error: unknown) => end({ error }),
  );
  try {
    for (;;) {
      const part = waiting.shift();
      if (part) {
        yield part;
      } else if (ending) {
        if ('error' in ending) throw ending.error;
        return undefined;
      } else {
        taken = undefined;
        resume();
        await new Promise<void>((resolve) => (wake = resolve));
      }
    }
  } finally {
    leave.abort(new Error('the test has left the turn'));
  }
}
