import type { Hop } from '../../stream/stream-part.ts';
import { groupTurns } from './group-turns.ts';
import type { Threshold } from './parse-threshold.ts';
import type { TurnRecord } from '../run/turn-record.ts';

/** Turns that a threshold is judged on, taken together. */
export interface ThresholdTurns {
  /** Hop and class, as far as these are apart from others. */
  readonly of: readonly string[];
  readonly turns: readonly TurnRecord[];
}

/** Of what the threshold names, all together. */
export function turnsTogether(
  { hops, classes }: Threshold,
  turns: readonly TurnRecord[],
): ThresholdTurns {
  const found = turns.filter(
    (turn) =>
      (hops.length === 0 || hops.includes(turn.hop)) &&
      (classes.length === 0 || classes.includes(turn.class)),
  );
  return { of: [...hops, ...classes], turns: found };
}

/** Each hop on its own. One that is named is among them without turns, too. */
export function turnsByHop(
  threshold: Threshold,
  turns: readonly TurnRecord[],
  hops: readonly Hop[],
): ThresholdTurns[] {
  const named = threshold.hops.length > 0;
  return (named ? threshold.hops : hops)
    .map((hop) => turnsTogether({ ...threshold, hops: [hop] }, turns))
    .filter((found) => named || found.turns.length > 0);
}

/**
 * Each class of each hop on its own. Where no class is named: the warm turns, or every class of a hop that has none. A class or a hop
 * that is named is among them without turns, too.
 */
export function turnsByClass(
  threshold: Threshold,
  turns: readonly TurnRecord[],
  hops: readonly Hop[],
): ThresholdTurns[] {
  const { classes } = threshold;
  const groups = groupTurns(turnsTogether(threshold, turns).turns, hops);
  const isTaken = (group: (typeof groups)[number]): boolean =>
    classes.length > 0 ||
    group.class === 'warm' ||
    !groups.some((other) => other.hop === group.hop && other.class === 'warm');
  const missing = [
    ...threshold.hops.filter((hop) => !groups.some((group) => group.hop === hop)),
    ...classes.filter((name) => !groups.some((group) => group.class === name)),
  ];
  return [
    ...groups
      .filter(isTaken)
      .map((group) => ({ of: [group.hop, group.class], turns: group.turns })),
    ...missing.map((name) => ({ of: [name], turns: [] })),
  ];
}
