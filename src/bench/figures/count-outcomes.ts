import { outcomeExplanation } from './outcome-explanation.ts';
import type { HopFacts } from './report-schema.ts';
import type { OutcomeCount } from './summary.ts';
import type { TurnRecord } from '../run/turn-record.ts';

/** How the turns came out: by hop in the order given, there the good ones first and then the most frequent. */
export function countOutcomes(
  turns: readonly TurnRecord[],
  hops: readonly HopFacts[],
): OutcomeCount[] {
  return hops.flatMap(({ hop, ...limits }) => {
    const byKey = new Map<string, TurnRecord[]>();
    for (const turn of turns) {
      if (turn.hop !== hop) continue;
      const key = [turn.outcome, turn.status, turn.code].join(' ');
      const alike = byKey.get(key);
      if (alike) alike.push(turn);
      else byKey.set(key, [turn]);
    }
    return [...byKey]
      .sort(
        ([keyA, a], [keyB, b]) =>
          rankOf(a) - rankOf(b) || b.length - a.length || (keyA < keyB ? -1 : 1),
      )
      .flatMap(([, alike]) => countOf(alike, limits));
  });
}

function rankOf([turn]: readonly TurnRecord[]): number {
  return turn?.outcome === 'ok' ? 0 : 1;
}

function countOf(alike: readonly TurnRecord[], limits: Omit<HopFacts, 'hop'>): OutcomeCount[] {
  const [turn] = alike;
  if (!turn) return [];
  const { hop, outcome, status, code } = turn;
  const facts = {
    hop,
    outcome,
    ...(status !== undefined && { status }),
    ...(code !== undefined && { code }),
  };
  const explanation = outcomeExplanation(facts, limits);
  return [{ ...facts, count: alike.length, ...(explanation !== undefined && { explanation }) }];
}
