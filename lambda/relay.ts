import type { Readable } from 'node:stream';
import type { AgentRuntime } from './agent-runtime.ts';
import { createWrapper, EventStream, type EventWrapper, headStart } from './event-stream.ts';
import { createHeartbeat } from './heartbeat.ts';
import type { AgentRequest } from './request.ts';
import { type ClientResponse, EVENT_STREAM, WireError } from './response.ts';
import { ERROR_EVENT, type FlushMode, KEEP_ALIVE, SESSION_HEADER } from '../src/protocol.ts';

/** Time kept before Lambda's own timeout to send a closing event: 5 s, less when the whole timeout is short. */
const DEADLINE_MARGIN_MS = 5_000;
const DEADLINE_MARGIN_SHARE = 0.1;

/** In UTF-8. */
const BYTE_ORDER_MARK_BYTES = 3;

export interface RelayOptions {
  /** The client's own id; AgentCore's may be bound to the caller. */
  readonly sessionId: string;
  readonly heartbeatMs: number;
  readonly flush: FlushMode;
  /** Time left for this invocation before Lambda's timeout, ms. */
  readonly remainingMs: number;
  /** Duration of the environment's start, when this invocation paid for it. */
  readonly initMs: number | undefined;
}

/**
 * One turn: calls the agent and passes its bytes on, untouched, as they come. While the agent is silent a comment goes out at
 * event boundaries (only on SSE). The first such tick commits status 200; from then on failures are told in-band.
 */
export async function relayTurn(
  request: AgentRequest,
  runtime: AgentRuntime,
  response: ClientResponse,
  options: RelayOptions,
): Promise<void> {
  const startedAt = performance.now();
  const upstreamAbort = new AbortController();
  response.onFailure = (error) => upstreamAbort.abort(error);
  response.sessionId = options.sessionId;
  const mayCommitEarly = request.accept.toLowerCase().includes(EVENT_STREAM);
  /** The body, once it has begun as an event stream. */
  let events: EventStream | undefined;
  let headLeft: Promise<void> | undefined;

  const begin = (contentType: string, agentMs?: number): void => {
    response.begin(200, {
      'Content-Type': contentType,
      [SESSION_HEADER]: options.sessionId,
      ...serverTiming(options.initMs, agentMs),
    });
    headLeft = headStart(options.flush);
    if (isEventStream(contentType)) events = new EventStream(response, options.flush);
  };

  const onSilence = (): void => {
    const isFirst = !response.begun && mayCommitEarly;
    if (isFirst) begin(EVENT_STREAM);
    const keepAlive = (): void => events?.fill(KEEP_ALIVE);
    if (isFirst && headLeft) void headLeft.then(keepAlive);
    else keepAlive();
  };
  const heartbeat = createHeartbeat(options.heartbeatMs, onSilence);
  const margin = Math.min(DEADLINE_MARGIN_MS, options.remainingMs * DEADLINE_MARGIN_SHARE);
  const deadline = setTimeout(
    () => upstreamAbort.abort(new WireError('DEADLINE_EXCEEDED', 'the turn reached the time limit of the endpoint')),
    Math.max(0, options.remainingMs - margin),
  );

  try {
    const upstream = await runtime.invoke(request, upstreamAbort.signal);
    const contentType = upstream.headers['content-type'] ?? 'application/octet-stream';
    // Within an event stream that has begun already, an answer of another kind is made one.
    let isWrapped = events !== undefined && !isEventStream(contentType);
    let wrapper: EventWrapper | undefined;
    const write = (bytes: Uint8Array | undefined): boolean => {
      if (bytes === undefined) return true;
      return events ? events.write(bytes) : response.send(bytes);
    };
    let isFirst = true;
    const passedOn = pump(
      upstream,
      (bytes) => {
        heartbeat.refresh();
        // A byte order mark behind a comment would be text of the first event.
        const chunk = isFirst && events && bytes.indexOf('\uFEFF') === 0 ? bytes.subarray(BYTE_ORDER_MARK_BYTES) : bytes;
        isFirst = false;
        if (isWrapped) {
          wrapper ??= createWrapper(contentType, chunk);
          isWrapped = wrapper !== undefined;
        }
        return write(wrapper ? wrapper.push(chunk) : chunk);
      },
      () => response.drained(),
    );
    if (!response.begun) begin(contentType, performance.now() - startedAt);
    if (headLeft) {
      upstream.pause();
      void headLeft.then(() => upstream.resume());
    }
    await passedOn;
    write(wrapper?.end());
    response.end();
  } catch (error) {
    const cause = explain(error, upstreamAbort.signal, response.begun);
    upstreamAbort.abort();
    // Nobody is there to be told.
    if (response.failed) throw cause;
    if (!response.begun) {
      response.sendError(cause, { [SESSION_HEADER]: options.sessionId });
    } else if (events) {
      events.end(`event: ${ERROR_EVENT}\ndata: ${JSON.stringify(response.errorBody(cause))}\n\n`);
    } else {
      // No room for a word inside somebody else's format: Lambda's error trailers, and the log, are all that is left.
      response.errorBody(cause);
      throw cause;
    }
  } finally {
    clearTimeout(heartbeat);
    clearTimeout(deadline);
    events?.close();
  }
}

function isEventStream(contentType: string): boolean {
  return contentType.toLowerCase().startsWith(EVENT_STREAM);
}

function explain(error: unknown, signal: AbortSignal, begun: boolean): unknown {
  if (signal.aborted) return signal.reason;
  if (error instanceof WireError || !begun) return error;
  return new WireError('STREAM_INTERRUPTED', 'the agent broke off before the end of its answer');
}

function serverTiming(initMs: number | undefined, agentMs: number | undefined): Record<string, string> {
  const entries = [
    ...(initMs === undefined ? [] : [`init;dur=${initMs.toFixed(1)}`]),
    ...(agentMs === undefined ? [] : [`agentcore;dur=${agentMs.toFixed(1)}`]),
  ];
  return entries.length === 0 ? {} : { 'Server-Timing': entries.join(', ') };
}

/**
 * Reads a stream to its end and hands each chunk over as it comes. While `write` says that it has enough, nothing is read: a slow
 * client slows the agent, and memory stays flat. By events, not `for await`: half the CPU a chunk.
 * @param drained resolves when more may be written
 * @returns when the stream has ended properly
 * @throws the error of the stream, or of `write` or `drained`; the stream is destroyed then
 */
async function pump(source: Readable, write: (chunk: Buffer) => boolean, drained: () => Promise<void>): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      source.on('data', (chunk: Buffer) => {
        try {
          if (write(chunk)) return;
          source.pause();
          drained().then(() => source.resume(), reject);
        } catch (error) {
          reject(error);
        }
      });
      source.on('end', resolve);
      source.on('error', reject);
      source.on('close', () => reject(new Error('the stream was closed before its end')));
    });
  } catch (error) {
    source.destroy();
    throw error;
  }
}
