import { UsageError } from '../cli/errors.ts';

/** The error for a probe on the way that has no function on it. */
export function probeNeedsFunction(): UsageError {
  return new UsageError(
    'PROBE_NEEDS_FUNCTION',
    'the probe is made by the function: the hop agentcore has none',
    { hint: '--hop api,lambda' },
  );
}
