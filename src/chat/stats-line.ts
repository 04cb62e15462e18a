import type { TurnResult } from '../endpoint/run-turn.ts';
import type { StreamMetrics } from '../stream/metrics-schema.ts';
import { describeSilence } from '../stream/silence.ts';
import { formatBytes, formatMs, formatSpan, plural } from '../ui/format.ts';
import { printable } from '../ui/sanitize.ts';
import { FIXED_SPACE } from '../ui/wrap-text.ts';

/** Facts about a turn that are not in its result. */
export interface TurnFacts {
  /** The endpoint's idle limit, ms; undefined when it is not known. */
  readonly idleLimitMs: number | undefined;
  /** The turn opened the session. */
  readonly isNewSession?: boolean;
}

/**
 * One turn in one line, for `fitText`, which keeps its parts whole: `ttfb 212 ms · longest silence 3.10 s of 300 s after tool-start ·
 * 8.2 s in all`. In full: `ttfb 212 ms · first text 1.34 s · 48 events/s · longest silence 3.10 s of 300 s after tool-start ·
 * 41 events in 8.2 s · 6.2 kB · session a1b2c3d4 warm · cold start 312 ms`.
 */
export function statsLine(
  { metrics, sessionId, serverTiming, finishReason }: Pick<TurnResult, 'metrics'> & Partial<TurnResult>,
  { idleLimitMs, isNewSession }: TurnFacts,
  isFull: boolean,
): string {
  const [longest] = metrics.gaps.top;
  const place = longest ? ` ${printable(describeSilence(longest))}` : '';
  const limit = idleLimitMs === undefined ? '' : ` of ${formatSpan(idleLimitMs)}`;
  const initMs = /\binit;dur=([\d.]+)/.exec(serverTiming ?? '')?.[1];
  const full = (...parts: readonly string[]): readonly string[] => (isFull ? parts : []);
  return [
    ...(metrics.outcome === 'ok' ? [] : [metrics.outcome]),
    ...(finishReason === undefined || finishReason === 'stop' ? [] : [`ended by ${finishReason}`]),
    metrics.ttfbMs === undefined ? 'no body' : `ttfb ${formatMs(metrics.ttfbMs)}`,
    ...(metrics.ttftMs === undefined ? [] : full(`first text ${formatMs(metrics.ttftMs)}`)),
    ...full(...rate(metrics)),
    `longest silence ${formatMs(metrics.maxGapMs)}${limit}${place}`,
    isFull ? `${plural(metrics.events, 'event')} in ${formatMs(metrics.durationMs)}` : `${formatMs(metrics.durationMs)} in all`,
    ...(metrics.heartbeats === 0 ? [] : full(plural(metrics.heartbeats, 'heartbeat'))),
    ...full(formatBytes(metrics.bytes)),
    ...(sessionId === undefined ? [] : full(`session ${sessionId.slice(0, 8)} ${isNewSession ? 'new' : 'warm'}`)),
    ...(initMs === undefined ? [] : full(`cold start ${formatMs(Number(initMs))}`)),
  ]
    .map((part) => part.replaceAll(' ', FIXED_SPACE))
    .join(' · ');
}

/** Events per second between first and last byte; left out below ten events. */
function rate({ events, lastByteMs = 0, ttfbMs = 0 }: StreamMetrics): string[] {
  const streamingMs = lastByteMs - ttfbMs;
  return events < 10 || streamingMs <= 0 ? [] : [`${Math.round((events / streamingMs) * 1_000)} events/s`];
}
