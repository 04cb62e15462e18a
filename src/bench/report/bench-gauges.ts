import type { Headroom, LimitLevel } from '../figures/summary.ts';
import { silencePlace } from './bench-outcomes.ts';
import { formatBytes, formatMs, formatShare, formatSpan, plural } from '../../ui/format.ts';

/** How much of one limit was used. */
export interface Gauge {
  readonly what: 'silence' | 'stream' | 'answer';
  /** `longest silence`, `longest stream`, `largest answer`. */
  readonly label: string;
  /** Share of the limit, 0 and more; undefined without a limit. */
  readonly share: number | undefined;
  /** `41.20 s of 300 s (13.7 %)`. */
  readonly amount: string;
  readonly level: LimitLevel;
  /** The level in words; undefined when all is well. */
  readonly warning: string | undefined;
  /** More about it, sentences. */
  readonly notes: readonly string[];
}

const WARNINGS: Readonly<Record<LimitLevel, string | undefined>> = {
  ok: undefined,
  half: 'more than half of the limit is used',
  near: 'more than 80 % of the limit is used',
  reached: 'the limit was reached',
};

/**
 * From this size on Lambda sends 2 MB/s (Lambda, "Configuring response streaming"), and from the second on API Gateway does (API
 * Gateway, "Stream the integration response").
 */
export const LAMBDA_THROTTLE_BYTES = 6_000_000;
export const API_THROTTLE_BYTES = 10_000_000;

/** The three limits of a hop: silence, length of a stream, size of an answer. */
export function gaugesOf(headroom: Headroom): readonly Gauge[] {
  return [silenceGauge(headroom), streamGauge(headroom), answerGauge(headroom)];
}

function silenceGauge(headroom: Headroom): Gauge {
  const { longest, idleLimitMs, idleLevel, heartbeats, longestContentGapMs, idleCuts } = headroom;
  const ms = longest?.ms;
  const notes: string[] = [];
  if (longest) notes.push(`At ${silencePlace(longest)}.`);
  if (heartbeats > 0) {
    const without = longestContentGapMs > (ms ?? 0) ? longestContentGapMs : undefined;
    notes.push(
      `${plural(heartbeats, 'heartbeat')} came${without === undefined ? '.' : `; without its heartbeats the longest silence would have been ${formatMs(without)}.`}`,
    );
  }
  if (idleCuts > 0) notes.push(`${plural(idleCuts, 'stream')} cut by the idle limit.`);
  return {
    what: 'silence',
    label: 'longest silence',
    ...timeOf(ms, idleLimitMs, 'no idle limit is known here'),
    level: idleLevel,
    warning: idleCuts > 0 ? WARNINGS.reached : WARNINGS[idleLevel],
    notes,
  };
}

function streamGauge(headroom: Headroom): Gauge {
  const { longestStreamMs, durationP99Ms, streamLimitMs, streamLevel, capCuts } = headroom;
  const notes = [
    ...(durationP99Ms === undefined
      ? []
      : [`99 of 100 streams ended within ${formatMs(durationP99Ms)}.`]),
    ...(capCuts > 0 ? [`${plural(capCuts, 'stream')} cut at the limit of length.`] : []),
  ];
  return {
    what: 'stream',
    label: 'longest stream',
    ...timeOf(longestStreamMs, streamLimitMs, 'no limit of length is known here'),
    level: streamLevel,
    warning: capCuts > 0 ? WARNINGS.reached : WARNINGS[streamLevel],
    notes,
  };
}

function answerGauge({ hop, bandwidth }: Headroom): Gauge {
  const { largestBytes, level, throttled, fromBytes, bytesPerSecond } = bandwidth;
  const limit =
    hop === 'agentcore'
      ? undefined
      : largestBytes < LAMBDA_THROTTLE_BYTES || hop === 'lambda'
        ? LAMBDA_THROTTLE_BYTES
        : API_THROTTLE_BYTES;
  const bend =
    fromBytes === undefined || bytesPerSecond === undefined
      ? ''
      : `, the first from ${formatBytes(fromBytes)} on to ${formatBytes(Math.round(bytesPerSecond))}/s`;
  return {
    what: 'answer',
    label: 'largest answer',
    share: limit === undefined ? undefined : largestBytes / limit,
    amount:
      limit === undefined
        ? formatBytes(largestBytes)
        : `${formatBytes(largestBytes)}; from ${limit / 1_000_000} MB on 2 MB/s`,
    level,
    warning: throttled > 0 ? `${plural(throttled, 'stream')} slowed down${bend}` : WARNINGS[level],
    notes: [],
  };
}

function timeOf(
  ms: number | undefined,
  limitMs: number | undefined,
  noLimit: string,
): Pick<Gauge, 'share' | 'amount'> {
  if (ms === undefined) return { share: undefined, amount: 'none' };
  if (limitMs === undefined) return { share: undefined, amount: `${formatMs(ms)}; ${noLimit}` };
  const share = ms / limitMs;
  return { share, amount: `${formatMs(ms)} of ${formatSpan(limitMs)} (${formatShare(share)})` };
}
