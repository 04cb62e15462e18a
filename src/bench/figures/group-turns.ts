import type { Hop } from '../../stream/stream-part.ts';
import { TURN_CLASSES, type TurnClass } from '../run/turn-kinds.ts';
import type { TurnRecord } from '../run/turn-record.ts';

export interface TurnGroup {
  readonly hop: Hop;
  readonly class: TurnClass;
  readonly turns: readonly TurnRecord[];
}

/** Turns by hop, in the order given, and by class, in theirs; only groups with turns. */
export function groupTurns(turns: readonly TurnRecord[], hops: readonly Hop[]): TurnGroup[] {
  return hops.flatMap((hop) =>
    TURN_CLASSES.map((name) => ({
      hop,
      class: name,
      turns: turns.filter((turn) => turn.hop === hop && turn.class === name),
    })).filter((group) => group.turns.length > 0),
  );
}
