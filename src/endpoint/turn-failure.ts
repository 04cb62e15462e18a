import { AgentstreamError, OperationError, StreamError } from '../cli/errors.ts';
import { hint } from '../cli/hint.ts';
import type { TurnResult } from './run-turn.ts';

/**
 * The error for a turn that failed, with a hint; undefined for a turn that ended well or was cancelled. A failure before the stream is an
 * OperationError, a failure within it a StreamError.
 */
export function turnFailure(
  { metrics, failure }: Pick<TurnResult, 'metrics' | 'failure'>,
  idleLimitMs: number | undefined,
): AgentstreamError | undefined {
  const detail = { cause: failure };
  switch (metrics.outcome) {
    case 'ok':
    case 'cancelled':
      return undefined;
    case 'error-event':
      return new StreamError('AGENT_FAILED', `the agent reported an error: ${failure?.message ?? 'no reason given'}`, {
        ...detail,
        hint: "what came before it is kept; the agent's own log says more",
      });
    case 'no-terminal':
      return new StreamError('NO_TERMINAL', "the stream ended without the agent's end mark", {
        ...detail,
        hint: "the answer may be incomplete; the agent's own log says more",
      });
    case 'idle-cut':
      return new StreamError(
        'IDLE_CUT',
        `nothing came for ${(idleLimitMs ?? 0) / 1_000} s, the idle limit of this endpoint: the stream was cut`,
        {
          ...detail,
          hint: hint`let the endpoint fill the silence: ${['agentstream', 'deploy', '--heartbeat', '15s']}`,
        },
      );
    case 'cap-cut':
      return new StreamError(
        'CAP_CUT',
        `the stream was cut after ${Math.round(metrics.durationMs / 1_000)} s: no stream lasts longer here`,
        {
          ...detail,
          hint: 'ask for less at once, and go on in the same session',
        },
      );
    case 'reset':
    case 'client-timeout': {
      const code = failure instanceof AgentstreamError ? failure.code : 'STREAM_CUT';
      const message = failure?.message ?? 'the stream broke off';
      const cure = failure instanceof AgentstreamError ? failure.hint : undefined;
      const begun = metrics.ttfbMs !== undefined;
      return new (begun ? StreamError : OperationError)(code, message, { ...detail, hint: cure });
    }
    default:
      return failure instanceof AgentstreamError
        ? failure
        : new OperationError('HTTP_ERROR', failure?.message ?? 'the endpoint refused the request', detail);
  }
}
