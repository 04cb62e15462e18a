import { setTimeout as sleep } from 'node:timers/promises';
import type { ProbeSender } from './send-probe.ts';
import type { ProofAttempt } from './proof.ts';

/** The end of waiting for an endpoint. */
export interface Awaited {
  readonly last: ProofAttempt;
  readonly waitedMs: number;
  readonly initMs: number | undefined;
}

export interface AwaitOptions {
  readonly signal: AbortSignal;
  /** How long it may take, ms; with 0 it is asked once. AWS does not say how long a new stage or key takes to be known everywhere. */
  readonly patienceMs: number;
  readonly onAttempt: (attempt: ProofAttempt) => void;
}

/** Between two questions: soon at first, since most endpoints serve at once. */
const FIRST_DELAY_MS = 500;
const MAX_DELAY_MS = 4_000;

/**
 * What is normal right after a deploy, until the stage, the key and the permission are known everywhere: 403 and 404 of API Gateway,
 * 5xx of an integration that may not call its function yet, a name that does not resolve.
 */
const PASSING_STATUSES: ReadonlySet<number | undefined> = new Set([
  undefined,
  403,
  404,
  429,
  500,
  502,
  503,
  504,
]);

/** Of the function itself: it has been reached, and another try would give the same. */
const FINAL_CODES: ReadonlySet<string> = new Set(['NOT_FOUND', 'INVALID_REQUEST']);

/**
 * Asks for a stream of one event until it comes.
 * @returns the last attempt, whose `failure` says whether it serves
 * @throws AbortError when the signal is aborted
 */
export async function awaitEndpoint(sender: ProbeSender, options: AwaitOptions): Promise<Awaited> {
  const { signal, patienceMs, onAttempt } = options;
  const startedAt = performance.now();
  for (let number = 1, delayMs = FIRST_DELAY_MS; ; number += 1) {
    const { status, failure, initMs } = await sender.send({ count: 1, interval_ms: 0 }, signal);
    const waitedMs = performance.now() - startedAt;
    const isPassing =
      failure !== undefined && PASSING_STATUSES.has(status) && !FINAL_CODES.has(failure.code);
    const goesOn = isPassing && waitedMs + delayMs <= patienceMs;
    const last = { number, status, failure, retryInMs: goesOn ? delayMs : undefined };
    onAttempt(last);
    if (!goesOn) return { last, waitedMs, initMs };
    await sleep(delayMs, undefined, { signal });
    delayMs = Math.min(delayMs * 2, MAX_DELAY_MS);
  }
}
