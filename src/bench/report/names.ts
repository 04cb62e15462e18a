import type { TurnClass } from '../run/turn-kinds.ts';
import type { Hop } from '../../stream/stream-part.ts';
import type { GroupSummary } from '../figures/report.ts';

/** Names of the hops in a sentence. */
export const HOP_NAMES: Readonly<Record<Hop, string>> = { api: 'API Gateway', lambda: 'Lambda', agentcore: 'AgentCore' };

/** Turns of a class, in a sentence. */
export const TURNS_OF_CLASS: Readonly<Record<TurnClass, string>> = {
  cold: 'cold turns',
  'new-session': 'turns that opened a session',
  resumed: 'turns that resumed a session',
  warm: 'warm turns',
};

/** A class beside others. */
export const CLASS_NAMES: Readonly<Record<TurnClass, string>> = {
  cold: 'cold',
  'new-session': 'new session',
  resumed: 'resumed',
  warm: 'warm',
};

/** A group in one piece: `api, warm`. */
export function groupName({ hop, class: name }: Pick<GroupSummary, 'hop' | 'class'>): string {
  return `${hop}, ${CLASS_NAMES[name]}`;
}
