import { costOf, sumUsage, usageOf } from './figures/cost.ts';
import type { HopFacts, PriceTable, RunFacts } from './figures/report-schema.ts';
import type { BenchPlan } from './run/plan.ts';
import { levelSegments } from './run/schedule.ts';
import type { TurnRecord } from './run/turn-record.ts';
import { sumOf } from '../stream/distribution.ts';

/** Cost of finished turns; those in flight come on top. @param budgetUsd undefined: none @param earlier turns already sent */
export function createSpending(
  budgetUsd: number | undefined,
  earlier: readonly TurnRecord[],
  { hops, prices, isProbe }: Pick<RunFacts, 'hops' | 'prices'> & { readonly isProbe: boolean },
) {
  const over = new AbortController();
  const priceOf = (turns: readonly TurnRecord[]): number => costOf(usageOf(turns, hops, isProbe), prices).total;
  let spent = budgetUsd === undefined ? 0 : priceOf(earlier);
  return {
    add(turn: TurnRecord): void {
      if (budgetUsd === undefined) return;
      spent += priceOf([turn]);
      if (spent > budgetUsd) over.abort();
    },
    /** Aborted once the cost is above the budget. */
    signal: over.signal,
  };
}

type EstimatedPlan = Pick<BenchPlan, 'hops' | 'load' | 'warmupMs' | 'paces' | 'probe'>;

/** Turns of the load and their cost, from one pilot turn or more to each hop. @returns undefined when a hop has no pilot */
export function estimateCost(plan: EstimatedPlan, pilots: readonly TurnRecord[], hops: readonly HopFacts[], prices: PriceTable) {
  const byHop = plan.hops.map((hop) => pilots.filter((turn) => turn.hop === hop));
  if (byHop.some((turns) => turns.length === 0)) return undefined;
  const turnMs = mean(byHop.map((ofHop) => mean(ofHop.map(({ metrics }) => metrics.durationMs))));
  const turns = expectedTurns(plan, turnMs);
  const usage = sumUsage(
    byHop.map((ofHop) => usageOf(ofHop, hops, plan.probe !== undefined)),
    byHop.map((ofHop) => turns / plan.hops.length / ofHop.length),
  );
  return { turns, cost: costOf(usage, prices) };
}

/** @param turnMs how long a turn takes; a virtual user sends the next one right after it */
function expectedTurns({ hops, load, warmupMs, paces }: EstimatedPlan, turnMs: number): number {
  const perLevelMs = load.model === 'open' ? 1_000 : Math.max(1, turnMs);
  const mostPerMs = (paces.turnsPerSecond ?? Infinity) / 1_000;
  const countOf = (segments: ReturnType<typeof levelSegments>): number =>
    sumOf(segments, ({ startMs, endMs, from, to }) => (endMs - startMs) * Math.min((from + to) / 2 / perLevelMs, mostPerMs));
  const segments = levelSegments({ load, warmupMs });
  const warmup = warmupMs > 0 ? segments.slice(0, 1) : [];
  const byTime = countOf(segments.slice(warmup.length));
  const measured = Math.min(byTime, (load.turns ?? Infinity) * hops.length);
  return Math.ceil(countOf(warmup) + measured);
}

function mean(values: readonly number[]): number {
  return sumOf(values, Number) / values.length;
}
