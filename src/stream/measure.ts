import type { AgentEvent } from './agent-event.ts';

/** How a stream ended. Only `ok` is good: its body ended properly and no error event was in it. */
export type Outcome = 'ok' | 'http-error' | 'error-event' | 'reset' | 'cancelled';

/** Times are milliseconds since `sent`. Definitions: docs of the README's metrics table. */
export interface StreamMetrics {
  readonly outcome: Outcome;
  /** Response headers. */
  readonly headersMs?: number;
  /** First body byte. */
  readonly ttfbMs?: number;
  /** First event that is no comment. */
  readonly ttfeMs?: number;
  /** First event with text in it. */
  readonly ttftMs?: number;
  readonly durationMs: number;
  /** Longest time between two reads, what an idle timer sees. The wait for the first byte is `ttfbMs`, not a gap. */
  readonly maxGapMs: number;
  /** When that gap began. */
  readonly maxGapAtMs: number;
  readonly reads: number;
  readonly bytes: number;
  /** Events that are no comments. */
  readonly events: number;
  readonly heartbeats: number;
}

export interface StreamMeter {
  headers(at: number): void;
  read(at: number, bytes: number): void;
  /** Events, stamped with the read that completed them. */
  events(at: number, events: readonly AgentEvent[]): void;
  /** Closes the measurement at a time and says what came of it. */
  finish(at: number, ending: 'ended' | 'http-error' | 'reset' | 'cancelled'): StreamMetrics;
}

/** Measures one stream. It has no clock: every time is a stamp of the caller's, on one monotonic clock. */
export function createStreamMeter(sentAt: number): StreamMeter {
  let headersMs: number | undefined;
  let ttfbMs: number | undefined;
  let ttfeMs: number | undefined;
  let ttftMs: number | undefined;
  let lastReadAt: number | undefined;
  let failed = false;
  const counts = { reads: 0, bytes: 0, events: 0, heartbeats: 0, maxGapMs: 0, maxGapAtMs: 0 };

  return {
    headers(at) {
      headersMs ??= at - sentAt;
    },
    read(at, bytes) {
      if (lastReadAt !== undefined && at - lastReadAt > counts.maxGapMs) {
        counts.maxGapMs = at - lastReadAt;
        counts.maxGapAtMs = lastReadAt - sentAt;
      }
      lastReadAt = at;
      ttfbMs ??= at - sentAt;
      counts.reads += 1;
      counts.bytes += bytes;
    },
    events(at, events) {
      const sinceSent = at - sentAt;
      for (const event of events) {
        if (event.type === 'heartbeat') {
          counts.heartbeats += 1;
          continue;
        }
        counts.events += 1;
        ttfeMs ??= sinceSent;
        if (event.type === 'text-delta' && event.text !== '') ttftMs ??= sinceSent;
        if (event.type === 'error') failed = true;
      }
    },
    finish(at, ending) {
      return {
        outcome: ending === 'ended' ? (failed ? 'error-event' : 'ok') : ending,
        ...(headersMs !== undefined && { headersMs }),
        ...(ttfbMs !== undefined && { ttfbMs }),
        ...(ttfeMs !== undefined && { ttfeMs }),
        ...(ttftMs !== undefined && { ttftMs }),
        // To the last byte; a stream without one lasted until it was over.
        durationMs: (ending === 'ended' ? (lastReadAt ?? at) : at) - sentAt,
        ...counts,
      };
    },
  };
}
