import { STREAM_LIMIT_MS } from '../aws/limits.ts';
import type { ErrorCode } from '../cli/error-codes.ts';
import { AgentstreamError, type Hint, hint, OperationError, StreamError } from '../cli/errors.ts';
import { formatSpan } from '../ui/format.ts';
import { LOGS } from './endpoint-error.ts';
import type { TurnResult } from './run-turn.ts';

/**
 * The error for a turn that failed, with a hint; undefined for a turn that ended well or was cancelled. A failure before the stream is an
 * OperationError, a failure within it a StreamError.
 */
export function turnFailure(
  { metrics, failure }: Pick<TurnResult, 'metrics' | 'failure'>,
  idleLimitMs: number | undefined,
): AgentstreamError | undefined {
  const fail = (code: ErrorCode, message: string, cure: Hint): StreamError =>
    new StreamError(code, message, { cause: failure, hint: cure });
  switch (metrics.outcome) {
    case 'ok':
    case 'cancelled':
      return undefined;
    case 'error-event': {
      const text = `the agent reported an error: ${failure?.message ?? 'no reason given'}`;
      const cure = hint`what came before it is kept; the agent's own log says more, ${LOGS} has the AWS request id`;
      return fail('AGENT_FAILED', text, cure);
    }
    case 'empty': {
      const cure = hint`an agent that returns or yields nothing answers so; its own log says more: ${LOGS} has the function's`;
      return fail('EMPTY_ANSWER', 'the agent answered with nothing: a success without content', cure);
    }
    case 'no-terminal': {
      const cure = "the answer may be incomplete; the agent's own log says more";
      return fail('NO_TERMINAL', "the stream ended without the agent's end mark", cure);
    }
    case 'idle-cut': {
      const text = `nothing came for ${(idleLimitMs ?? 0) / 1_000} s, the idle limit of this endpoint: the stream was cut`;
      return fail('IDLE_CUT', text, hint`let the endpoint fill the silence: ${HEARTBEAT}`);
    }
    case 'cap-cut': {
      const text = `the stream was cut after ${Math.round(metrics.durationMs / 1_000)} s: no stream lasts longer here`;
      return fail('CAP_CUT', text, 'ask for less at once, and go on in the same session');
    }
    case 'reset':
    case 'client-timeout': {
      const { code = 'STREAM_CUT', hint: given } = failure instanceof AgentstreamError ? failure : {};
      const cure = code === 'STREAM_CUT' ? (given ?? cutHint(metrics)) : given;
      const Kind = metrics.ttfbMs === undefined ? OperationError : StreamError;
      return new Kind(code, failure?.message ?? 'the stream broke off', { cause: failure, hint: cure });
    }
    default:
      // `endpointError` made it: anything else is a bug of ours.
      if (failure instanceof AgentstreamError) return failure;
      throw new Error(`a turn ended as ${metrics.outcome} without a reason`, { cause: failure });
  }
}

const HEARTBEAT = ['agentstream', 'deploy', '--heartbeat', '15s'];

/** The shortest idle limit of API Gateway is 30 s; a timer may be a little early. */
const LIKELY_IDLE_CUT_MS = 29_000;

/** A guess at the cut of a stream whose limits are not known, by its silence and its length. */
function cutHint({ maxGapMs, ttfbMs, durationMs }: TurnResult['metrics']): Hint {
  const silentMs = Math.max(maxGapMs, ttfbMs ?? durationMs);
  if (silentMs >= LIKELY_IDLE_CUT_MS)
    return hint`nothing came for ${formatSpan(silentMs)}: an idle limit may have cut it (5 minutes, 30 s at an edge-optimized endpoint or behind CloudFront); let the endpoint fill the silence: ${HEARTBEAT}`;
  if (durationMs >= STREAM_LIMIT_MS - 1_000) return 'no stream lasts longer than 15 minutes: ask for less at once';
  return hint`no limit of AWS cuts a stream after ${formatSpan(durationMs)}: look at the network between, a proxy among others, and at ${LOGS}`;
}
