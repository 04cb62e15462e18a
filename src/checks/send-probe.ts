import { percentileOf } from '../stream/distribution.ts';
import type { AwsAccess } from '../aws/aws-access.ts';
import type { ProbeArrival } from '../bench/run/judge-probe.ts';
import { answerFacts } from '../bench/run/load-driver.ts';
import type { Connection } from '../endpoint/connection.ts';
import { type ApiGatewayTarget, createApiGatewayTransport } from '../endpoint/api-gateway.ts';
import { CONNECT_TIMEOUT_MS } from '../endpoint/turn-timers.ts';
import { createLoopWatch } from '../bench/run/loop-watch.ts';
import { createClientDriver } from '../bench/run/client-driver.ts';
import { type FlushProbeRequest, PROBE_DEFAULTS } from '../protocol.ts';

/** An endpoint to be proved. */
export interface ProofTarget extends ApiGatewayTarget {
  readonly idleLimitMs?: number | undefined;
  readonly proxies?: AwsAccess['proxies'];
}

export type ProbeSender = ReturnType<typeof openProbeSender>;

/** One probe of the endpoint. Times are ms since it was sent. */
export type ProofProbe = Awaited<ReturnType<ProbeSender['send']>>;

/** A probe has a few seconds of work; what takes longer than this is not going to end. */
const TOTAL_TIMEOUT_MS = 60_000;

/** Sends probes, each on a connection of its own, as `bench` and `chat` send their turns. */
export function openProbeSender({ url, auth, idleLimitMs, headers, proxies }: ProofTarget) {
  const timers = { connectMs: CONNECT_TIMEOUT_MS, totalMs: TOTAL_TIMEOUT_MS };
  const transport = createApiGatewayTransport({ url, auth, headers }, { timers, proxies });
  const connection: Connection = { transport, idleLimitMs, close: () => transport.close() };
  const driver = createClientDriver(new Map([['api', connection]]), undefined);
  return {
    /** @returns the probe with `number` 0; a failure of the endpoint is in it */
    async send(probe: FlushProbeRequest, signal: AbortSignal) {
      const sent = await driver.send({ hop: 'api', probe: { ...PROBE_DEFAULTS, ...probe } }, signal);
      signal.throwIfAborted();
      const { failure, metrics } = sent;
      const { initMs, verdict } = answerFacts(sent);
      const gaps = gapsOf(sent.probeEvents);
      return {
        /** From 1 in a proof. */
        number: 0,
        /** HTTP status; undefined when no answer came. */
        status: sent.status,
        /** Why it failed; undefined when it ended well. */
        failure: failure && { code: failure.code, message: failure.message },
        headersMs: metrics.headersMs,
        /** First byte of the body. */
        ttfbMs: metrics.ttfbMs,
        /** Between two events: the median and the longest. */
        gapMs: percentileOf(gaps, 50),
        maxGapMs: gaps.at(-1),
        /** The longest time without a byte, and from the first event to the last by the sender's stamps. */
        maxSilenceMs: metrics.maxGapMs,
        heartbeats: metrics.heartbeats,
        sentSpanMs: (sent.probeEvents.at(-1)?.sentMs ?? 0) - (sent.probeEvents[0]?.sentMs ?? 0),
        /** Start of the function's environment, of a probe that waited for it. */
        initMs,
        // A stream that broke off proves nothing.
        verdict: failure ? undefined : verdict,
      };
    },
    close: () => transport.close(),
  };
}

/** A loop that was later than this share of the events' spacing may itself have joined two of them. */
const LATE_SHARE = 0.25;
/** Later than this share of the whole probe, and it may have joined all. */
const LATE_SHARE_OF_ALL = 0.5;
const MOST_REPEATS = 3;

/**
 * @param repeats how often odd probes are sent again because this process was late enough to make them so: to leave out more of them
 *   would leave out the endpoint's own
 * @returns so many equal probes, sent at once
 */
export async function sendAtOnce(
  sender: ProbeSender,
  probe: FlushProbeRequest & Pick<Required<FlushProbeRequest>, 'interval_ms' | 'count'>,
  count: number,
  signal: AbortSignal,
  repeats = MOST_REPEATS,
): Promise<readonly ProofProbe[]> {
  const watch = createLoopWatch();
  watch.start();
  const sent = await Promise.all(Array.from({ length: count }, () => sender.send(probe, signal))).finally(() => watch.stop());
  const { loopDelayMaxMs } = watch.read();
  const isOurs = sent.some(({ verdict: { name } = { name: 'streaming' } }) => {
    if (name === 'streaming') return false;
    const share = name === 'buffered' ? LATE_SHARE_OF_ALL * (probe.count - 1) : LATE_SHARE;
    return loopDelayMaxMs > share * probe.interval_ms;
  });
  return isOurs && repeats > 0 ? sendAtOnce(sender, probe, count, signal, repeats - 1) : sent;
}

/** Between events, ascending, ms: comments that fill a pause are reads of their own. */
function gapsOf(events: readonly ProbeArrival[]): Float64Array {
  const gaps = events.slice(1).map(({ atMs }, index) => atMs - (events[index]?.atMs ?? atMs));
  return Float64Array.from(gaps).sort();
}
