import { API_THROTTLE_BYTES, LAMBDA_THROTTLE_BYTES, THROTTLED_BYTES_PER_SECOND } from '../../../aws/limits.ts';
import type { BenchReport } from '../../figures/report.ts';
import { turnTime } from '../../figures/turn-groups.ts';
import { groupName } from '../names.ts';
import type { TurnClass } from '../../run/turn-kinds.ts';
import type { TracedTurn } from './streams-section.ts';

const MOST_CURVES = 6;
/** An answer smaller than this share of the largest would be a line along the axis. */
const LEAST_SHARE = 0.05;
const MOST_POINTS = 300;
/** The throttles are drawn once an answer comes this near to the first of them. */
const NEAR_THROTTLE = 0.5;

/** Curves of one hop differ in their dashes. */
const CURVE_DASHES = [[], [7, 4], [2, 3]];

export type ByteData = NonNullable<ReturnType<typeof byteData>>;

/** Bytes of the largest answers by seconds since sent; `throttle`: where a line of the throttled throughput begins. */
export function byteData(turns: readonly TracedTurn[]) {
  const largest = Math.max(0, ...turns.map(({ trace }) => trace.bytes.at(-1) ?? 0));
  if (largest === 0) return undefined;
  const shown = turns
    .filter(({ trace }) => (trace.bytes.at(-1) ?? 0) >= LEAST_SHARE * largest)
    .toSorted((a, b) => (b.trace.bytes.at(-1) ?? 0) - (a.trace.bytes.at(-1) ?? 0))
    .slice(0, MOST_CURVES);
  const nearThrottle = largest >= NEAR_THROTTLE * LAMBDA_THROTTLE_BYTES;
  return {
    curves: shown.map((turn, index) => {
      const before = shown.slice(0, index).filter(({ hop }) => hop === turn.hop).length;
      return toCurve(turn, CURVE_DASHES[before % CURVE_DASHES.length] ?? []);
    }),
    limits: nearThrottle
      ? [
          { label: '6 MB: Lambda slows down', bytes: LAMBDA_THROTTLE_BYTES },
          { label: '10 MB: API Gateway slows down', bytes: API_THROTTLE_BYTES },
        ].filter(({ bytes }) => bytes <= 2 * largest)
      : [],
    throttle: throttleStart(shown),
  };
}

/** Where the first stream behind Lambda crosses the size from which Lambda sends 2 MB/s. */
function throttleStart(turns: readonly TracedTurn[]) {
  for (const { hop, trace } of turns) {
    const index = trace.bytes.findIndex((bytes) => bytes >= LAMBDA_THROTTLE_BYTES);
    const atMs = trace.readMs[index];
    if (hop !== 'agentcore' && atMs !== undefined)
      return { atS: atMs / 1_000, bytes: LAMBDA_THROTTLE_BYTES, bytesPerSecond: THROTTLED_BYTES_PER_SECOND };
  }
  return undefined;
}

function toCurve({ hop, index, trace }: TracedTurn, dash: readonly number[]) {
  const count = trace.readMs.length;
  const step = Math.max(1, count / MOST_POINTS);
  const kept = new Set(Array.from({ length: Math.ceil(count / step) }, (_, place) => Math.floor(place * step))).add(count - 1);
  const at = [...kept];
  return {
    label: `${hop}, turn ${index}`,
    hop,
    dash,
    x: at.map((read) => Number(((trace.readMs[read] ?? 0) / 1_000).toFixed(4))),
    y: at.map((read) => trace.bytes[read] ?? 0),
  };
}

const CDF_METRICS = ['ttfb', 'ttft', 'duration'] as const;
/** Places along the axis: more than a phone has pixels for, and no matter how many turns there were. */
const PLACES = 320;
/** A spread past this has a log axis. */
const LINEAR_UP_TO = 10;

/** Classes are told apart by their dashes, hops by their colours. */
const CLASS_DASHES: Readonly<Record<TurnClass, readonly number[]>> = {
  warm: [],
  'new-session': [7, 4],
  resumed: [12, 4, 3, 4],
  cold: [2, 3],
};

export type CdfData = ReturnType<typeof cdfData>[number];

/**
 * How many of the ok turns took how long, for each hop and class. Metrics that no turn has are left out. `x`: ms, ascending; `n`: turns in
 * a series; `from`: the first of `x` at which its line is drawn; `y`: percent of the turns there and at each that follows.
 */
export function cdfData({ summary, turns }: BenchReport) {
  const good = turns.filter(({ phase, outcome }) => phase === 'measured' && outcome === 'ok');
  const metrics = CDF_METRICS.map((metric) => {
    const samples = summary.groups.map((group) => {
      const own = good.filter((turn) => turn.hop === group.hop && turn.class === group.class);
      return { group, values: Float64Array.from(own.flatMap((turn) => turnTime(turn, metric) ?? [])).sort() };
    });
    const present = samples.filter(({ values }) => values.length > 0);
    const least = Math.min(...present.map(({ values }) => values[0] ?? 0));
    const most = Math.max(...present.map(({ values }) => values.at(-1) ?? 0));
    return { metric, present, least, most };
  }).filter(({ present }) => present.length > 0);
  // One scale for all of them: they stand side by side.
  const isLog = metrics.some(({ least, most }) => most / Math.max(least, 0.01) > LINEAR_UP_TO);
  return metrics.map(({ metric, present, least, most }) => {
    const x = places(least, most, isLog);
    const series = present.map(({ group, values }) => ({
      label: groupName(group),
      n: values.length,
      hop: group.hop,
      dash: CLASS_DASHES[group.class],
      ...sharesAt(x, values),
    }));
    return { metric, x, isLog, series };
  });
}

/** Places from 0, on a log axis from just below the least value, to just above the greatest. */
function places(least: number, most: number, isLog: boolean): number[] {
  const margin = isLog ? 1.02 : 1;
  const low = isLog ? Math.max(least, 0.01) / margin : 0;
  const high = isLog ? most * margin : most + Math.max((most - least) * 0.02, most * 1e-3);
  return Array.from({ length: PLACES }, (_, index) => {
    const share = index / (PLACES - 1);
    const place = isLog ? low * (high / low) ** share : low + (high - low) * share;
    return Number(place.toPrecision(6));
  });
}

/** Percent of the values that each place is not below: from the last place where it is none to the first where it is all. */
function sharesAt(x: readonly number[], sorted: Float64Array): { from: number; y: number[] } {
  let held = 0;
  const shares = x.map((place) => {
    while (held < sorted.length && (sorted[held] ?? Infinity) <= place) held += 1;
    return Number(((held / sorted.length) * 100).toFixed(2));
  });
  const from = Math.max(0, shares.lastIndexOf(0));
  return { from, y: shares.slice(from, shares.indexOf(100) + 1) };
}
