import { setTimeout as sleep } from 'node:timers/promises';
import { OperationError } from '../cli/errors.ts';
import { runTurn, type TurnListener, type TurnResult } from './run-turn.ts';
import { formatMs } from '../ui/format.ts';
import { type Connection, limitsOf } from './connection.ts';
import type { TurnRequest } from './transport.ts';

/** Waits before the second and the third attempt, ms. */
const WAITS_MS: readonly number[] = [500, 2_000];

const RETRIED_STATUSES = new Set([429, 503]);

/**
 * The retry rule: a turn is retried only when the agent has not begun to work on it, since an agent with side effects must not run
 * twice. So a failed connection, 429 and 503 are retried; a stream that has begun and an exhausted quota are not.
 */
function isRetriable({ status, failure }: Pick<TurnResult, 'status' | 'failure'>): boolean {
  if (!(failure instanceof OperationError)) return false;
  if (status === undefined) return /^CONNECT_(FAILED|TIMEOUT)$/.test(failure.code);
  return RETRIED_STATUSES.has(status) && failure.code !== 'QUOTA_EXCEEDED';
}

/** Runs a turn, and retries it while the rule allows it and waits are left. @param tell gets a sentence before each wait */
export async function runTurnWithRetries(
  connection: Connection,
  request: TurnRequest,
  listener: TurnListener,
  signal: AbortSignal,
  tell: (text: string) => void,
  waitsMs = WAITS_MS,
): Promise<TurnResult> {
  const { transport } = connection;
  const limits = limitsOf(connection);
  for (const waitMs of waitsMs) {
    const result = await runTurn(transport, request, listener, signal, limits);
    if (!result.failure || !isRetriable(result) || signal.aborted) return result;
    tell(`${result.failure.message}; trying again in ${formatMs(waitMs)}`);
    await sleep(waitMs, undefined, { signal }).catch(() => undefined);
  }
  return runTurn(transport, request, listener, signal, limits);
}
