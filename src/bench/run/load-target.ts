import type { AwsAccess } from '../../aws/aws-access.ts';
import { type Connection } from '../../endpoint/connection.ts';
import type { EndpointQuery } from '../../endpoint/endpoint.ts';
import { openTransport } from '../../endpoint/hops.ts';
import type { BenchPlan } from './plan.ts';
import type { Hop } from '../../stream/stream-part.ts';

/** Where a load goes. Plain data: each thread opens its own ways from it. */
export interface LoadTarget {
  readonly query: EndpointQuery;
  readonly access: AwsAccess;
}

export type Connections = ReadonlyMap<Hop, Connection>;

/** Opens the way of each hop of the plan. @throws as `openTransport` does; what was opened is closed again */
export async function openHops(
  { hops, timers }: Pick<BenchPlan, 'hops' | 'timers'>,
  { query, access }: LoadTarget,
): Promise<Connections> {
  const connections = new Map<Hop, Connection>();
  try {
    for (const hop of hops)
      connections.set(hop, await openTransport(hop, query, access, { timers }));
    return connections;
  } catch (error) {
    await closeHops(connections);
    throw error;
  }
}

export async function closeHops(connections: Connections): Promise<void> {
  await Promise.all([...connections.values()].map((connection) => connection.close()));
}
