import type { HopFacts } from './report-schema.ts';
import { isStream } from './turn-groups.ts';
import type { TurnRecord } from '../run/turn-record.ts';
import { API_THROTTLE_BYTES, LAMBDA_THROTTLE_BYTES, THROTTLED_BYTES_PER_SECOND } from '../../aws/limits.ts';
import { distributionOf, mostOf, sumOf } from '../../stream/distribution.ts';
import type { StreamMetrics } from '../../stream/metrics-schema.ts';
import type { Hop } from '../../stream/stream-part.ts';

/**
 * How near the streams of one hop came to its limits. A limit is absent where there is none, or none is known; `longest` without a stream,
 * `durationP99Ms` with too few. @param turns of this hop, in the order in which they were sent
 */
export function headroomOf(hop: Hop, turns: readonly TurnRecord[], { idleLimitMs, streamLimitMs }: Omit<HopFacts, 'hop'>) {
  const streams = turns.filter(isStream).map(({ metrics }) => metrics);
  const [longest] = longestSilences(turns, 1);
  const { max: longestStreamMs = 0, p99 } = distributionOf(streams.map(({ durationMs }) => durationMs));
  const cut = (outcome: 'idle-cut' | 'cap-cut'): number => turns.filter((turn) => turn.outcome === outcome).length;
  const [idleCuts, capCuts] = [cut('idle-cut'), cut('cap-cut')];
  return {
    hop,
    ...(idleLimitMs !== undefined && { idleLimitMs }),
    ...(longest && { longest }),
    idleLevel: limitLevel(longest?.ms ?? 0, idleLimitMs, idleCuts > 0),
    heartbeats: sumOf(streams, ({ heartbeats }) => heartbeats),
    /** Longest time without text, reasoning or a tool: what the longest silence would be without heartbeats, ms. */
    longestContentGapMs: mostOf(streams, ({ maxContentGapMs }) => maxContentGapMs),
    idleCuts,
    ...(streamLimitMs !== undefined && { streamLimitMs }),
    longestStreamMs,
    ...(p99 !== undefined && { durationP99Ms: p99 }),
    streamLevel: limitLevel(longestStreamMs, streamLimitMs, capCuts > 0),
    capCuts,
    // Both throttles stand in front of AgentCore.
    bandwidth: bandwidthOf(streams, hop !== 'agentcore'),
  };
}

/** Shares of a limit from which people are warned: `half` and `near`. */
export const WARNED_SHARES = { half: 0.5, near: 0.8 } as const;

/** How near a value came to a limit, if one is known. @param wasCut a stream was ended by this limit */
function limitLevel(value: number, limit: number | undefined, wasCut = false): 'ok' | 'half' | 'near' | 'reached' {
  if (wasCut) return 'reached';
  if (limit === undefined || value < WARNED_SHARES.half * limit) return 'ok';
  if (value < WARNED_SHARES.near * limit) return 'half';
  return value < limit ? 'near' : 'reached';
}

/** The longest silences of these turns, the longest first; of equal ones that of the earlier turn. */
export function longestSilences(turns: readonly TurnRecord[], count: number) {
  return turns
    .filter(isStream)
    .flatMap(({ hop, index, sentMs, metrics }) =>
      metrics.gaps.top.map((gap) => ({ sentMs, silence: { hop, turn: index, ...gap } })),
    )
    .sort(
      (a, b) =>
        b.silence.ms - a.silence.ms || a.sentMs - b.sentMs || a.silence.turn - b.silence.turn || a.silence.atMs - b.silence.atMs,
    )
    .slice(0, count)
    .map(({ silence }) => silence);
}

const MEGABYTE = 1_000_000;
const THROTTLE_STARTS_MB = [LAMBDA_THROTTLE_BYTES / MEGABYTE, API_THROTTLE_BYTES / MEGABYTE];
/** The throttled throughput, in megabytes of 10^6 and of 2^20 bytes. */
const THROTTLED = { from: THROTTLED_BYTES_PER_SECOND, to: (THROTTLED_BYTES_PER_SECOND / MEGABYTE) * 2 ** 20 };
const TOLERANCE = 0.15;
/** How much faster a stream was before its throttle. */
const SPEED_BEFORE = 1.5;

/**
 * Streams whose byte curve bends at one of the two throttles: 2 MB/s after the first 10 MB (API Gateway) or 6 MB (Lambda). `fromBytes`,
 * `bytesPerSecond`: of the first such stream. @param streams in the order of sending @param hasThrottle whether the hop has one
 */
export function bandwidthOf(streams: readonly StreamMetrics[], hasThrottle: boolean) {
  const largestBytes = mostOf(streams, ({ bytes }) => bytes);
  const bends = hasThrottle ? streams.flatMap((stream) => findBend(stream) ?? []) : [];
  const level = limitLevel(largestBytes, hasThrottle ? LAMBDA_THROTTLE_BYTES : undefined);
  return { largestBytes, level, throttled: bends.length, ...bends[0] };
}

/** Where a stream that was fast became one of 2 MB/s; undefined when it did not, or went on for too short a time to tell. */
function findBend({ megabyteMs }: StreamMetrics): { fromBytes: number; bytesPerSecond: number } | undefined {
  /** Between the ends of two megabytes. */
  const rate = (from: number, to: number): number =>
    ((to - from) * MEGABYTE * 1_000) / ((megabyteMs[to - 1] ?? 0) - (megabyteMs[from - 1] ?? 0));
  const last = megabyteMs.length;
  for (const startMb of THROTTLE_STARTS_MB) {
    // The first whole megabyte past the start, also when AWS counts megabytes of 2^20 bytes.
    const start = startMb + 1;
    if (last < start + 1) return undefined;
    const bytesPerSecond = rate(start, last);
    // Checked right behind the start as well: the average of a long stream is close to that of its slow part, wherever that began.
    const isThrottled = isThrottle(bytesPerSecond) && isThrottle(rate(start, Math.min(start + 2, last)));
    if (isThrottled && rate(startMb - 2, startMb) >= SPEED_BEFORE * bytesPerSecond)
      return { fromBytes: startMb * MEGABYTE, bytesPerSecond };
  }
  return undefined;
}

function isThrottle(bytesPerSecond: number): boolean {
  const { from, to } = THROTTLED;
  return bytesPerSecond >= from * (1 - TOLERANCE) && bytesPerSecond <= to * (1 + TOLERANCE);
}
