import { judgeProbe, type ProbeArrival } from './judge-probe.ts';
import { hasArrived } from './turn-kinds.ts';
import type { TurnRecord } from './turn-record.ts';
import type { AgentstreamError } from '../../cli/errors.ts';
import type { TurnResult } from '../../endpoint/run-turn.ts';
import type { ProbeRequest } from '../../protocol.ts';
import type { Outcome } from '../../stream/outcome.ts';
import type { Hop } from '../../stream/stream-part.ts';
import type { OfferedTrace } from './read-trace.ts';

/** Sends the turns of a load. The engine decides when. */
export interface LoadDriver {
  /** Runs one turn to its end, good or bad. @throws only for a bug */
  send(turn: LoadTurn, signal: AbortSignal): Promise<SentTurn>;
  /** Stops a session's work on the server. @throws when it could not be stopped */
  stop(hop: Hop, sessionId: string): Promise<void>;
}

export type LoadTurn =
  | { readonly hop: Hop; readonly prompt: string; readonly sessionId: string }
  | { readonly hop: Hop; readonly probe: Required<ProbeRequest> };

/** The result of a turn. */
export interface SentTurn extends Pick<TurnResult, 'metrics' | 'serverTiming' | 'status'> {
  /** Stamp of `performance.now()`; undefined when it never got as far as the wire. */
  readonly sentAt: number | undefined;
  /** Code of the failure, when the outcome is not `ok`; and the failure, where the client knows one. */
  readonly code: string | undefined;
  readonly failure?: AgentstreamError | undefined;
  readonly tokens: TurnRecord['tokens'];
  /** Events of a probe, ms since `sentAt`, with one time per read; empty for a prompt. */
  readonly probeEvents: readonly ProbeArrival[];
  readonly trace: OfferedTrace | undefined;
}

/** The members of a turn's record that describe its answer. */
export function answerFacts(turn: SentTurn) {
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
export function mayHoldSession(turn: SentTurn): boolean {
  const { sentAt, status } = turn;
  if (sentAt === undefined || !hasArrived(turn)) return false;
  return status === undefined || status < 400 || status === AGENT_FAILED || status >= 500;
}

/** Whether the session takes another conversation: after a cut its agent may still be at work. */
export function isSessionFit({ metrics }: SentTurn): boolean {
  return !LEAVES_WORK.has(metrics.outcome);
}

const AGENT_FAILED = 424;

const LEAVES_WORK: ReadonlySet<Outcome> = new Set(['reset', 'idle-cut', 'cap-cut', 'client-timeout', 'cancelled']);

/** A duration of a Server-Timing header, ms (W3C, "Server Timing"). */
function readTiming(header: string, name: string): number | undefined {
  const duration = new RegExp(`(?:^|,)\\s*${name};dur=([\\d.]+)`).exec(header)?.[1];
  return duration === undefined ? undefined : Number(duration);
}
