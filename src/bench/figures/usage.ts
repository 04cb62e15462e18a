import { API_THROTTLE_BYTES, LAMBDA_THROTTLE_BYTES } from '../../aws/limits.ts';
import type { HopFacts } from './report-schema.ts';
import { hasArrived } from './turn-groups.ts';
import type { TurnRecord } from '../run/turn-record.ts';

/** Billable usage of turns, as plain sums. */
export interface Usage {
  readonly turns: number;
  readonly apiGatewayRequests: number;
  readonly lambdaRequests: number;
  /** Megabytes of memory times milliseconds. */
  readonly lambdaMbMs: number;
  /** Past the first 6 MB of each answer. */
  readonly lambdaStreamedBytes: number;
  readonly transferBytes: number;
  /** Milliseconds of streams that an agent made. */
  readonly agentMs: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Turns of a function whose memory is not known. */
  readonly assumedMemory: number;
  /** Turns that were left or cut while the function went on. */
  readonly left: number;
}

/** Memory of the function in the template of agentstream, assumed when the real one is unknown. */
export const ASSUMED_MEMORY_MB = 512;

export const NO_USAGE: Usage = {
  turns: 0,
  apiGatewayRequests: 0,
  lambdaRequests: 0,
  lambdaMbMs: 0,
  lambdaStreamedBytes: 0,
  transferBytes: 0,
  agentMs: 0,
  inputTokens: 0,
  outputTokens: 0,
  assumedMemory: 0,
  left: 0,
};
const LEFT: ReadonlySet<TurnRecord['outcome']> = new Set(['unfinished', 'cancelled', 'client-timeout', 'idle-cut']);

/**
 * Adds up the billable usage of turns.
 * @param isProbe their streams were the function's own: no agent had to work
 */
export function usageOf(turns: readonly TurnRecord[], hops: readonly HopFacts[], isProbe: boolean): Usage {
  const memory = new Map(hops.map(({ hop, memoryMb }) => [hop, memoryMb]));
  return turns
    .filter(hasArrived)
    .map((turn) => usageOfTurn(turn, memory.get(turn.hop), isProbe))
    .reduce(addUsage, NO_USAGE);
}

/** Two usages together. */
export function addUsage(a: Usage, b: Usage): Usage {
  return mapUsage(a, (amount, name) => amount + b[name]);
}

/** So many times this usage. */
export function scaleUsage(usage: Usage, factor: number): Usage {
  return mapUsage(usage, (amount) => amount * factor);
}

function mapUsage(usage: Usage, change: (amount: number, name: keyof Usage) => number): Usage {
  const entries = Object.entries(usage) as [keyof Usage, number][];
  return Object.fromEntries(entries.map(([name, amount]) => [name, change(amount, name)])) as unknown as Usage;
}

function usageOfTurn(turn: TurnRecord, memoryMb: number | undefined, isProbe: boolean): Usage {
  const { hop, metrics, outcome, status = 0, tokens } = turn;
  const { bytes, durationMs } = metrics;
  const isStopped = outcome === 'gateway-error' && status < 500;
  const runsFunction = hop !== 'agentcore' && !isStopped;
  // Whole milliseconds, as Lambda charges: their sum is the same in any order. The start of an environment is within it.
  const runMs = Math.ceil(durationMs);
  return {
    turns: 1,
    apiGatewayRequests: hop === 'api' ? Math.max(1, Math.ceil(bytes / API_THROTTLE_BYTES)) : 0,
    lambdaRequests: runsFunction ? 1 : 0,
    lambdaMbMs: runsFunction ? runMs * (memoryMb ?? ASSUMED_MEMORY_MB) : 0,
    lambdaStreamedBytes: runsFunction ? Math.max(0, bytes - LAMBDA_THROTTLE_BYTES) : 0,
    transferBytes: bytes,
    agentMs: isProbe || isStopped ? 0 : runMs,
    inputTokens: tokens?.input ?? 0,
    outputTokens: tokens?.output ?? 0,
    assumedMemory: runsFunction && memoryMb === undefined ? 1 : 0,
    left: LEFT.has(outcome) ? 1 : 0,
  };
}
