import type { LoadDriver, LoadTurn, SentTurn } from './load-driver.ts';
import { createTracing } from './read-trace.ts';
import { limitsOf, type Connection } from '../../endpoint/connection.ts';
import { runTurn } from '../../endpoint/run-turn.ts';
import { turnFailure } from '../../endpoint/turn-failure.ts';
import type { AgentstreamError } from '../../cli/errors.ts';
import type { Hop } from '../../stream/stream-part.ts';
import type { Connections } from './load-target.ts';
import { TurnWatch } from './turn-watch.ts';

/** Sends a load's turns through the client that `invoke` and `chat` use. */
export interface ClientDriver extends LoadDriver {
  send(
    turn: LoadTurn,
    signal: AbortSignal,
  ): Promise<SentTurn & { readonly failure: AgentstreamError | undefined }>;
}

/** @param qualifier AgentCore endpoint, where it is not the stack's */
export function createClientDriver(
  connections: Connections,
  qualifier: string | undefined,
): ClientDriver {
  const tracing = createTracing();
  const wayOf = (hop: Hop): Connection => {
    const connection = connections.get(hop);
    if (!connection) throw new Error(`no way was opened for the hop ${hop}`);
    return connection;
  };
  return {
    async send(turn, signal) {
      const connection = wayOf(turn.hop);
      const trace = tracing.begin();
      const watch = new TurnWatch(trace);
      const request =
        'probe' in turn
          ? { probe: turn.probe }
          : { prompt: turn.prompt, sessionId: turn.sessionId, qualifier };
      const limits = limitsOf(connection);
      const result = await runTurn(connection.transport, request, watch, signal, limits);
      const { metrics, serverTiming, status } = result;
      const failure = turnFailure(result, connection.idleLimitMs);
      return {
        sentAt: watch.sentAt,
        metrics,
        serverTiming,
        status,
        code: watch.errorCode ?? failure?.code,
        tokens: watch.tokens,
        probeEvents: watch.probeEvents(),
        trace: { take: () => trace.take(watch.sentAt ?? 0), drop: () => trace.drop() },
        failure,
      };
    },
    stop: (hop, sessionId) => wayOf(hop).transport.stop(sessionId, qualifier),
  };
}
