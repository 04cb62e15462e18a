import { API_THROTTLE_BYTES, LAMBDA_THROTTLE_BYTES, THROTTLED_BYTES_PER_SECOND } from '../../aws/limits.ts';
import { WARNED_SHARES } from '../figures/headroom.ts';
import type { Gauge, HopGauges } from './document.ts';
import { HOP_NAMES } from './names.ts';
import { silencePlace } from './outcomes.ts';
import { formatBytes, formatMs, formatShare, formatSpan, plural } from '../../ui/format.ts';
import type { Headroom, LimitLevel } from '../figures/report.ts';

const WARNINGS: Readonly<Record<LimitLevel, string | undefined>> = {
  ok: undefined,
  half: 'more than half of the limit is used',
  near: `more than ${formatShare(WARNED_SHARES.near)} of the limit is used`,
  reached: 'the limit was reached',
};

/** The three limits of a hop: silence, length of a stream, size of an answer. */
export function gaugesOf(headroom: Headroom): HopGauges {
  const { hop } = headroom;
  return {
    hop,
    title: `${hop} (${HOP_NAMES[hop]})`,
    gauges: [silenceGauge(headroom), streamGauge(headroom), answerGauge(headroom)],
  };
}

/** The longest silence of a hop against its idle limit, and where it was. */
export function silenceGauge(headroom: Headroom): Gauge {
  const { longest, idleLimitMs, idleLevel, heartbeats, longestContentGapMs, idleCuts } = headroom;
  const without =
    longestContentGapMs > (longest?.ms ?? 0)
      ? `; without them the longest silence would have been ${formatMs(longestContentGapMs)}.`
      : '.';
  return {
    label: 'longest silence',
    ...timeOf(longest?.ms, idleLimitMs, 'no known idle limit'),
    level: idleLevel,
    warning: WARNINGS[idleLevel],
    notes: [
      ...(longest ? [`At ${silencePlace(longest)}.`] : []),
      ...(heartbeats > 0 ? [`${plural(heartbeats, 'heartbeat')} arrived${without}`] : []),
      ...(idleCuts > 0 ? [`${plural(idleCuts, 'stream')} cut by the idle limit.`] : []),
    ],
  };
}

function streamGauge({ longestStreamMs, durationP99Ms, streamLimitMs, streamLevel, capCuts }: Headroom): Gauge {
  return {
    label: 'longest stream',
    ...timeOf(longestStreamMs, streamLimitMs, 'no known length limit'),
    level: streamLevel,
    warning: WARNINGS[streamLevel],
    notes: [
      ...(durationP99Ms === undefined ? [] : [`99 of 100 streams ended within ${formatMs(durationP99Ms)}.`]),
      ...(capCuts > 0 ? [`${plural(capCuts, 'stream')} cut by the length limit.`] : []),
    ],
  };
}

function answerGauge({ hop, bandwidth }: Headroom): Gauge {
  const { largestBytes, level, throttled, fromBytes, bytesPerSecond } = bandwidth;
  const isOfLambda = hop === 'lambda' || largestBytes < LAMBDA_THROTTLE_BYTES;
  const limit = hop === 'agentcore' ? undefined : isOfLambda ? LAMBDA_THROTTLE_BYTES : API_THROTTLE_BYTES;
  const bend =
    fromBytes === undefined || bytesPerSecond === undefined
      ? ''
      : `, the first from ${formatBytes(fromBytes)} on to ${formatBytes(Math.round(bytesPerSecond))}/s`;
  const slower = limit === undefined ? '' : `; from ${limit / 1_000_000} MB on ${THROTTLED_BYTES_PER_SECOND / 1_000_000} MB/s`;
  return {
    label: 'largest answer',
    share: limit === undefined ? undefined : largestBytes / limit,
    amount: `${formatBytes(largestBytes)}${slower}`,
    level,
    warning: throttled > 0 ? `${plural(throttled, 'stream')} slowed down${bend}` : WARNINGS[level],
    notes: [],
  };
}

function timeOf(ms: number | undefined, limitMs: number | undefined, noLimit: string): Pick<Gauge, 'share' | 'amount'> {
  if (ms === undefined) return { share: undefined, amount: 'none' };
  if (limitMs === undefined) return { share: undefined, amount: `${formatMs(ms)}; ${noLimit}` };
  const share = ms / limitMs;
  const percent = share > 0 && share < 0.001 ? 'under 0.1 %' : formatShare(share);
  return { share, amount: `${formatMs(ms)} of ${formatSpan(limitMs)} (${percent})` };
}
