import type { TurnListener, TurnResult } from '../endpoint/run-turn.ts';
import { createRecorder } from '../stream/recording.ts';
import type { Ending, Hop } from '../stream/stream-part.ts';

export interface TurnRecorder {
  readonly onPart: NonNullable<TurnListener['onPart']>;
  finish(result: TurnResult): void;
}

/** Writes one turn as a recording, line by line while it runs. */
export function createTurnRecorder(
  turn: { readonly hop: Hop; readonly prompt: string; readonly sessionId: string; readonly idleLimitMs: number | undefined },
  write: (line: string) => void,
): TurnRecorder {
  const { hop, prompt, sessionId, idleLimitMs } = turn;
  const recorder = createRecorder(
    {
      version: 1,
      startedAt: new Date().toISOString(),
      transport: hop,
      endpoint: { ...(idleLimitMs !== undefined && { idleLimitMs }) },
      request: { prompt, sessionId },
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
