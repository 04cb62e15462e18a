import type { StreamMetrics } from '../stream/measure.ts';
import { formatBytes, formatMs, plural } from '../ui/format.ts';

/** What is known of a turn beside its metrics. */
export interface TurnFacts {
  /** The endpoint's idle limit, ms; undefined when it is not known. */
  readonly idleLimitMs: number | undefined;
  readonly sessionId?: string | undefined;
  /** The turn opened the session. */
  readonly isNewSession?: boolean;
  /** `Server-Timing` of the answer. */
  readonly serverTiming?: string | undefined;
}

/**
 * One turn in one line: `ttfb 212 ms · first text 1.34 s · 48 events/s · longest silence 3.10 s of 300 s · 41 events in 8.2 s ·
 * 6.2 kB · session a1b2c3d4 warm · cold start 312 ms`.
 */
export function statsLine(metrics: StreamMetrics, facts: TurnFacts): string {
  // What a limit has cut was silent for as long as that limit: no read has ended this silence, so it is no gap.
  const cutMs = metrics.outcome === 'idle-cut' ? (facts.idleLimitMs ?? 0) : 0;
  const silence = Math.max(metrics.maxGapMs, metrics.ttfbMs ?? 0, cutMs);
  const limit =
    facts.idleLimitMs === undefined ? '' : ` of ${Math.round(facts.idleLimitMs / 1_000)} s`;
  const initMs = /\binit;dur=([\d.]+)/.exec(facts.serverTiming ?? '')?.[1];
  return [
    ...(metrics.outcome === 'ok' ? [] : [metrics.outcome]),
    metrics.ttfbMs === undefined ? 'no body' : `ttfb ${formatMs(metrics.ttfbMs)}`,
    ...(metrics.ttftMs === undefined ? [] : [`first text ${formatMs(metrics.ttftMs)}`]),
    ...rate(metrics),
    `longest silence ${formatMs(silence)}${limit}`,
    `${plural(metrics.events, 'event')} in ${formatMs(metrics.durationMs)}`,
    ...(metrics.heartbeats === 0 ? [] : [plural(metrics.heartbeats, 'heartbeat')]),
    formatBytes(metrics.bytes),
    ...(facts.sessionId === undefined
      ? []
      : [`session ${facts.sessionId.slice(0, 8)} ${facts.isNewSession ? 'new' : 'warm'}`]),
    ...(initMs === undefined ? [] : [`cold start ${formatMs(Number(initMs))}`]),
  ].join(' · ');
}

/** Events a second between the first and the last byte; not said of less than ten. */
function rate({ events, durationMs, ttfbMs }: StreamMetrics): string[] {
  const streamingMs = durationMs - (ttfbMs ?? durationMs);
  return events < 10 || streamingMs <= 0
    ? []
    : [`${Math.round((events / streamingMs) * 1_000)} events/s`];
}
