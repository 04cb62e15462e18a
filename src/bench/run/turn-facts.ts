import type { Outcome } from '../../stream/outcome.ts';
import { judgeProbe } from './judge-probe.ts';
import type { SentTurn } from './load-driver.ts';
import type { TurnRecord } from './turn-record.ts';

/** What a turn's record says of its answer. */
export type AnswerFacts = Pick<
  TurnRecord,
  'status' | 'code' | 'metrics' | 'initMs' | 'agentMs' | 'tokens' | 'verdict'
>;

export function answerFacts(turn: SentTurn): AnswerFacts {
  const { metrics, status, code, tokens, serverTiming = '', probeEvents } = turn;
  const initMs = readTiming(serverTiming, 'init');
  const agentMs = readTiming(serverTiming, 'agentcore');
  const verdict = probeEvents.length === 0 ? undefined : judgeProbe(probeEvents);
  return {
    metrics,
    ...(status !== undefined && { status }),
    ...(code !== undefined && metrics.outcome !== 'ok' && { code }),
    ...(initMs !== undefined && { initMs }),
    ...(agentMs !== undefined && { agentMs }),
    ...(tokens && { tokens }),
    ...(verdict && { verdict }),
  };
}

/** Whether the server may hold the turn's session: it was asked, and has not refused before the agent's turn came. */
export function mayHoldSession({ sentAt, status, code }: SentTurn): boolean {
  if (sentAt === undefined || code === 'CONNECT_FAILED' || code === 'CONNECT_TIMEOUT') return false;
  return status === undefined || status < 400 || status === AGENT_FAILED || status >= 500;
}

/** Whether the session takes another conversation: after a cut its agent may still be at work. */
export function isSessionFit({ metrics }: SentTurn): boolean {
  return !LEAVES_WORK.has(metrics.outcome);
}

const AGENT_FAILED = 424;

const LEAVES_WORK: ReadonlySet<Outcome> = new Set([
  'reset',
  'idle-cut',
  'cap-cut',
  'client-timeout',
  'cancelled',
]);

/** A duration of a Server-Timing header, ms (W3C, "Server Timing"). */
function readTiming(header: string, name: string): number | undefined {
  const duration = new RegExp(`(?:^|,)\\s*${name};dur=([\\d.]+)`).exec(header)?.[1];
  return duration === undefined ? undefined : Number(duration);
}
