import { STREAM_LIMIT_MS } from '../aws/limits.ts';
import { AgentstreamError, OperationError, StreamError } from '../cli/errors.ts';
import { type Hint, hint } from '../cli/hint.ts';
import { formatSpan } from '../ui/format.ts';
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
    case 'empty':
      return new StreamError('EMPTY_ANSWER', 'the agent answered with nothing: a success without content', {
        ...detail,
        hint: hint`an agent that returns or yields nothing answers so; its own log says more: ${['agentstream', 'logs']} has the function's`,
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
        { ...detail, hint: hint`let the endpoint fill the silence: ${['agentstream', 'deploy', '--heartbeat', '15s']}` },
      );
    case 'cap-cut':
      return new StreamError(
        'CAP_CUT',
        `the stream was cut after ${Math.round(metrics.durationMs / 1_000)} s: no stream lasts longer here`,
        { ...detail, hint: 'ask for less at once, and go on in the same session' },
      );
    case 'reset':
    case 'client-timeout': {
      const code = failure instanceof AgentstreamError ? failure.code : 'STREAM_CUT';
      const message = failure?.message ?? 'the stream broke off';
      const given = failure instanceof AgentstreamError ? failure.hint : undefined;
      const cure = code === 'STREAM_CUT' ? (given ?? cutHint(metrics)) : given;
      const begun = metrics.ttfbMs !== undefined;
      return new (begun ? StreamError : OperationError)(code, message, { ...detail, hint: cure });
    }
    default:
      return failure instanceof AgentstreamError
        ? failure
        : new OperationError('HTTP_ERROR', failure?.message ?? 'the endpoint refused the request', detail);
  }
}

/** The shortest idle limit of API Gateway is 30 s; a timer may be a little early. */
const LIKELY_IDLE_CUT_MS = 29_000;

/** What may have cut a stream whose limits are not known, by how long it was silent and how long it lasted. */
function cutHint({ maxGapMs, ttfbMs, durationMs }: TurnResult['metrics']): Hint {
  const silentMs = Math.max(maxGapMs, ttfbMs ?? durationMs);
  if (silentMs >= LIKELY_IDLE_CUT_MS) {
    return hint`nothing came for ${formatSpan(silentMs)}: an idle limit may have cut it (5 minutes, 30 s at an edge-optimized endpoint or behind CloudFront); let the endpoint fill the silence: ${['agentstream', 'deploy', '--heartbeat', '15s']}`;
  }
  if (durationMs >= STREAM_LIMIT_MS - 1_000) return 'no stream lasts longer than 15 minutes: ask for less at once';
  return hint`no limit of AWS cuts a stream after ${formatSpan(durationMs)}: look at the network between, a proxy among others, and at ${['agentstream', 'logs']}`;
}
