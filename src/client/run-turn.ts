import { SESSION_HEADER } from '../protocol.ts';
import { type AgentEvent, toAgentEvent, toWholeAnswer } from '../stream/agent-event.ts';
import { createStreamMeter, type StreamMeter, type StreamMetrics } from '../stream/measure.ts';
import { createSseDecoder } from '../stream/sse.ts';
import { endpointError } from './api-gateway.ts';
import type { Transport, TurnRequest } from './transport.ts';

export interface TurnListener {
  /** Status and headers are there, and are a success. */
  onAccepted?(turn: {
    readonly sessionId: string | undefined;
    readonly serverTiming: string | undefined;
  }): void;
  onEvent?(event: AgentEvent): void;
  /** Every body byte as it came. */
  onBytes?(bytes: Buffer): void;
}

export interface TurnResult {
  readonly metrics: StreamMetrics;
  readonly sessionId: string | undefined;
  /** `Server-Timing` as the function sent it. */
  readonly serverTiming: string | undefined;
  readonly requestId: string | undefined;
  /** HTTP status; undefined when no answer came. */
  readonly status: number | undefined;
  /** What went wrong, when the outcome is not `ok`. */
  readonly failure: Error | undefined;
}

/**
 * Runs one turn over a transport, decodes it and measures it. Never throws for what the endpoint or the agent did: that is
 * the result's `failure`.
 */
export async function runTurn(
  transport: Transport,
  request: TurnRequest,
  listener: TurnListener,
  signal: AbortSignal,
): Promise<TurnResult> {
  let meter: StreamMeter = createStreamMeter(performance.now());
  let facts: Pick<TurnResult, 'sessionId' | 'serverTiming' | 'requestId' | 'status'> = {
    status: undefined,
    sessionId: request.sessionId,
    serverTiming: undefined,
    requestId: undefined,
  };
  const decoder = createSseDecoder();
  const whole: Buffer[] = [];
  let status = 200;
  let isEventStream = false;
  let failure: Error | undefined;

  const tell = (events: readonly AgentEvent[]): void => {
    for (const event of events) {
      if (event.type === 'error') {
        failure ??= new Error(event.code ? `${event.message} (${event.code})` : event.message);
      }
      listener.onEvent?.(event);
    }
  };

  try {
    for await (const part of transport.open(request, signal)) {
      switch (part.type) {
        case 'sent':
          meter = createStreamMeter(part.at);
          break;
        case 'headers':
          meter.headers(part.at);
          status = part.status;
          isEventStream = (part.headers['content-type'] ?? '').startsWith('text/event-stream');
          facts = {
            status,
            sessionId: part.headers[SESSION_HEADER.toLowerCase()] ?? request.sessionId,
            serverTiming: part.headers['server-timing'],
            requestId: part.headers['x-amzn-requestid'],
          };
          if (status === 200) listener.onAccepted?.(facts);
          break;
        case 'chunk': {
          const events =
            status === 200 && isEventStream ? decoder.push(part.bytes).map(toAgentEvent) : [];
          meter.read(part.at, part.bytes.length);
          meter.events(part.at, events);
          if (!isEventStream || status !== 200) whole.push(part.bytes);
          if (status === 200) listener.onBytes?.(part.bytes);
          tell(events);
          break;
        }
        case 'end': {
          const body = Buffer.concat(whole).toString('utf8');
          if (status !== 200) {
            failure = endpointError(status, body);
            return { metrics: meter.finish(part.at, 'http-error'), ...facts, failure };
          }
          if (!isEventStream && body !== '') {
            const event = toWholeAnswer(body);
            meter.events(part.at, [event]);
            tell([event]);
          }
          return { metrics: meter.finish(part.at, 'ended'), ...facts, failure };
        }
      }
    }
    throw new Error('the transport ended without an end');
  } catch (error) {
    const ending = signal.aborted ? 'cancelled' : 'reset';
    return { metrics: meter.finish(performance.now(), ending), ...facts, failure: error as Error };
  }
}
