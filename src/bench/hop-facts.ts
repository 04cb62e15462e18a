import type { AwsAccess } from '../aws/aws-access.ts';
import type { HopFacts } from './figures/report-schema.ts';
import { type EndpointQuery, findStack } from '../endpoint/endpoint.ts';
import type { Hop } from '../stream/stream-part.ts';

/** What the stack says about its ways beside their limits. */
export interface StackFacts {
  /** Memory of the function, MB. */
  readonly memoryMb?: number;
  /** What the throttle of the stage and of the usage plan allows. */
  readonly turnsPerSecond?: number;
}

/**
 * Reads the settings that a bench has to know. Of a bare URL nothing is known.
 * @throws {OperationError} STACK_NOT_FOUND, or what AWS said
 */
export async function readStackFacts(query: EndpointQuery, access: AwsAccess): Promise<StackFacts> {
  if (query.url !== undefined) return {};
  const { parameters } = await findStack(query.stackName, access);
  const memoryMb = Number(parameters['MemorySize']);
  const turnsPerSecond = Number(parameters['RateLimit']);
  return {
    ...(memoryMb > 0 && { memoryMb }),
    ...(turnsPerSecond > 0 && { turnsPerSecond }),
  };
}

/** The facts of one hop, from its limits and the stack's settings. */
export function toHopFacts(
  hop: Hop,
  limits: {
    readonly idleLimitMs?: number | undefined;
    readonly streamLimitMs?: number | undefined;
  },
  { memoryMb }: StackFacts,
): HopFacts {
  const { idleLimitMs, streamLimitMs } = limits;
  return {
    hop,
    ...(idleLimitMs !== undefined && { idleLimitMs }),
    ...(streamLimitMs !== undefined && { streamLimitMs }),
    ...(memoryMb !== undefined && hop !== 'agentcore' && { memoryMb }),
  };
}
