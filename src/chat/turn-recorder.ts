import type { TurnResult } from '../endpoint/run-turn.ts';
import type { Connection } from '../endpoint/connection.ts';
import type { TurnRequest } from '../endpoint/transport.ts';
import { createRecorder } from '../stream/recording.ts';
import type { Ending, Hop, StreamPart } from '../stream/stream-part.ts';

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
    finish: ({ metrics }: TurnResult): void => recorder.finish(performance.now(), ENDINGS[metrics.outcome] ?? 'end'),
  };
}

/** How a stream ended as the socket saw it; an outcome that is not here is an end. */
const ENDINGS: Partial<Record<TurnResult['metrics']['outcome'], Ending>> = {
  cancelled: 'cancelled',
  'client-timeout': 'client-timeout',
  reset: 'reset',
  'idle-cut': 'reset',
  'cap-cut': 'reset',
};
