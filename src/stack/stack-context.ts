import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { OnStackReport } from './stack-report.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { transientError } from '../aws/aws-errors.ts';

/** Client, retries and events that all steps of a deploy or destroy share. */
export type StackContext = ReturnType<typeof createStackContext>;

/** Input of every operation on a stack. */
export interface OperationInput {
  readonly timing?: Partial<StackTiming>;
  readonly onEvent: OnStackReport;
  readonly signal: AbortSignal;
}

export function createStackContext(client: CloudFormationClient, { onEvent, signal, timing: given }: OperationInput) {
  const timing = { ...STACK_TIMING, ...given };
  /** Makes a call that may be repeated; rejects with the call's error. */
  const retrying = createRetry(timing, onEvent, signal);
  return { client, timing, onEvent, signal, retrying };
}

const WORDS = {
  network: 'no connection to AWS: a started operation continues there; retrying',
  throttled: 'AWS throttles our requests: polling more slowly',
};

/**
 * Retries while the network is down or the control plane throttles, and reports it once. Does not retry a network that has never
 * worked, which points to a wrong address.
 */
function createRetry(timing: StackTiming, onEvent: OnStackReport, signal: AbortSignal) {
  let hasAnswered = false;
  return async <T>(call: () => Promise<T>): Promise<T> => {
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

/** Intervals and limits of polling and retries, ms. With one call per poll, all calls together stay below 1.5 a second. */
const STACK_TIMING = {
  /** First poll interval; it grows up to the next two: while no resource is in progress, and while one is. */
  firstPollMs: 100,
  pollMs: 2_000,
  pollInFlightMs: 1_000,
  /** Longest outage or throttling before the error is final. */
  maxOutageMs: 300_000,
  /** First retry interval; doubled up to the next one. */
  retryMs: 1_000,
  maxRetryMs: 10_000,
  /**
   * Wait before the retry of a deletion that API Gateway has throttled (developer guide, "Amazon API Gateway quotas": DeleteRestApi once in
   * 30 seconds per account and Region).
   */
  throttledDeleteMs: 30_000,
};

type StackTiming = Readonly<typeof STACK_TIMING>;

const GROWTH = 2;

/**
 * Waits between two polls, a little longer each time, because small stacks are done soon.
 * @returns a function that waits, for a shorter time while a resource is in progress; rejects with an AbortError on abort
 */
export function createPollDelay(timing: StackTiming, signal: AbortSignal): (isInFlight: boolean) => Promise<void> {
  const { firstPollMs, pollMs, pollInFlightMs } = timing;
  let ms = firstPollMs;
  return async (isInFlight) => {
    await sleep(Math.min(ms, isInFlight ? pollInFlightMs : pollMs), undefined, { signal });
    ms *= GROWTH;
  };
}
