import { type Hop, HOPS } from '../../stream/stream-part.ts';
import type { StreamMetrics } from '../../stream/metrics-schema.ts';
import { percentileInterval } from './bootstrap.ts';
import { percentileOf } from '../../stream/distribution.ts';
import type { TurnRecord } from '../run/turn-record.ts';

const METRICS = ['ttfb', 'ttft', 'maxGap'] as const;
/** Confidence level of each interval, percent. */
export const DIFFERENCE_CONFIDENCE = 95;
/** With fewer pairs, the interval of a median spans all of them. */
const FEWEST_PAIRS = 6;

/**
 * Latency that a hop adds to the one below it, ms: median of the paired differences, with a bootstrap interval. Only ok turns of one
 * round and class are paired, neither cold, so that a slow minute affects both. Times count from when the turn was sent.
 */
export function hopDifferences(turns: readonly TurnRecord[], seed: number) {
  const present = HOPS.filter((hop) => turns.some((turn) => turn.hop === hop));
  return present.slice(1).flatMap((lower, index) => {
    const upper = present[index];
    if (upper === undefined) return [];
    const pairs = pairUp(turns, upper, lower);
    return METRICS.map((metric) => ({
      what: nameOf(upper, lower),
      upper,
      lower,
      metric,
      ...medianOf(
        pairs
          .map(([above, below]) => subtract(above.metrics, below.metrics, metric))
          .filter((difference) => difference !== undefined),
        seed,
      ),
    }));
  });
}

function nameOf(upper: Hop, lower: Hop): string {
  if (upper === 'lambda') return 'Lambda';
  return lower === 'lambda' ? 'API Gateway' : 'API Gateway and Lambda';
}

function pairUp(turns: readonly TurnRecord[], upper: Hop, lower: Hop): (readonly [TurnRecord, TurnRecord])[] {
  const below = byPlace(turns.filter(({ hop }) => hop === lower));
  const above = byPlace(turns.filter(({ hop }) => hop === upper));
  return [...above].flatMap(([place, turn]) => {
    const other = below.get(place);
    return other && other.class === turn.class && isFit(turn) && isFit(other) ? [[turn, other] as const] : [];
  });
}

function isFit(turn: TurnRecord): boolean {
  return turn.outcome === 'ok' && turn.class !== 'cold';
}

/** By round and place in it: a conversation has several turns in one. @param turns of one hop */
function byPlace(turns: readonly TurnRecord[]): Map<string, TurnRecord> {
  const counts = new Map<number, number>();
  const inOrder = turns.toSorted((a, b) => a.sentMs - b.sentMs || a.index - b.index);
  return new Map(
    inOrder.map((turn) => {
      const place = counts.get(turn.pair) ?? 0;
      counts.set(turn.pair, place + 1);
      return [`${turn.pair} ${place}`, turn];
    }),
  );
}

function subtract(above: StreamMetrics, below: StreamMetrics, metric: (typeof METRICS)[number]): number | undefined {
  const [a, b] = [above[`${metric}Ms`], below[`${metric}Ms`]];
  return a === undefined || b === undefined ? undefined : a - b;
}

function medianOf(differences: readonly number[], seed: number) {
  const n = differences.length;
  const sorted = Float64Array.from(differences).sort();
  const medianMs = percentileOf(sorted, 50);
  if (n < FEWEST_PAIRS || medianMs === undefined) return { n };
  const { low, high } = percentileInterval(sorted, 50, { level: DIFFERENCE_CONFIDENCE, seed });
  return { n, medianMs, lowMs: low, highMs: high };
}
