import type { StreamMetrics } from '../stream/measure.ts';
import { formatBytes, formatMs, plural } from './format.ts';

/**
 * One turn in one line: `ttfb 212 ms · first text 1.34 s · longest silence 3.10 s of 300 s · 41 events in 8.2 s · 6.2 kB`.
 * @param idleLimitMs the endpoint's idle limit, ms; undefined when it is not known
 */
export function statsLine(metrics: StreamMetrics, idleLimitMs: number | undefined): string {
  const silence = Math.max(metrics.maxGapMs, metrics.ttfbMs ?? 0);
  const limit = idleLimitMs === undefined ? '' : ` of ${Math.round(idleLimitMs / 1_000)} s`;
  return [
    ...(metrics.outcome === 'ok' ? [] : [metrics.outcome]),
    metrics.ttfbMs === undefined ? 'no body' : `ttfb ${formatMs(metrics.ttfbMs)}`,
    ...(metrics.ttftMs === undefined ? [] : [`first text ${formatMs(metrics.ttftMs)}`]),
    `longest silence ${formatMs(silence)}${limit}`,
    `${plural(metrics.events, 'event')} in ${formatMs(metrics.durationMs)}`,
    ...(metrics.heartbeats === 0 ? [] : [plural(metrics.heartbeats, 'heartbeat')]),
    formatBytes(metrics.bytes),
  ].join(' · ');
}
