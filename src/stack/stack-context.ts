import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { OnStackReport } from './stack-report.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { transientError } from '../aws/aws-errors.ts';

/** What every step of a deploy or a destroy works with. */
export interface StackContext {
  readonly client: CloudFormationClient;
  readonly retrying: Retry;
  readonly timing: StackTiming;
  readonly onEvent: OnStackReport;
  readonly signal: AbortSignal;
}

export function createStackContext(
  client: CloudFormationClient,
  input: {
    readonly onEvent: OnStackReport;
    readonly signal: AbortSignal;
    readonly timing?: Partial<StackTiming> | undefined;
  },
): StackContext {
  const { onEvent, signal } = input;
  const timing = { ...STACK_TIMING, ...input.timing };
  return {
    client,
    timing,
    onEvent,
    signal,
    retrying: createRetry({ timing, onEvent, signal }),
  };
}

/** Makes a call that may be repeated; rejects with the call's own error. */
type Retry = <T>(call: () => Promise<T>) => Promise<T>;

const WORDS = {
  network: 'AWS cannot be reached: what was begun goes on there, trying again',
  throttled: 'AWS refuses to be asked that often: asking more slowly',
};

/**
 * Sits out a cut network and a throttled control plane, and says so once each time. A network that never worked is not waited for:
 * then it is an address that is wrong.
 */
function createRetry(input: {
  readonly timing: StackTiming;
  readonly onEvent: OnStackReport;
  readonly signal: AbortSignal;
}): Retry {
  const { timing, onEvent, signal } = input;
  let hasAnswered = false;
  return async (call) => {
    let since: number | undefined;
    let waitMs = timing.retryMs;
    for (;;) {
      try {
        const answer = await call();
        hasAnswered = true;
        if (since !== undefined) onEvent({ type: 'note', text: 'AWS answers again' });
        return answer;
      } catch (error) {
        const trouble = transientError(error);
        if (signal.aborted || !trouble || (trouble === 'network' && !hasAnswered)) throw error;
        const now = performance.now();
        if (since === undefined) onEvent({ type: 'note', text: WORDS[trouble] });
        since ??= now;
        if (now - since >= timing.maxOutageMs) throw error;
        await sleep(waitMs, undefined, { signal });
        waitMs = Math.min(waitMs * 2, timing.maxRetryMs);
      }
    }
  };
}

/** How long is waited for what, ms. */
export interface StackTiming {
  /** First time between two questions; it grows to the next two. */
  readonly firstPollMs: number;
  /** Most time between two questions while nothing is in flight, and while something is. */
  readonly pollMs: number;
  readonly pollInFlightMs: number;
  /** How long AWS may be out of reach, or refuse to be asked that often. */
  readonly maxOutageMs: number;
  /** First time between two attempts in that state; doubled up to the next one. */
  readonly retryMs: number;
  readonly maxRetryMs: number;
  /** Before a deletion is tried again that API Gateway has throttled. */
  readonly throttledDeleteMs: number;
}

/** With one question a poll these stay below 1.5 calls a second, all else included. */
const STACK_TIMING: StackTiming = {
  firstPollMs: 250,
  pollMs: 2_000,
  pollInFlightMs: 1_000,
  maxOutageMs: 300_000,
  retryMs: 1_000,
  maxRetryMs: 10_000,
  // Developer guide of API Gateway, "Amazon API Gateway quotas": DeleteRestApi once in 30 seconds per account and Region.
  throttledDeleteMs: 30_000,
};

const GROWTH = 3;

/**
 * Waits between two questions, a little longer each time: small stacks are done soon.
 * @returns a function that waits, the shorter the more is in flight; it rejects with an AbortError when the signal is aborted
 */
export function createPollDelay(
  { firstPollMs, pollMs, pollInFlightMs }: StackTiming,
  signal: AbortSignal,
): (isInFlight: boolean) => Promise<void> {
  let ms = firstPollMs;
  return async (isInFlight) => {
    await sleep(Math.min(ms, isInFlight ? pollInFlightMs : pollMs), undefined, { signal });
    ms *= GROWTH;
  };
}
