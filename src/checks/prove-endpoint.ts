import type { AwsAccess } from '../aws/aws-access.ts';
import type { Stack } from '../aws/stack.ts';
import { type GivenCredentials, readCredentials } from '../endpoint/credentials.ts';
import { endpointOf } from '../endpoint/endpoint.ts';
import type { VerdictName } from '../bench/run/turn-kinds.ts';
import { type FlushMode, MAX_FLUSH_PADDING_BYTES, type ProbeRequest } from '../protocol.ts';
import { awaitEndpoint, excuseOf } from './await-endpoint.ts';
import type { FlushTrial, Proof, ProofEvent, ProofProbe } from './proof.ts';
import { openProbeSender, type ProbeSender, type ProofTarget } from './send-probe.ts';

export interface ProofOptions {
  readonly signal: AbortSignal;
  /** How many probes. Default 5. */
  readonly tries?: number;
  /** How long the endpoint may take until it serves, ms. Default 60 s; 0 for one that is known to serve. */
  readonly maxOutageMs?: number;
  /** Default: 10 events, 100 ms apart. */
  readonly probe?: Required<ProbeRequest>;
  /** The flush mode that the function is set to, if it is known: the parameter FlushMode of the stack. */
  readonly flushMode?: string | undefined;
  readonly onEvent?: (event: ProofEvent) => void;
}

const DEFAULT_TRIES = 5;
const DEFAULT_PATIENCE_MS = 60_000;

/** Below a second, and spaced so that a network's jitter is not taken for holding. */
const PROOF_PROBE: Required<ProbeRequest> = { count: 10, interval_ms: 100, size_bytes: 0, first_delay_ms: 0 };

/** From the worst. */
const WORST_FIRST: readonly VerdictName[] = ['buffered', 'coalesced', 'late first flush'];

/**
 * Proves that an endpoint streams: asks it until it serves, then runs the function's own probe a few times, one after another. Where
 * writes are held back it looks for the flush mode that cures it. It spends no tokens and sets nothing.
 * @returns what was found, also of an endpoint that does not serve or stream
 * @throws AbortError when the signal is aborted
 */
export async function proveEndpoint(target: ProofTarget, options: ProofOptions): Promise<Proof> {
  const { signal, tries = DEFAULT_TRIES, maxOutageMs = DEFAULT_PATIENCE_MS } = options;
  const { probe = PROOF_PROBE, onEvent = () => undefined } = options;
  const sender = openProbeSender(target);
  try {
    const { last, waitedMs, initMs } = await awaitEndpoint(sender, {
      signal,
      maxOutageMs,
      onAttempt: (attempt) => onEvent({ type: 'proof-attempt', ...attempt }),
    });
    const facts = { attempts: last.number, waitedMs };
    if (last.failure?.code === 'NOT_FOUND') return { type: 'no-probe', ...facts };
    if (last.failure) return { type: 'not-serving', ...facts, last };

    const probes: ProofProbe[] = [];
    for (let number = 1; number <= tries; number += 1) {
      const sent = { ...(await sender.send(probe, signal)), number };
      probes.push(sent);
      onEvent({ type: 'proof-probe', ...sent });
      if (excuseOf(sent) !== undefined) break;
    }
    const isForeign = probes.every(({ failure, verdict }) => !failure && !verdict);
    if (isForeign) return { type: 'no-probe', ...facts };
    const verdict = judgeTogether(probes);
    // Nothing more can be asked, neither for a verdict nor for a flush mode.
    const refused = probes.find((each) => excuseOf(each) !== undefined);
    if (refused && verdict !== 'streaming') {
      const { number, status, failure } = refused;
      return { type: 'not-serving', ...facts, last: { number, status, failure, retryInMs: undefined } };
    }
    const isHeld = verdict !== undefined && verdict !== 'streaming';
    const { trials, cure } = isHeld
      ? await findFlushMode(sender, probe, options.flushMode, {
          signal,
          onTrial: (trial) => onEvent({ type: 'proof-trial', ...trial }),
        })
      : { trials: [], cure: undefined };
    return {
      type: 'proved',
      ...facts,
      probes,
      verdict,
      initMs: initMs ?? probes.find((each) => each.initMs !== undefined)?.initMs,
      trials,
      cure,
    };
  } finally {
    await sender.close();
  }
}

/**
 * Proves the endpoint of a deployed stack, by the stage's own URL: DNS may not know of a custom domain yet. Its key or signature and the
 * flush mode that it is set to come from the stack.
 * @param options.given a token, which the stack does not give
 * @throws {UsageError} MISSING_TOKEN
 * @throws {OperationError} STACK_NOT_READY, or what AWS said when the key could not be read
 */
export async function proveStack(
  stack: Stack,
  access: AwsAccess,
  { given = {}, ...options }: Omit<ProofOptions, 'flushMode'> & { readonly given?: GivenCredentials },
): Promise<Proof> {
  const endpoint = endpointOf(stack, access);
  const auth = await readCredentials(endpoint, given);
  const { stageUrl: url, headers, idleLimitMs } = endpoint;
  const flushMode = stack.parameters['FlushMode'];
  return proveEndpoint({ url, auth, headers, idleLimitMs }, { ...options, flushMode });
}

/** One probe of several may have met a slow moment of the network or of this machine. */
function judgeTogether(probes: readonly ProofProbe[]): VerdictName | undefined {
  const names = probes.flatMap(({ verdict }) => (verdict ? [verdict.name] : []));
  if (names.length === 0) return undefined;
  const otherwise = names.filter((name) => name !== 'streaming');
  if (otherwise.length < Math.min(2, names.length)) return 'streaming';
  const countOf = (name: VerdictName): number => otherwise.filter((other) => other === name).length;
  return WORST_FIRST.reduce((most, name) => (countOf(name) > countOf(most) ? name : most));
}

/**
 * Paddings, the least first: just above the thresholds that users report (aws-lambda-nodejs-runtime-interface-client, issues 94 and
 * 102: about 16 KB, about 100 KB).
 */
const PADDINGS: readonly number[] = [16_384, 32_768, 65_536];

/** With one, chance would decide. */
const PROBES_EACH = 2;

interface FlushSearch {
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
async function findFlushMode(
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
