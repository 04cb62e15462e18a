import type { TurnResult } from '../endpoint/run-turn.ts';
import type { Connection } from '../endpoint/connection.ts';
import type { TurnRequest } from '../endpoint/transport.ts';
import { endingOfOutcome } from '../stream/outcome.ts';
import { createRecorder } from '../stream/recording.ts';
import type { Hop, StreamPart } from '../stream/stream-part.ts';

export type TurnRecorder = ReturnType<typeof createTurnRecorder>;

/** Writes one turn over a hop as a recording, line by line while it runs. */
export function createTurnRecorder(
  hop: Hop,
  { prompt, sessionId }: Pick<TurnRequest, 'prompt' | 'sessionId'>,
  { idleLimitMs }: Pick<Connection, 'idleLimitMs'>,
  write: (line: string) => void,
) {
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
    onPart: (part: StreamPart): void => recorder.push(part),
    finish: ({ metrics }: TurnResult): void => recorder.finish(performance.now(), endingOfOutcome(metrics.outcome)),
  };
}
