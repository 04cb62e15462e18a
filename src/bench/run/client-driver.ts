import type { AgentEvent } from '../../agent-events/agent-event.ts';
import { isJsonObject, parseStreamValue } from '../../agent-events/json-value.ts';
import type { ProbeArrival } from './judge-probe.ts';
import type { LoadDriver } from './load-driver.ts';
import type { BenchPlan } from './plan.ts';
import { createTracing, type ReadTrace } from './read-trace.ts';
import { type LoadOptions, runLoad } from './run-load.ts';
import type { TurnRecord } from './turn-record.ts';
import { type Connection, type ConnectionTarget, limitsOf, openConnection } from '../../endpoint/connection.ts';
import { runTurn, type TurnListener } from '../../endpoint/run-turn.ts';
import { turnFailure } from '../../endpoint/turn-failure.ts';
import type { ProbeEvent } from '../../protocol.ts';
import type { Hop, StreamPart } from '../../stream/stream-part.ts';

/** Sends turns through the client that `invoke` and `chat` use. @param qualifier AgentCore endpoint, where it is not the stack's */
export function createClientDriver(connections: Connections, qualifier: string | undefined): LoadDriver {
  const tracing = createTracing();
  const connectionTo = (hop: Hop): Connection => {
    const connection = connections.get(hop);
    if (!connection) throw new Error(`no connection was opened to the hop ${hop}`);
    return connection;
  };
  return {
    async send(turn, signal) {
      const connection = connectionTo(turn.hop);
      const trace = tracing.begin();
      const watch = new TurnWatch(trace);
      const request = 'probe' in turn ? { probe: turn.probe } : { prompt: turn.prompt, sessionId: turn.sessionId, qualifier };
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
    stop: (hop, sessionId) => connectionTo(hop).transport.stop(sessionId, qualifier),
  };
}

/** Collects the facts of a turn that its metrics lack. A class, because each read and event of each stream calls it. */
class TurnWatch implements TurnListener {
  sentAt: number | undefined;
  errorCode: string | undefined;
  tokens: TurnRecord['tokens'];
  readonly #trace: ReadTrace;
  readonly #probeEvents: (Omit<ProbeArrival, 'atMs'> & { readonly at: number })[] = [];

  constructor(trace: ReadTrace) {
    this.#trace = trace;
  }

  onPart(part: StreamPart): void {
    if (part.type === 'chunk') this.#trace.read(part.at, part.bytes.length);
    else if (part.type === 'sent') this.sentAt = part.at;
  }

  onEvent(event: AgentEvent, at: number): void {
    const { type } = event;
    this.#trace.event(at, type);
    if (type === 'text-delta') return;
    if (type === 'usage') {
      const { input = 0, output = 0 } = this.tokens ?? {};
      this.tokens = { input: input + (event.inputTokens ?? 0), output: output + (event.outputTokens ?? 0) };
    } else if (type === 'error') {
      this.errorCode ??= event.code;
    } else if (type === 'data' && event.event === 'probe') {
      const { index, sent_ms: sentMs } = readProbeEvent(event.data);
      if (index !== undefined && sentMs !== undefined) this.#probeEvents.push({ index, sentMs, at });
    }
  }

  probeEvents(): ProbeArrival[] {
    const sentAt = this.sentAt ?? 0;
    return this.#probeEvents.map(({ index, sentMs, at }) => ({ index, sentMs, atMs: at - sentAt }));
  }
}

/** An agent may name its events so as well, with any data. */
function readProbeEvent(data: string): Partial<ProbeEvent> {
  const parsed = parseStreamValue(data);
  return parsed.type === 'json' && isJsonObject(parsed.value) ? parsed.value : {};
}

export type Connections = ReadonlyMap<Hop, Connection>;

/** Opens a connection to each hop of the plan. @throws as `openConnection` does; what was opened is closed again */
export async function openHops(plan: Pick<BenchPlan, 'hops' | 'timers'>, target: ConnectionTarget): Promise<Connections> {
  const { hops, timers } = plan;
  const connections = new Map<Hop, Connection>();
  try {
    for (const hop of hops) connections.set(hop, await openConnection(hop, target, { timers }));
    return connections;
  } catch (error) {
    await closeHops(connections);
    throw error;
  }
}

export async function closeHops(connections: Connections): Promise<void> {
  await Promise.all([...connections.values()].map((connection) => connection.close()));
}

/**
 * Opens the connections of a share, so that it can start at a moment.
 * @returns to be called once; the connections are closed when its result is there. @throws as `openConnection` does
 */
export async function openShare(plan: BenchPlan, target: ConnectionTarget) {
  const connections = await openHops(plan, target);
  const driver = createClientDriver(connections, plan.qualifier);
  return (options: Omit<LoadOptions, 'driver'>) => {
    const { progress, result } = runLoad(plan, { ...options, driver });
    const closed = async () => {
      try {
        return await result;
      } finally {
        await closeHops(connections);
      }
    };
    return { progress, result: closed() };
  };
}
