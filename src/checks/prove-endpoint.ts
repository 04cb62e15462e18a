import type { AwsAccess } from '../aws/aws-access.ts';
import type { Stack } from '../aws/stack.ts';
import { type GivenCredentials, readCredentials } from '../endpoint/credentials.ts';
import { endpointOf } from '../endpoint/endpoint.ts';
import type { VerdictName } from '../bench/run/turn-kinds.ts';
import type { ProbeRequest } from '../protocol.ts';
import { awaitEndpoint, excuseOf } from './await-endpoint.ts';
import { CLEAR_PROBES, findFlushMode, holdingOf, testHeartbeat, widened } from './flush-search.ts';
import type { Proof, ProofEvent } from './proof.ts';
import { openProbeSender, type ProofProbe, type ProofTarget, sendAtOnce } from './send-probe.ts';

export interface ProofOptions {
  readonly signal: AbortSignal;
  /**
   * How many probes: by default 20, with which a fault that meets 15 % of the responses is missed once in 25 times. Fewer when the first
   * ones are all held, up to twice as many when one of them is.
   */
  readonly tries?: number;
  /** How many probes may be open at once behind the first ones. Default 4. */
  readonly maxAtOnce?: number;
  /** How long the endpoint may take until it serves, ms. Default 60 s; 0 for one that is known to serve. */
  readonly maxOutageMs?: number;
  /** Default: 5 events, 100 ms apart. */
  readonly probe?: Required<ProbeRequest>;
  /** The flush mode that the function is set to, if it is known: the parameter FlushMode of the stack. */
  readonly flushMode?: string | undefined;
  /** Whether the function sends heartbeats, so that it matters whether they leave. Default true. */
  readonly testsHeartbeat?: boolean;
  readonly onEvent?: (event: ProofEvent) => void;
}

const DEFAULT_TRIES = 20;
/** Well below the smallest account (10 executions at once), and with half a second a probe below the default rate of a key (10 a second). */
const AT_ONCE = 4;
const DEFAULT_PATIENCE_MS = 60_000;

/** Half a second, and spaced so that a network's jitter is not taken for holding. */
const PROOF_PROBE: Required<ProbeRequest> = { count: 5, interval_ms: 100, size_bytes: 0, first_delay_ms: 0 };

/** From the worst. */
const WORST_FIRST: readonly VerdictName[] = ['buffered', 'coalesced', 'late first flush'];

/**
 * Proves that an endpoint streams: asks it until it serves, then runs the function's own probe a few times. Where writes are held
 * back it looks for the flush mode that cures it. It spends no tokens and sets nothing.
 * @returns what was found, also of an endpoint that does not serve or stream
 * @throws AbortError when the signal is aborted
 */
export async function proveEndpoint(target: ProofTarget, options: ProofOptions): Promise<Proof> {
  const { signal, tries = DEFAULT_TRIES, maxOutageMs = DEFAULT_PATIENCE_MS } = options;
  const { probe = PROOF_PROBE, maxAtOnce = AT_ONCE, onEvent = () => undefined } = options;
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
    /** From here on the probes are wide. */
    let wideFrom = Infinity;
    for (let wanted = tries; probes.length < wanted;) {
      const isWide = probes.length >= wideFrom;
      const atOnce = probes.length < CLEAR_PROBES ? 1 : Math.min(maxAtOnce, wanted - probes.length);
      const sent = await sendAtOnce(sender, isWide ? widened(probe) : probe, atOnce, signal);
      for (const each of sent) {
        probes.push({ ...each, number: probes.length + 1 });
        onEvent({ type: 'proof-probe', ...each, number: probes.length });
      }
      if (sent.some((each) => excuseOf(each) !== undefined)) break;
      const odd = oddOf(probes);
      if (probes.length === CLEAR_PROBES && odd === CLEAR_PROBES) break;
      if (odd > 0) wideFrom = Math.min(wideFrom, probes.length);
      wanted = odd > 0 && judgeTogether(probes, wideFrom) === 'streaming' ? Math.max(2 * tries, CLEAR_PROBES) : tries;
    }
    const isForeign = probes.every(({ failure, verdict }) => !failure && !verdict);
    if (isForeign) return { type: 'no-probe', ...facts };
    const verdict = judgeTogether(probes, wideFrom);
    // Nothing more can be asked, neither for a verdict nor for a flush mode.
    const refused = probes.find((each) => excuseOf(each) !== undefined);
    if (refused && verdict !== 'streaming') {
      const { number, status, failure } = refused;
      return { type: 'not-serving', ...facts, last: { number, status, failure, retryInMs: undefined } };
    }
    const testsHeartbeat = (options.testsHeartbeat ?? true) && tries > 1;
    const heartbeatLeaves =
      verdict === 'streaming' && !refused && testsHeartbeat ? await testHeartbeat(sender, undefined, signal) : undefined;
    const isHeld = (verdict !== undefined && verdict !== 'streaming') || heartbeatLeaves === false;
    const { trials, cure } = isHeld
      ? await findFlushMode({
          sender,
          probe,
          current: options.flushMode,
          tries,
          maxAtOnce,
          isPersistent: oddOf(probes) === probes.length || heartbeatLeaves === false,
          testsHeartbeat,
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
      heartbeatLeaves,
      holding: holdingOf(verdict, cure),
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
  const { FlushMode: flushMode, HeartbeatMs: heartbeatMs, MaxConcurrency, BurstLimit } = stack.parameters;
  // 0 and the empty value set no limit.
  const limits = [MaxConcurrency, BurstLimit].map(Number).filter((limit) => limit > 0);
  const maxAtOnce = Math.min(AT_ONCE, ...limits);
  return proveEndpoint(
    { url, auth, headers, idleLimitMs, ...(access.proxies && { proxies: access.proxies }) },
    { ...options, maxAtOnce, flushMode, testsHeartbeat: heartbeatMs !== '0' },
  );
}

/**
 * One probe, or several at once, may have met a slow moment of the network or of this machine.
 * @param wideFrom index of the first wide probe
 * @returns the most frequent odd verdict that two wide probes have, else `streaming`; undefined when none has any
 */
function judgeTogether(probes: readonly ProofProbe[], wideFrom: number): VerdictName | undefined {
  if (probes.every(({ verdict }) => verdict === undefined)) return undefined;
  const countOf = (name: VerdictName, among: readonly ProofProbe[]): number =>
    among.filter(({ verdict }) => verdict?.name === name).length;
  const shown = WORST_FIRST.filter((name) => countOf(name, probes.slice(wideFrom)) > 1);
  return shown.reduce<VerdictName>(
    (most, name) => (most === 'streaming' || countOf(name, probes) > countOf(most, probes) ? name : most),
    'streaming',
  );
}

/** Probes that came otherwise than streaming. */
function oddOf(probes: readonly ProofProbe[]): number {
  return probes.filter(({ verdict }) => verdict && verdict.name !== 'streaming').length;
}
