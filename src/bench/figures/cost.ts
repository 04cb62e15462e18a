import type { HopFacts, PriceTable } from './report-schema.ts';
import { UsageError } from '../../cli/errors.ts';
import { sumOf } from '../../stream/distribution.ts';
import { API_THROTTLE_BYTES, LAMBDA_THROTTLE_BYTES } from '../../aws/limits.ts';
import { hasArrived } from '../run/turn-kinds.ts';
import type { TurnRecord } from '../run/turn-record.ts';

const GB = 1_000_000_000;
const MB_MS_IN_GB_SECOND = 1_024 * 1_000;
const HOUR_MS = 3_600_000;
const MILLION = 1_000_000;

/** USD. `perGoodStream` is absent without a good stream. `leftOut`: costs that are not included, a sentence each. */
export type Cost = ReturnType<typeof costOf>;

/** The cost of a usage at these prices. @param goodStreams how many of its turns ended well; undefined where that is not known */
export function costOf(usage: Usage, prices: PriceTable, goodStreams?: number) {
  const parts = partsOf(usage, prices).filter(({ amount }) => amount > 0);
  const total = sumOf(parts, ({ amount }) => amount);
  return {
    total,
    parts,
    perThousandTurns: usage.turns === 0 ? 0 : (total / usage.turns) * 1_000,
    ...(goodStreams !== undefined && goodStreams > 0 && { perGoodStream: total / goodStreams }),
    leftOut: leftOutOf(usage, prices),
  };
}

function partsOf(usage: Usage, prices: PriceTable) {
  const part = (name: string, amount: number, unit: string, price: number) => ({
    name,
    amount: amount * price,
    quantity: say(amount, unit),
  });
  const agentHours = usage.agentMs / HOUR_MS;
  return [
    part('API Gateway requests', usage.apiGatewayRequests, 'requests', prices.apiGatewayRequest),
    part('Lambda requests', usage.lambdaRequests, 'requests', prices.lambdaRequest),
    part('Lambda duration', usage.lambdaMbMs / MB_MS_IN_GB_SECOND, 'GB-seconds', prices.lambdaGbSecond),
    part('Lambda streamed past 6 MB', usage.lambdaStreamedBytes / GB, 'GB', prices.lambdaStreamedGb),
    part('data transfer out', usage.transferBytes / GB, 'GB', prices.dataTransferGb),
    {
      name: 'AgentCore, if it kept 1 vCPU and 1 GB busy all the time',
      amount: agentHours * (prices.agentCoreVcpuHour + prices.agentCoreGbHour),
      quantity: say(agentHours * 3_600, 'seconds of streams'),
    },
    {
      name: "the model's tokens",
      amount:
        (usage.inputTokens / MILLION) * prices.inputTokensMillion + (usage.outputTokens / MILLION) * prices.outputTokensMillion,
      quantity: sayTokens(usage),
    },
  ];
}

function sayTokens({ inputTokens, outputTokens }: Usage): string {
  return `${say(inputTokens, 'in')}, ${say(outputTokens, 'out')}`;
}

function leftOutOf(usage: Usage, prices: PriceTable): string[] {
  const { inputTokens, outputTokens, agentMs, assumedMemory, left } = usage;
  const { inputTokensMillion, outputTokensMillion } = prices;
  const isPriced = (inputTokens === 0 || inputTokensMillion > 0) && (outputTokens === 0 || outputTokensMillion > 0);
  return [
    agentMs > 0 && inputTokens + outputTokens === 0 && "the model's tokens: the streams did not report them",
    !isPriced &&
      `the price of the model's tokens (${sayTokens(usage)}) is not known: --price inputTokensMillion=3 --price outputTokensMillion=15 would set it`,
    agentMs > 0 &&
      'what AgentCore charges for a session between its turns and until it ends, and CPU or memory past 1 vCPU and 1 GB',
    assumedMemory > 0 && `the memory of the function is not known: ${ASSUMED_MEMORY_MB} MB are assumed`,
    left > 0 &&
      `${say(left, left === 1 ? 'stream' : 'streams')} left or cut before the end: the function may have gone on, and is charged to its own end`,
    (usage.apiGatewayRequests > 0 || usage.lambdaRequests > 0) &&
      'logs, and services beside the stream: authorizer, firewall, tracing',
  ].filter((sentence) => sentence !== false);
}

