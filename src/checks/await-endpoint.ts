import { setTimeout as sleep } from 'node:timers/promises';
import type { ProbeSender } from './send-probe.ts';
import type { ProofAttempt } from './proof.ts';

export interface AwaitOptions {
  readonly signal: AbortSignal;
  /** How long it may take, ms; with 0 it is asked once. AWS does not say how long a new stage or key takes to be known everywhere. */
  readonly maxOutageMs: number;
  readonly onAttempt: (attempt: ProofAttempt) => void;
}

/** Between two questions: soon at first, since most endpoints serve at once. */
const FIRST_DELAY_MS = 500;
const MAX_DELAY_MS = 4_000;

/**
 * Answers that are normal right after a deploy, until the stage, the key and the permission are known everywhere: 403 and 404 of API Gateway,
 * 5xx of an integration that may not call its function yet, a name that does not resolve.
 */
const PASSING_STATUSES: ReadonlySet<number | undefined> = new Set([undefined, 403, 404, 429, 500, 502, 503, 504]);

/** IAM's message for a caller who may not call the API (IAM user guide, "Troubleshoot access denied error messages"). */
const NOT_ALLOWED = /not authorized to perform: execute-api:Invoke/;

/** Such an answer does not pass with the deploy; but a policy that has just been attached is not known everywhere at once. */
const NOT_ALLOWED_PATIENCE_MS = 5_000;

/** Whether the endpoint serves, but refuses this caller. */
export function isNotAllowed({ status, failure }: ProofAttempt): boolean {
  return status === 403 && NOT_ALLOWED.test(failure?.message ?? '');
}

/** API Gateway's message when a usage plan's quota is used up; a throttle says `Too Many Requests` (AWS Knowledge Center, "429 Too Many Requests" or "Limit Exceeded" errors). */
const QUOTA_USED_UP = /: Limit Exceeded$/;

/** Failures of this caller: there was no token, so nothing was sent. */
const TOKEN_CODES: ReadonlySet<string> = new Set(['TOKEN_COMMAND_FAILED', 'INVALID_TOKEN']);

/** Why an answer says nothing against the endpoint, and why asking again gives the same; undefined for all others. */
export function excuseOf({ status, failure }: Pick<ProofAttempt, 'status' | 'failure'>): string | undefined {
  if (failure === undefined) return undefined;
  if (status === 429 && QUOTA_USED_UP.test(failure.message)) return 'the quota of the API key is used up';
  return TOKEN_CODES.has(failure.code) ? failure.message : undefined;
}

/** Failures of the function itself: it was reached, and a retry would give the same. */
const FINAL_CODES: ReadonlySet<string> = new Set(['NOT_FOUND', 'INVALID_REQUEST']);

/**
 * Asks for a stream of one event until it comes.
 * @returns the last attempt, whose `failure` says whether it serves
 * @throws AbortError when the signal is aborted
 */
export async function awaitEndpoint(sender: ProbeSender, options: AwaitOptions) {
  const { signal, maxOutageMs, onAttempt } = options;
  const startedAt = performance.now();
  for (let number = 1, delayMs = FIRST_DELAY_MS; ; number += 1) {
    const { status, failure, initMs } = await sender.send({ count: 1, interval_ms: 0 }, signal);
    const waitedMs = performance.now() - startedAt;
    const isPassing =
      failure !== undefined &&
      PASSING_STATUSES.has(status) &&
      !FINAL_CODES.has(failure.code) &&
      excuseOf({ status, failure }) === undefined;
    const attempt = { number, status, failure, retryInMs: undefined };
    const limitMs = isNotAllowed(attempt) ? Math.min(maxOutageMs, NOT_ALLOWED_PATIENCE_MS) : maxOutageMs;
    const goesOn = isPassing && waitedMs + delayMs <= limitMs;
    const last = { ...attempt, retryInMs: goesOn ? delayMs : undefined };
    onAttempt(last);
    if (!goesOn) return { last, waitedMs, initMs };
    await sleep(delayMs, undefined, { signal });
    delayMs = Math.min(delayMs * 2, MAX_DELAY_MS);
  }
}
