import type { LimitLevel } from './summary.ts';

/**
 * How near a value came to a limit.
 * @param limit undefined: there is none, or none is known
 * @param wasCut a stream was ended by this limit
 */
export function limitLevel(value: number, limit: number | undefined, wasCut = false): LimitLevel {
  if (wasCut) return 'reached';
  if (limit === undefined || value < limit / 2) return 'ok';
  if (value < 0.8 * limit) return 'half';
  return value < limit ? 'near' : 'reached';
}
