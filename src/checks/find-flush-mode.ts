import { type FlushMode, MAX_FLUSH_PADDING_BYTES, type ProbeRequest } from '../protocol.ts';
import type { FlushTrial } from './proof.ts';
import type { ProbeSender } from './send-probe.ts';

/**
 * Paddings, the least first: just above the thresholds that users report (aws-lambda-nodejs-runtime-interface-client, issues 94 and
 * 102: about 16 KB, about 100 KB).
 */
const PADDINGS: readonly number[] = [16_384, 32_768, 65_536];

/** With one, chance would decide. */
const PROBES_EACH = 2;

export interface FlushSearch {
  /** In their order. */
  readonly trials: readonly FlushTrial[];
  /** The cheapest mode with which all probes streamed. */
  readonly cure: FlushMode | undefined;
}

/**
 * Finds out which flush mode gets the function's writes past what holds them, by probes that ask for one each; the function's own
 * setting stays as it is. `auto` costs next to nothing, so it is first; then the largest padding, since without that no smaller one
 * helps.
 * @param current the mode that did not do; it is not tried again
 */
export async function findFlushMode(
  sender: ProbeSender,
  probe: Required<ProbeRequest>,
  current: string | undefined,
  options: { readonly signal: AbortSignal; readonly onTrial: (trial: FlushTrial) => void },
): Promise<FlushSearch> {
  const trials: FlushTrial[] = [];
  const cures = async (flushMode: FlushMode): Promise<boolean> => {
    if (String(flushMode) === current) return false;
    let streaming = 0;
    for (let index = 0; index < PROBES_EACH; index += 1) {
      const { verdict } = await sender.send({ ...probe, flush: flushMode }, options.signal);
      if (verdict?.name === 'streaming') streaming += 1;
    }
    const trial = { flushMode, probes: PROBES_EACH, streaming };
    trials.push(trial);
    options.onTrial(trial);
    return streaming === PROBES_EACH;
  };
  if (await cures('auto')) return { trials, cure: 'auto' };
  if (!(await cures(MAX_FLUSH_PADDING_BYTES))) return { trials, cure: undefined };
  for (const padding of PADDINGS) if (await cures(padding)) return { trials, cure: padding };
  return { trials, cure: MAX_FLUSH_PADDING_BYTES };
}
