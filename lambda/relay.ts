import { ERROR_EVENT, KEEP_ALIVE, SESSION_HEADER } from '../src/protocol.ts';
import type { AgentRuntime } from './agent-runtime.ts';
import { createBoundaryTracker } from './event-boundary.ts';
import type { AgentRequest } from './request.ts';
import { type ClientResponse, EVENT_STREAM } from './response.ts';
import { WireError } from './wire-error.ts';

/** Time kept before Lambda's own timeout to send a closing event: 5 s, less when the whole timeout is short. */
const DEADLINE_MARGIN_MS = 5_000;
const DEADLINE_MARGIN_SHARE = 0.1;

export interface RelayOptions {
  readonly heartbeatMs: number;
  /** What Lambda has left for this invocation. */
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
  const boundary = createBoundaryTracker();
  const mayCommitEarly = request.accept.includes(EVENT_STREAM);
  let streaming = false;
  let committedEarly = false;

  const begin = (contentType: string, agentMs?: number): void => {
    streaming = contentType.startsWith(EVENT_STREAM);
    response.begin(200, {
      'Content-Type': contentType,
      [SESSION_HEADER]: request.sessionId,
      ...serverTiming(options.initMs, agentMs),
    });
  };

  const onSilence = (): void => {
    if (!response.begun && mayCommitEarly) {
      committedEarly = true;
      begin(EVENT_STREAM);
    }
    if (streaming && boundary.atBoundary() && !response.congested)
      void response.write(KEEP_ALIVE).catch(() => undefined);
    heartbeat.refresh();
  };
  const heartbeat = setTimeout(onSilence, options.heartbeatMs || 2 ** 31 - 1);
  const margin = Math.min(DEADLINE_MARGIN_MS, options.remainingMs * DEADLINE_MARGIN_SHARE);
  const deadline = setTimeout(
    () =>
      upstreamAbort.abort(
        new WireError('DEADLINE_EXCEEDED', 'the turn reached the time limit of the endpoint'),
      ),
    Math.max(0, options.remainingMs - margin),
  );

  try {
    const upstream = await runtime.invoke(request, upstreamAbort.signal);
    const contentType = upstream.headers['content-type'] ?? 'application/octet-stream';
    if (!response.begun) begin(contentType, performance.now() - startedAt);
    const wrap = committedEarly && !contentType.startsWith(EVENT_STREAM);
    const whole: Buffer[] = [];
    for await (const chunk of upstream as AsyncIterable<Buffer>) {
      heartbeat.refresh();
      if (wrap) {
        whole.push(chunk);
      } else {
        boundary.push(chunk);
        await response.write(chunk);
      }
    }
    if (wrap) await response.write(asEvent(Buffer.concat(whole).toString('utf8')));
    response.end();
  } catch (error) {
    const cause = explain(error, upstreamAbort.signal, response.begun);
    upstreamAbort.abort();
    if (!response.begun) {
      await response.sendError(cause, { [SESSION_HEADER]: request.sessionId });
    } else if (streaming) {
      // An event that was cut short must not swallow the one that says so.
      if (!boundary.atBoundary()) await response.write('\n\n');
      await response.write(asEvent(JSON.stringify(response.errorBody(cause)), ERROR_EVENT));
      response.end();
    } else {
      // No room for a word inside somebody else's format: Lambda's error trailers are all that is left.
      throw cause;
    }
  } finally {
    clearTimeout(heartbeat);
    clearTimeout(deadline);
  }
}

function explain(error: unknown, signal: AbortSignal, begun: boolean): unknown {
  if (signal.aborted && signal.reason instanceof WireError) return signal.reason;
  if (error instanceof WireError || !begun) return error;
  return new WireError('STREAM_INTERRUPTED', 'the agent broke off before the end of its answer');
}

function serverTiming(
  initMs: number | undefined,
  agentMs: number | undefined,
): Record<string, string> {
  const entries = [
    ...(initMs === undefined ? [] : [`init;dur=${initMs.toFixed(1)}`]),
    ...(agentMs === undefined ? [] : [`agentcore;dur=${agentMs.toFixed(1)}`]),
  ];
  return entries.length === 0 ? {} : { 'Server-Timing': entries.join(', ') };
}

function asEvent(data: string, event?: string): string {
  const lines = data.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`);
  return `${event ? `event: ${event}\n` : ''}${lines.join('')}\n`;
}
