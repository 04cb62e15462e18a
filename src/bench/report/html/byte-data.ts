import {
  API_THROTTLE_BYTES,
  LAMBDA_THROTTLE_BYTES,
  THROTTLED_BYTES_PER_SECOND,
} from '../../../aws/limits.ts';
import type { ByteCurve, ByteData } from './charts.ts';
import type { TracedTurn } from './stream-marks.ts';

const MOST_CURVES = 6;
/** An answer smaller than this share of the largest would be a line along the axis. */
const LEAST_SHARE = 0.05;
const PLACES = 300;
/** The throttles are drawn once an answer comes this near to the first of them. */
const NEAR_THROTTLE = 0.5;

/** Curves of one hop differ in their dashes. */
const DASHES = [[], [7, 4], [2, 3]];

/** Byte curves of the largest answers among these streams. */
export function byteData(turns: readonly TracedTurn[]): ByteData | undefined {
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
      return toCurve(turn, DASHES[before % DASHES.length] ?? []);
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
function throttleStart(turns: readonly TracedTurn[]): ByteData['throttle'] {
  for (const { hop, trace } of turns) {
    const index = trace.bytes.findIndex((bytes) => bytes >= LAMBDA_THROTTLE_BYTES);
    const atMs = trace.readMs[index];
    if (hop !== 'agentcore' && atMs !== undefined) {
      return {
        atS: atMs / 1_000,
        bytes: LAMBDA_THROTTLE_BYTES,
        bytesPerSecond: THROTTLED_BYTES_PER_SECOND,
      };
    }
  }
  return undefined;
}

function toCurve({ hop, index, trace }: TracedTurn, dash: readonly number[]): ByteCurve {
  const count = trace.readMs.length;
  const step = Math.max(1, count / PLACES);
  const kept = new Set(
    Array.from({ length: Math.ceil(count / step) }, (_, place) => Math.floor(place * step)),
  ).add(count - 1);
  const at = [...kept];
  return {
    label: `${hop}, turn ${index}`,
    hop,
    dash,
    x: at.map((read) => Number(((trace.readMs[read] ?? 0) / 1_000).toFixed(4))),
    y: at.map((read) => trace.bytes[read] ?? 0),
  };
}
