import { hopLimits } from '../endpoint/connection.ts';
import type { Endpoint } from '../endpoint/endpoint.ts';
import type { Hop } from '../stream/stream-part.ts';
import type { HopFacts } from './figures/report-schema.ts';

/** The facts of one hop: its limits, and the memory of the function when it passes it. */
export function toHopFacts(hop: Hop, endpoint: Endpoint): HopFacts {
  const { idleLimitMs, streamLimitMs } = hopLimits(hop, endpoint);
  const { memoryMb } = endpoint.stack ?? {};
  return {
    hop,
    ...(idleLimitMs !== undefined && { idleLimitMs }),
    streamLimitMs,
    ...(memoryMb !== undefined && hop !== 'agentcore' && { memoryMb }),
  };
}
