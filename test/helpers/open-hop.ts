import type { AwsAccess } from '../../src/aws/aws-access.ts';
import { type Connection, type ConnectionTarget, openConnection, resolveTarget } from '../../src/endpoint/connection.ts';
import type { EndpointQuery } from '../../src/endpoint/endpoint.ts';
import type { TurnTimeouts } from '../../src/endpoint/turn-timers.ts';
import type { Hop } from '../../src/stream/stream-part.ts';

/** Resolves an endpoint and opens one hop of it, as `invoke` does. */
export async function openHop(
  hop: Hop,
  query: EndpointQuery,
  access: AwsAccess,
  options: { readonly timers?: TurnTimeouts } = {},
): Promise<Connection> {
  return openConnection(hop, await resolveTarget(query, access, [hop]), options);
}

/** A server of the test's own as the endpoint, which asks for no credentials. */
export function urlTarget(url: string): Promise<ConnectionTarget> {
  return resolveTarget({ stackName: 'none', url }, {}, ['api']);
}
