import type { TurnListener, TurnResult } from '../endpoint/run-turn.ts';
import type { Connection } from '../endpoint/connection.ts';
import type { TurnRequest } from '../endpoint/transport.ts';
import { createRecorder } from '../stream/recording.ts';
import type { Ending, Hop } from '../stream/stream-part.ts';

export interface TurnRecorder {
  readonly onPart: NonNullable<TurnListener['onPart']>;
  finish(result: TurnResult): void;
}

/** Writes one turn over a hop as a recording, line by line while it runs. */
export function createTurnRecorder(
  hop: Hop,
  { prompt, sessionId }: Pick<TurnRequest, 'prompt' | 'sessionId'>,
  { idleLimitMs }: Pick<Connection, 'idleLimitMs'>,
  write: (line: string) => void,
): TurnRecorder {
  const recorder = createRecorder(
    {
      version: 1,
      startedAt: new Date().toISOString(),
      transport: hop,
      endpoint: { ...(idleLimitMs !== undefined && { idleLimitMs }) },
      request: { prompt, ...(sessionId !== undefined && { sessionId }) },
    },
    write,
  );
  return {
    onPart: (part) => recorder.push(part),
    finish: ({ metrics }) => recorder.finish(performance.now(), endingOf(metrics.outcome)),
  };
}

function endingOf(outcome: TurnResult['metrics']['outcome']): Ending {
  switch (outcome) {
    case 'cancelled':
    case 'client-timeout':
    case 'reset':
      return outcome;
    case 'idle-cut':
    case 'cap-cut':
      return 'reset';
    default:
      return 'end';
  }
}
