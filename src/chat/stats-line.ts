import type { FinishReason } from '../agent-events/agent-event.ts';
import type { StreamMetrics } from '../stream/metrics-schema.ts';
import { describeSilence } from '../stream/silence.ts';
import { formatBytes, formatMs, formatSpan, plural } from '../ui/format.ts';
import { printable } from '../ui/sanitize.ts';

/** Facts about a turn that are not in its metrics. */
export interface TurnFacts {
  /** The endpoint's idle limit, ms; undefined when it is not known. */
  readonly idleLimitMs: number | undefined;
  readonly sessionId?: string | undefined;
  /** The turn opened the session. */
  readonly isNewSession?: boolean;
  /** `Server-Timing` of the answer. */
  readonly serverTiming?: string | undefined;
  /** How the agent says that the answer ended. */
  readonly finishReason?: FinishReason | undefined;
}

/**
 * One turn in one line: `ttfb 212 ms · first text 1.34 s · 48 events/s · longest silence 3.10 s of 300 s after tool-start · 41 events in 8.2 s ·
 * 6.2 kB · session a1b2c3d4 warm · cold start 312 ms`.
 */
export function statsLine(metrics: StreamMetrics, facts: TurnFacts): string {
  const [longest] = metrics.gaps.top;
  const place = longest ? ` ${printable(describeSilence(longest))}` : '';
  const limit = facts.idleLimitMs === undefined ? '' : ` of ${formatSpan(facts.idleLimitMs)}`;
  const initMs = /\binit;dur=([\d.]+)/.exec(facts.serverTiming ?? '')?.[1];
  return [
    ...(metrics.outcome === 'ok' ? [] : [metrics.outcome]),
    ...(facts.finishReason === undefined || facts.finishReason === 'stop' ? [] : [`ended by ${facts.finishReason}`]),
    metrics.ttfbMs === undefined ? 'no body' : `ttfb ${formatMs(metrics.ttfbMs)}`,
    ...(metrics.ttftMs === undefined ? [] : [`first text ${formatMs(metrics.ttftMs)}`]),
    ...rate(metrics),
    `longest silence ${formatMs(metrics.maxGapMs)}${limit}${place}`,
    `${plural(metrics.events, 'event')} in ${formatMs(metrics.durationMs)}`,
    ...(metrics.heartbeats === 0 ? [] : [plural(metrics.heartbeats, 'heartbeat')]),
    formatBytes(metrics.bytes),
    ...(facts.sessionId === undefined ? [] : [`session ${facts.sessionId.slice(0, 8)} ${facts.isNewSession ? 'new' : 'warm'}`]),
    ...(initMs === undefined ? [] : [`cold start ${formatMs(Number(initMs))}`]),
  ].join(' · ');
}

/** Events per second between first and last byte; left out below ten events. */
function rate({ events, lastByteMs = 0, ttfbMs = 0 }: StreamMetrics): string[] {
  const streamingMs = lastByteMs - ttfbMs;
  return events < 10 || streamingMs <= 0 ? [] : [`${Math.round((events / streamingMs) * 1_000)} events/s`];
}
