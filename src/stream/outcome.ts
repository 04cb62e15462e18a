import type { Ending } from './stream-part.ts';

/**
 * The outcome of a turn. Only `ok` is good: the body ended properly, had something in it, no error event was in it, and the framework's
 * end mark came where it was announced. `empty`: a success without content, or with comments only. `http-error`: the function or what is
 * behind it refused. `gateway-error`: API Gateway refused before it.
 */
export const OUTCOMES = [
  'ok',
  'http-error',
  'gateway-error',
  'error-event',
  'empty',
  'no-terminal',
  'reset',
  'idle-cut',
  'cap-cut',
  'client-timeout',
  'cancelled',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Limits of the hop that a stream used, ms: they tell a cut by a limit from a broken connection. */
export interface StreamLimits {
  /** Silence after which the stream is cut. */
  readonly idleLimitMs?: number | undefined;
  /** Length at which it is cut. */
  readonly streamLimitMs?: number | undefined;
}

export interface OutcomeFacts {
  readonly ending: Ending;
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** Body of an answer that is not a success. */
  readonly errorBody: string;
  readonly sawError: boolean;
  /** Something other than comments was in the body. */
  readonly sawContent: boolean;
  /** A run was announced and not ended. */
  readonly awaitsFinish: boolean;
  /** From the last sign of life to the end, ms. */
  readonly silenceMs: number;
  /** From `sent` to the end, ms. */
  readonly lengthMs: number;
}

/** Whether an answer of this status carries what the agent said. */
export function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

/**
 * Whether a cut after this time is the limit's. The server's timer and ours do not start together: 5 % of the limit lie between them, or 250 ms,
 * which a busy machine takes and `--time-scale` does not shrink, but never more than a quarter.
 */
function isNear(ms: number, limitMs: number | undefined): boolean {
  return limitMs !== undefined && ms >= limitMs - Math.max(0.05 * limitMs, Math.min(250, limitMs / 4));
}

/** Which class a turn falls into. */
export function classifyOutcome(facts: OutcomeFacts, limits: StreamLimits): Outcome {
  switch (facts.ending) {
    case 'cancelled':
    case 'client-timeout':
      return facts.ending;
    case 'reset':
      if (isNear(facts.silenceMs, limits.idleLimitMs)) return 'idle-cut';
      if (isNear(facts.lengthMs, limits.streamLimitMs)) return 'cap-cut';
      return 'reset';
    case 'end':
      if (facts.status === undefined || !isSuccess(facts.status)) return isGatewayError(facts) ? 'gateway-error' : 'http-error';
      if (facts.sawError) return 'error-event';
      if (!facts.sawContent) return 'empty';
      return facts.awaitsFinish ? 'no-terminal' : 'ok';
  }
}

/** How the stream of a turn with this outcome ended, as the socket saw it. */
export function endingOfOutcome(outcome: Outcome): Ending {
  if (outcome === 'client-timeout' || outcome === 'cancelled') return outcome;
  return outcome === 'reset' || outcome === 'idle-cut' || outcome === 'cap-cut' ? 'reset' : 'end';
}

/** API Gateway names its own errors in a header ("Gateway responses"); the body of the function's has a `code`. */
function isGatewayError({ headers, errorBody }: OutcomeFacts): boolean {
  return 'x-amzn-errortype' in headers && !/"code"\s*:/.test(errorBody);
}
