import { parseThreshold, type Threshold } from '../figures/parse-threshold.ts';
import { TURN_CLASSES } from '../run/turn-kinds.ts';

export interface EnsureConditions {
  /** For Artillery's `ensure`. */
  readonly conditions: readonly string[];
  /** Thresholds that its figures cannot say. */
  readonly leftOut: readonly string[];
}

/**
 * Thresholds as conditions on the metrics that `turnMetrics` gives.
 * @throws {UsageError} INVALID_THRESHOLD
 */
export function ensureConditions(thresholds: readonly string[]): EnsureConditions {
  const conditions: string[] = [];
  const leftOut: string[] = [];
  for (const text of thresholds) {
    const condition = conditionOf(parseThreshold(text));
    if (condition === undefined) leftOut.push(text);
    else conditions.push(condition);
  }
  return { conditions, leftOut };
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 };

function conditionOf(threshold: Threshold): string | undefined {
  const { subject, hops, classes, operator, bound, unit } = threshold;
  if (hops.some((hop) => hop !== 'api')) return undefined;
  if (subject.kind === 'time') {
    const { metric, aggregate } = subject;
    const limit = `${operator} ${bound * (UNIT_MS[unit] ?? 1)}`;
    const pooled = POOLED[metric];
    if (pooled !== undefined) {
      const isThere = classes.length === 0 && (metric === 'maxGap' || aggregate === 'max');
      return isThere ? `${pooled}.${aggregate} ${limit}` : undefined;
    }
    if (metric === 'headers') return undefined;
    const of = (name: string): string => `agentstream.${metric}.${name}.${aggregate} ${limit}`;
    if (classes.length > 0) return classes.map(of).join(' and ');
    // Whichever classes the run will have: one without a good turn has no times.
    const judged = (name: string): string => `(agentstream.good.${name} == 0 or ${of(name)})`;
    return TURN_CLASSES.map(judged).join(' and ');
  }
  if (subject.kind !== 'share' || classes.length > 0) return undefined;
  const counter = SHARES[subject.metric];
  return counter && `${counter} / agentstream.turns * 100 ${operator} ${bound}`;
}

/** Of every stream together. Of its gaps Artillery is told the longest of each stream only. */
const POOLED: Readonly<Record<string, string>> = {
  gap: 'agentstream.max_gap',
  maxGap: 'agentstream.max_gap',
  contentGap: 'agentstream.content_gap',
};

const SHARES: Readonly<Record<string, string>> = {
  ok: 'agentstream.outcome.ok',
  failed: 'agentstream.failed',
  unfinished: 'agentstream.outcome.unfinished',
};