function say(amount: number, unit: string): string {
  const digits = amount < 10 && !Number.isInteger(amount) ? 3 : 0;
  return `${amount.toLocaleString('en-US', digits === 0 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: digits })} ${unit}`;
}

/** List prices of the first tier as third parties quote them, on demand, without free allowances; Lambda on arm64. */
export const LIST_PRICES: PriceTable = {
  asOf: '2026-11-22',
  region: 'us-east-1',
  apiGatewayRequest: 3.5 / 1_000_000,
  lambdaRequest: 0.2 / 1_000_000,
  lambdaGbSecond: 0.0000133334,
  lambdaStreamedGb: 0.008,
  dataTransferGb: 0.09,
  agentCoreVcpuHour: 0.0895,
  agentCoreGbHour: 0.00945,
  inputTokensMillion: 0,
  outputTokensMillion: 0,
};

/** Replaces prices. @param overrides each `NAME=USD`, as `--price lambdaGbSecond=0.00002` @throws {UsageError} INVALID_PRICE */
export function overridePrices(prices: PriceTable, overrides: readonly string[]): PriceTable {
  return overrides.reduce((table, override) => {
    const [, name = '', amount = ''] = /^\s*(\w+)\s*=\s*(.+)$/.exec(override) ?? [];
    const names = Object.entries(table).flatMap(([known, price]) => (typeof price === 'number' ? known : []));
    if (!names.includes(name) || !/^\d*\.?\d+(?:e-?\d+)?\s*$/i.test(amount)) {
      throw new UsageError('INVALID_PRICE', `not a price: ${override}`, {
        hint: `--price lambdaGbSecond=0.00002; names: ${names.join(', ')}`,
      });
    }
    return { ...table, [name]: Number(amount) };
  }, prices);
}

/** Memory of the function in the template of agentstream, assumed when the real one is unknown. */
const ASSUMED_MEMORY_MB = 512;

const NO_USAGE = {
  turns: 0,
  apiGatewayRequests: 0,
  lambdaRequests: 0,
  /** Megabytes of memory times milliseconds. */
  lambdaMbMs: 0,
  /** Past the first 6 MB of each answer. */
  lambdaStreamedBytes: 0,
  transferBytes: 0,
  /** Milliseconds of streams that an agent made. */
  agentMs: 0,
  inputTokens: 0,
  outputTokens: 0,
  /** Turns of a function whose memory is not known. */
  assumedMemory: 0,
  /** Turns that were left or cut while the function went on. */
  left: 0,
};

/** Billable usage of turns, as plain sums. */
export type Usage = Readonly<typeof NO_USAGE>;

const LEFT: ReadonlySet<TurnRecord['outcome']> = new Set(['unfinished', 'cancelled', 'client-timeout', 'idle-cut']);

/** Adds up the billable usage of turns. @param isProbe their streams were the function's own: no agent had to work */
export function usageOf(turns: readonly TurnRecord[], hops: readonly HopFacts[], isProbe: boolean): Usage {
  const memory = new Map(hops.map(({ hop, memoryMb }) => [hop, memoryMb]));
  return sumUsage(turns.filter(hasArrived).map((turn) => usageOfTurn(turn, memory.get(turn.hop), isProbe)));
}

/** All of these usages, each so many times. */
export function sumUsage(parts: readonly Usage[], factors: readonly number[] = []): Usage {
  const sum = (name: keyof Usage): number =>
    parts.reduce((total, usage, index) => total + usage[name] * (factors[index] ?? 1), NO_USAGE[name]);
  const names = Object.keys(NO_USAGE) as (keyof Usage)[];
  return Object.fromEntries(names.map((name) => [name, sum(name)])) as Usage;
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
