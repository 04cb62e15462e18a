import type { AgentEvent, FinishReason } from '../agent-events/agent-event.ts';
import { OperationError } from '../cli/errors.ts';
import { endpointError } from './endpoint-error.ts';
import type { ProbeTurn, Transport, TurnRequest } from './transport.ts';
import { SESSION_HEADER } from '../protocol.ts';
import type { StreamMetrics } from '../stream/metrics-schema.ts';
import { isSuccess, type StreamLimits } from '../stream/outcome.ts';
import { Receiver } from '../stream/receiver.ts';
import type { Ending, StreamPart } from '../stream/stream-part.ts';
import { plural } from '../ui/format.ts';

export interface TurnListener {
  /** Every part, before it is decoded, for a recorder. */
  onPart?(part: StreamPart): void;
  /** Status and headers have arrived, and the status is a success. */
  onAccepted?(turn: { readonly sessionId: string | undefined; readonly serverTiming: string | undefined }): void;
  /** @param at when the read that completed it came, ms on the clock of `performance.now()` */
  onEvent?(event: AgentEvent, at: number): void;
  /** Every body byte of a success as it came. */
  onBytes?(bytes: Uint8Array): void;
  /**
   * Called after each read. It returns a promise, which never rejects, while the output waits for its reader: nothing more is read from
   * the connection until the promise settles.
   */
  drained?(): Promise<void> | undefined;
}

export interface TurnResult {
  readonly metrics: StreamMetrics;
  readonly sessionId: string | undefined;
  /** `Server-Timing` as the function sent it. */
  readonly serverTiming: string | undefined;
  readonly requestId: string | undefined;
  /** HTTP status; undefined when no answer came. */
  readonly status: number | undefined;
  /** The error of the endpoint, the agent or the connection when the outcome is not `ok`; undefined for `no-terminal` and `empty`. */
  readonly failure: Error | undefined;
  /** How the answer ended, where the agent has said it. */
  readonly finishReason: FinishReason | undefined;
  /** Notes for people on the answer beside its text, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * Runs one turn over a transport, decodes it and measures it.
 * @param limits of the endpoint: they tell a cut by a limit from a broken connection
 * @returns never a rejection for what the endpoint or the agent did: that is the result's `failure`
 * @throws what the listener throws
 */
export async function runTurn(
  transport: Transport,
  request: TurnRequest | ProbeTurn,
  listener: TurnListener,
  signal: AbortSignal,
  limits: StreamLimits = {},
): Promise<TurnResult> {
  const receiver = new Receiver(limits);
  const notes = createTurnNotes();
  let failure: Error | undefined;
  let endedAt: number | undefined;

  let isOurs = false;
  const ownSessionId = 'prompt' in request ? request.sessionId : undefined;

  const tell = (events: readonly AgentEvent[], at: number): void => {
    for (const event of events) {
      if (event.type === 'error') failure ??= new Error(event.code ? `${event.message} (${event.code})` : event.message);
      else if (event.type !== 'text-delta') notes.take(event);
      listener.onEvent?.(event, at);
    }
  };
  const isAccepted = (): boolean => receiver.head !== undefined && isSuccess(receiver.head.status);
  const hand = (part: StreamPart): void | Promise<void> => {
    isOurs = true;
    listener.onPart?.(part);
    const events = receiver.push(part);
    if (part.type === 'chunk') {
      if (listener.onBytes && isAccepted()) listener.onBytes(part.bytes);
    } else if (part.type === 'headers') {
      if (isAccepted()) listener.onAccepted?.(facts());
    } else if (part.type === 'end') {
      endedAt = part.at;
    }
    tell(events, part.at);
    isOurs = false;
    if (part.type === 'chunk') return listener.drained?.();
  };
  const facts = (): Omit<TurnResult, 'metrics' | 'failure' | 'finishReason' | 'notes'> => {
    const headers = receiver.head?.headers ?? {};
    return {
      status: receiver.head?.status,
      sessionId: headers[SESSION_HEADER.toLowerCase()] ?? ownSessionId,
      serverTiming: headers['server-timing'],
      requestId: headers['x-amzn-requestid'],
    };
  };
  const finish = (at: number, ending: Ending): TurnResult => {
    const metrics = receiver.finish(at, ending);
    return { metrics, ...facts(), failure, finishReason: notes.finishReason(), notes: notes.list(metrics) };
  };

  try {
    await transport.send(request, hand, signal);
  } catch (error) {
    // The listener threw: a bug or a broken pipe of ours, not a failure of the endpoint.
    if (isOurs) throw error;
    const at = performance.now();
    tell(receiver.settle(at), at);
    failure = error as Error;
    return finish(at, endingOf(error, signal));
  }
  if (endedAt === undefined) {
    failure = new Error('the transport ended without an end');
    return finish(performance.now(), 'reset');
  }
  const { status } = receiver.head ?? {};
  if (status !== undefined && !isAccepted()) failure = endpointError(status, receiver.errorBody, transport.auth);
  return finish(endedAt, 'end');
}

function endingOf(error: unknown, signal: AbortSignal): Ending {
  if (signal.aborted) return 'cancelled';
  return error instanceof OperationError && error.code === 'CLIENT_TIMEOUT' ? 'client-timeout' : 'reset';
}

/** Most faults of one stream that are told one by one. */
const MOST_FAULTS = 3;

const CUT_OFF: Partial<Record<FinishReason, string>> = {
  length: 'the answer is cut off: the model reached its limit of tokens (max_tokens)',
  'content-filter': 'the answer is cut off: a content filter stopped it',
  aborted: 'the answer is cut off: the agent was aborted',
};

/** Collects what a person should know of an answer beside its text. */
function createTurnNotes() {
  const faults: string[] = [];
  let moreFaults = 0;
  let finishReason: FinishReason | undefined;
  let isUnfinished = false;
  return {
    take(event: AgentEvent): void {
      if (event.type === 'finish') finishReason = event.reason ?? finishReason;
      if (event.type !== 'malformed') return;
      isUnfinished ||= event.problem === 'unfinished-event';
      if (faults.length < MOST_FAULTS) faults.push(event.detail);
      else moreFaults += 1;
    },
    /** How the answer ended, by the agent's own mark. */
    finishReason: () => finishReason,
    /** A sentence each. */
    list({ outcome, events, textEvents }: StreamMetrics): readonly string[] {
      const endedWell = outcome === 'ok' || outcome === 'no-terminal';
      const cutOff = finishReason && CUT_OFF[finishReason];
      return [
        // A stream that was cut ends anywhere: the failure says so.
        ...(isUnfinished && !endedWell && outcome !== 'error-event' ? [] : faults),
        ...(moreFaults > 0 ? [`and ${moreFaults} more faults of the stream`] : []),
        ...(cutOff ? [cutOff] : []),
        ...(endedWell && textEvents === 0 && events > 0
          ? [`${plural(events, 'event')}, none with text that is known; --raw shows them`]
          : []),
      ];
    },
  };
}
