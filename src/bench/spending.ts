import { costOf } from './figures/cost.ts';
import type { HopFacts, PriceTable } from './figures/report-schema.ts';
import { usageOf } from './figures/usage.ts';
import type { TurnRecord } from './run/turn-record.ts';

/** Keeps an eye on what a run has cost so far. */
export interface Spending {
  add(turn: TurnRecord): void;
  /** Aborted once the cost is above the budget. */
  readonly signal: AbortSignal;
}

/**
 * Adds turns up. What is in flight is not known yet, so a run costs somewhat more than its budget.
 * @param budgetUsd undefined: there is none
 * @param earlier turns that have been sent already
 */
export function createSpending(
  budgetUsd: number | undefined,
  earlier: readonly TurnRecord[],
  facts: {
    readonly hops: readonly HopFacts[];
    readonly prices: PriceTable;
    readonly isProbe: boolean;
  },
): Spending {
  const over = new AbortController();
  const priceOf = (turns: readonly TurnRecord[]): number =>
    costOf(usageOf(turns, facts.hops, facts.isProbe), facts.prices).total;
  let spent = budgetUsd === undefined ? 0 : priceOf(earlier);
  return {
    add(turn) {
      if (budgetUsd === undefined) return;
      spent += priceOf([turn]);
      if (spent > budgetUsd) over.abort();
    },
    signal: over.signal,
  };
}
