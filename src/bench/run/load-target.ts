import {
  type Connection,
  type ConnectionTarget,
  openConnection,
} from '../../endpoint/connection.ts';
import type { Hop } from '../../stream/stream-part.ts';
import type { BenchPlan } from './plan.ts';

export type Connections = ReadonlyMap<Hop, Connection>;

/** Opens a connection to each hop of the plan. @throws as `openConnection` does; what was opened is closed again */
export async function openHops(
  { hops, timers }: Pick<BenchPlan, 'hops' | 'timers'>,
  target: ConnectionTarget,
): Promise<Connections> {
  const connections = new Map<Hop, Connection>();
  try {
    for (const hop of hops) connections.set(hop, await openConnection(hop, target, { timers }));
    return connections;
  } catch (error) {
    await closeHops(connections);
    throw error;
  }
}

export async function closeHops(connections: Connections): Promise<void> {
  await Promise.all([...connections.values()].map((connection) => connection.close()));
}
