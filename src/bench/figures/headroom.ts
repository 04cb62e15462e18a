import { bandwidthOf } from './bandwidth.ts';
import { limitLevel } from './limit-level.ts';
import type { HopFacts } from './report-schema.ts';
import { longestSilences } from './silences.ts';
import type { Headroom } from './summary.ts';
import { isStream } from '../run/turn-outcome.ts';
import type { TurnRecord } from '../run/turn-record.ts';
import { distributionOf } from '../../stream/distribution.ts';
import type { Hop } from '../../stream/stream-part.ts';

/** How near the streams of one hop came to its limits. @param turns of this hop, in the order in which they were sent */
export function headroomOf(
  hop: Hop,
  turns: readonly TurnRecord[],
  { idleLimitMs, streamLimitMs }: Omit<HopFacts, 'hop'>,
): Headroom {
  const streams = turns.filter(isStream).map(({ metrics }) => metrics);
  const [longest] = longestSilences(turns, 1);
  const { max: longestStreamMs = 0, p99 } = distributionOf(
    streams.map(({ durationMs }) => durationMs),
  );
  const cut = (outcome: 'idle-cut' | 'cap-cut'): number =>
    turns.filter((turn) => turn.outcome === outcome).length;
  const [idleCuts, capCuts] = [cut('idle-cut'), cut('cap-cut')];
  return {
    hop,
    ...(idleLimitMs !== undefined && { idleLimitMs }),
    ...(longest && { longest }),
    idleLevel: limitLevel(longest?.ms ?? 0, idleLimitMs, idleCuts > 0),
    heartbeats: streams.reduce((sum, { heartbeats }) => sum + heartbeats, 0),
    longestContentGapMs: streams.reduce(
      (most, { maxContentGapMs }) => Math.max(most, maxContentGapMs),
      0,
    ),
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
